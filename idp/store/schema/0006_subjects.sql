-- additive
-- Whose a session, a grant and an audit record are: a kind beside the id, which stands in person_id as before (docs/adr/0017).
-- 0 is a person, so rows of programs of the version before say what is true of them.
ALTER TABLE session ADD COLUMN subject_kind BIGINT NOT NULL DEFAULT 0;
ALTER TABLE partner_grant ADD COLUMN subject_kind BIGINT NOT NULL DEFAULT 0;
ALTER TABLE partner_grant ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE partner_grant ADD COLUMN bound_key TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN subject_kind BIGINT NOT NULL DEFAULT 0;
