-- Foundation: people and their proofs, partners, sessions and grants, one-time values, keys, audit.
-- Types are BYTEA, BIGINT and TEXT only (the SQLite driver spells them its own way). Times are unix seconds, 0 = not set.
-- Every primary key holds the distribution column; what must be unique over all is the key of a table of its own.

CREATE TABLE epoch (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO epoch (name, value) VALUES ('revocation', 0);
INSERT INTO epoch (name, value) VALUES ('partner', 0);
INSERT INTO epoch (name, value) VALUES ('keyring', 0);

CREATE TABLE revocation (
    seq BIGINT PRIMARY KEY,
    target TEXT NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX revocation_until ON revocation (until);

CREATE TABLE key_row (
    key_id TEXT PRIMARY KEY,
    purpose BIGINT NOT NULL,
    alg TEXT NOT NULL,
    state BIGINT NOT NULL,
    serial BIGINT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL
);

CREATE TABLE partner (
    partner_id TEXT PRIMARY KEY,
    profile TEXT NOT NULL,
    secret_digest BYTEA,
    secret_sealed BYTEA,
    updated_at BIGINT NOT NULL
);

CREATE TABLE person (
    person_id TEXT PRIMARY KEY,
    state BIGINT NOT NULL,
    name_sealed BYTEA NOT NULL,
    identity_sealed BYTEA NOT NULL,
    phone_sealed BYTEA NOT NULL,
    birth_date BIGINT NOT NULL,
    phone_verified_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE person_key (
    kind BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    person_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (kind, digest)
);
CREATE INDEX person_key_person ON person_key (person_id);

CREATE TABLE evidence (
    person_id TEXT NOT NULL,
    evidence_id TEXT NOT NULL,
    kind BIGINT NOT NULL,
    source TEXT NOT NULL,
    reference TEXT NOT NULL,
    detail TEXT NOT NULL,
    proven_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    withdrawn_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, evidence_id)
);

CREATE TABLE bank_card (
    digest BYTEA PRIMARY KEY,
    person_id TEXT NOT NULL,
    issuer_bin TEXT NOT NULL,
    last_four TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE bank_order (
    subject BYTEA PRIMARY KEY,
    order_id TEXT NOT NULL,
    txn_time BIGINT NOT NULL,
    state BIGINT NOT NULL,
    code TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX bank_order_updated ON bank_order (updated_at);

CREATE TABLE credential (
    person_id TEXT NOT NULL,
    kind BIGINT NOT NULL,
    secret TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, kind)
);

CREATE TABLE consent (
    person_id TEXT NOT NULL,
    consent_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    partner_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    text_digest BYTEA NOT NULL,
    channel TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, consent_id)
);

CREATE TABLE one_time_code (
    code_id BYTEA PRIMARY KEY,
    code_digest BYTEA NOT NULL,
    tries_left BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX one_time_code_expires ON one_time_code (expires_at);

CREATE TABLE attempt (
    kind BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    window_start BIGINT NOT NULL,
    count BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (kind, digest)
);
CREATE INDEX attempt_expires ON attempt (expires_at);

CREATE TABLE spent (
    id BYTEA PRIMARY KEY,
    grant_id TEXT NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX spent_until ON spent (until);

CREATE TABLE session (
    sid TEXT PRIMARY KEY,
    handle BYTEA NOT NULL,
    person_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    amr TEXT NOT NULL,
    level BIGINT NOT NULL,
    auth_time BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL
);
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE partner_grant (
    grant_id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL,
    partner_id TEXT NOT NULL,
    sid TEXT NOT NULL,
    scope TEXT NOT NULL,
    claims TEXT NOT NULL,
    acr TEXT NOT NULL,
    amr TEXT NOT NULL,
    auth_time BIGINT NOT NULL,
    offline BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    rotated_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL
);
CREATE INDEX partner_grant_sid ON partner_grant (sid);
CREATE INDEX partner_grant_person ON partner_grant (person_id);
CREATE INDEX partner_grant_expires ON partner_grant (expires_at);

CREATE TABLE logout_delivery (
    delivery_id TEXT PRIMARY KEY,
    partner_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    sid TEXT NOT NULL,
    tries BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    done_at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX logout_delivery_next ON logout_delivery (next_at);

CREATE TABLE audit (
    audit_id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    reason TEXT NOT NULL,
    person_id TEXT NOT NULL,
    partner_id TEXT NOT NULL,
    sid TEXT NOT NULL,
    channel TEXT NOT NULL,
    request_id TEXT NOT NULL,
    address TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_person ON audit (person_id);
