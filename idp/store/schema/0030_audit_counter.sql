-- additive
-- For who reads the audit trail: the newest records of a counter. Those of citizens' own doings have none.
CREATE INDEX audit_counter ON audit (counter_id, at) WHERE counter_id <> '';
