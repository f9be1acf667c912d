-- additive
-- WeChat (docs/adr/0044). Programs of the version before know nothing of these tables.

-- Whom somebody elsewhere is here. Which person it is stands in person_key, by the same digest; so does the unionid's, while some row has it.
CREATE TABLE external_identity (
    person_id TEXT NOT NULL,
    identity BYTEA NOT NULL,
    provider TEXT NOT NULL,
    application TEXT NOT NULL,
    union_digest BYTEA NOT NULL,
    bound_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, identity)
);

-- What one node fetches for all: a token of an application of ours, and a ticket that it is worth.
CREATE TABLE held_token (
    name TEXT PRIMARY KEY,
    value_sealed BYTEA NOT NULL,
    fetched_at BIGINT NOT NULL,
    renew_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    forced_at BIGINT NOT NULL,
    forced_count BIGINT NOT NULL
);
