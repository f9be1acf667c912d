-- additive
-- The place of an audit record in the chain of the process that wrote it (docs/adr/0034): run, lane and sequence, and the keyed
-- digest of the record. Records from before, and those of programs of the version before, have none: run is 0.
ALTER TABLE audit ADD COLUMN run BIGINT NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN lane BIGINT NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN mac TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_run ON audit (run, lane, seq, at);

-- What a run has said of its lanes, signed; numbered from 1 in each run.
CREATE TABLE audit_checkpoint (
    run BIGINT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    statement TEXT NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (run, number)
);
CREATE INDEX audit_checkpoint_at ON audit_checkpoint (at);

-- For the command `audit`: the newest records of a person or a partner, and those of a request.
DROP INDEX audit_person;
CREATE INDEX audit_person_at ON audit (person_id, at);
CREATE INDEX audit_partner_at ON audit (partner_id, at);
CREATE INDEX audit_request ON audit (request_id);
