-- additive
-- What a version after this one may add while nodes of this one serve.
ALTER TABLE partner_grant ADD COLUMN next_note TEXT NOT NULL DEFAULT '';
CREATE TABLE next_thing (
    person_id TEXT NOT NULL,
    thing_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, thing_id)
);
CREATE INDEX next_thing_created ON next_thing (created_at);
