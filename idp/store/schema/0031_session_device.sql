-- additive
-- Where a login was made: the random name in the browser's cookie ('': none), the prefix of its network and what the browser says it is ('': unknown).
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN network TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN browser TEXT NOT NULL DEFAULT '';
