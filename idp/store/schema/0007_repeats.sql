-- additive
-- The same form sent twice is one try (docs/adr/0026): which form counted last and which before it, and which digits were tried last.
ALTER TABLE attempt ADD COLUMN form TEXT NOT NULL DEFAULT '';
ALTER TABLE attempt ADD COLUMN form_before TEXT NOT NULL DEFAULT '';
ALTER TABLE one_time_code ADD COLUMN tried BYTEA DEFAULT NULL;
