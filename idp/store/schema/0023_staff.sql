-- additive
-- Staff at counters (docs/adr/0056).

-- Members of staff, as the directory said last. `person_key` is the keyed digest of a member's own identity number.
CREATE TABLE staff (
    staff_id TEXT PRIMARY KEY,
    person_key BYTEA,
    name_sealed BYTEA NOT NULL,
    roles TEXT NOT NULL,
    agency TEXT NOT NULL,
    region TEXT NOT NULL,
    state BIGINT NOT NULL,
    totp_sealed BYTEA,
    certificate TEXT NOT NULL,
    enrolled_at BIGINT NOT NULL,
    code BYTEA,
    code_until BIGINT NOT NULL,
    checked_at BIGINT NOT NULL,
    open_until BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
-- Those whose standing the directory must be asked about again.
CREATE INDEX staff_open ON staff (checked_at) WHERE open_until > 0;

-- Service windows, and who sits there now.
CREATE TABLE counter (
    counter_id TEXT PRIMARY KEY,
    place TEXT NOT NULL,
    agency TEXT NOT NULL,
    region TEXT NOT NULL,
    state BIGINT NOT NULL,
    certificate TEXT NOT NULL,
    secret BYTEA,
    code BYTEA,
    code_until BIGINT NOT NULL,
    sid TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    enrolled_at BIGINT NOT NULL,
    retired_at BIGINT NOT NULL
);

-- Beside the session of each member of staff.
CREATE TABLE sitting (
    sid TEXT PRIMARY KEY,
    staff_id TEXT NOT NULL,
    counter_id TEXT NOT NULL,
    locked_at BIGINT NOT NULL,
    begun_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sitting_expires ON sitting (expires_at);

-- A member of staff acts for a citizen.
CREATE TABLE acting (
    acting_id TEXT PRIMARY KEY,
    sid TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    counter_id TEXT NOT NULL,
    agency TEXT NOT NULL,
    person_id TEXT NOT NULL,
    partner_id TEXT NOT NULL,
    business TEXT NOT NULL,
    reason TEXT NOT NULL,
    proof TEXT NOT NULL,
    proposal_id TEXT NOT NULL,
    grant_id TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    ended_at BIGINT NOT NULL
);
CREATE INDEX acting_sid ON acting (sid) WHERE ended_at = 0;
CREATE INDEX acting_until ON acting (until);

-- What needs a second person.
CREATE TABLE staff_proposal (
    proposal_id TEXT PRIMARY KEY,
    kind BIGINT NOT NULL,
    state BIGINT NOT NULL,
    staff_id TEXT NOT NULL,
    person_key BYTEA,
    counter_id TEXT NOT NULL,
    agency TEXT NOT NULL,
    region TEXT NOT NULL,
    person_id TEXT NOT NULL,
    partner_id TEXT NOT NULL,
    business TEXT NOT NULL,
    reason TEXT NOT NULL,
    content_sealed BYTEA,
    decided_by TEXT NOT NULL,
    decided_counter TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE INDEX staff_proposal_waiting ON staff_proposal (region, created_at) WHERE state = 1;
CREATE INDEX staff_proposal_until ON staff_proposal (until);

-- What members of staff did or saw of a person, for her to read.
CREATE TABLE staff_act (
    person_id TEXT NOT NULL,
    act_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    what BIGINT NOT NULL,
    staff_id TEXT NOT NULL,
    agency TEXT NOT NULL,
    counter_id TEXT NOT NULL,
    partner_id TEXT NOT NULL,
    business TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (person_id, act_id)
);
CREATE INDEX staff_act_at ON staff_act (person_id, at);

-- That a pensioner was alive (养老待遇资格认证).
CREATE TABLE survival (
    person_id TEXT NOT NULL,
    survival_id TEXT NOT NULL,
    how BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    staff_id TEXT NOT NULL,
    counter_id TEXT NOT NULL,
    PRIMARY KEY (person_id, survival_id)
);
CREATE INDEX survival_until ON survival (person_id, until);

-- Whoever acted for the subject of a record, and where.
ALTER TABLE audit ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN counter_id TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_actor ON audit (actor, at) WHERE actor <> '';
