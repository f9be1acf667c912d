-- additive
-- What lets a second app of the same vendor in on one phone (docs/adr/0047): one a session and app. A new one takes the place of the old.
CREATE TABLE device_secret (
    sid TEXT NOT NULL,
    partner_id TEXT NOT NULL,
    secret BYTEA NOT NULL,
    shared_by TEXT NOT NULL,
    bound_key TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (sid, partner_id)
);
CREATE INDEX device_secret_expires_at ON device_secret (expires_at);
