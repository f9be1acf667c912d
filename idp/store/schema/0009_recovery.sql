-- additive
-- When a person's password or phone number was changed last: a login begun before that is not finished after it (docs/adr/0028).
ALTER TABLE person ADD COLUMN secured_at BIGINT NOT NULL DEFAULT 0;
