-- additive
-- A member of staff has one sitting at a time, as a counter has; and what the job that ends idle ones looks through.
ALTER TABLE staff ADD COLUMN sid TEXT NOT NULL DEFAULT '';
CREATE INDEX session_staff ON session (sid) WHERE subject_kind = 1 AND ended_at = 0;
