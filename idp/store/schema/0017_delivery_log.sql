-- additive
-- What an operator reads of the calls to partners (docs/adr/0046). Programs of the version before leave `answer` as it is.

-- The last one's: "ok 200", "refused 400", "unavailable"; '': not tried yet.
ALTER TABLE outbox ADD COLUMN answer TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_partner ON outbox (partner_id, created_at);
