-- additive
-- Credentials by person, kind and id: of some kinds a person has several. Only added to: programs of the version before go on
-- with credential, where a password stands beside this one (docs/adr/0021).
CREATE TABLE person_credential (
    person_id TEXT NOT NULL,
    kind BIGINT NOT NULL,
    credential_id TEXT NOT NULL,
    secret TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, kind, credential_id)
);
