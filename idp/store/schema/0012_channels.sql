-- additive
-- One login for every channel (docs/adr/0041). Programs of the version before know nothing of these columns and leave them as they are.

-- Where a session began: at a partner ('': our own pages), at a terminal of its ('': none), lent by another session ('': she logged in).
ALTER TABLE session ADD COLUMN partner_id TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN terminal_id TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN lent_by TEXT NOT NULL DEFAULT '';
CREATE INDEX session_lent_by ON session (lent_by) WHERE lent_by <> '';

-- What is asked for in one place and allowed in another: device authorizations, logins by a QR code, requests over the telephone, links in messages.
-- The id is a keyed digest of what names it to whoever allows it, `waiter` one of the secret that the asking side holds.
CREATE TABLE pending (
    pending_id BYTEA PRIMARY KEY,
    kind BIGINT NOT NULL,
    waiter BYTEA NOT NULL,
    partner_id TEXT NOT NULL,
    terminal_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    request TEXT NOT NULL,
    state BIGINT NOT NULL,
    sid TEXT NOT NULL,
    interval_s BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX pending_expires_at ON pending (expires_at);
CREATE INDEX pending_person_id ON pending (person_id) WHERE person_id <> '';
