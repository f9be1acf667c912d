-- Audit records of refusals are kept for a time of their own. Records from before this column, and those of programs of the
-- version before, count as changes: when in doubt a record stays.
ALTER TABLE audit ADD COLUMN refusal BIGINT NOT NULL DEFAULT 0;
CREATE INDEX audit_refusal_at ON audit (at) WHERE refusal = 1;
