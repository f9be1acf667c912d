-- additive
-- What operators steer with (docs/adr/0035). Programs of the version before know nothing of these columns and leave them as they are.

-- While a partner changes over it has two secrets: the one from before a rotation is good until then, and its digest stays. A removed partner's row
-- keeps its secrets for a while.
ALTER TABLE partner ADD COLUMN secret_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE partner ADD COLUMN before_digest BYTEA DEFAULT NULL;
ALTER TABLE partner ADD COLUMN before_sealed BYTEA DEFAULT NULL;
ALTER TABLE partner ADD COLUMN before_until BIGINT NOT NULL DEFAULT 0;

-- Whose account the tries are at, where they are at one: so they can be found, and forgotten, together.
ALTER TABLE attempt ADD COLUMN owner BYTEA DEFAULT NULL;
CREATE INDEX attempt_owner ON attempt (owner) WHERE owner IS NOT NULL;

-- Nothing that was handed out before this time is good any more (after a restore).
INSERT INTO epoch (name, value) VALUES ('not_before', 0);
