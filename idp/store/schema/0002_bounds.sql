-- What one person, session or partner may have is bounded. Only added to, so that programs of the version before serve on:
-- they read a removed partner's row as one that they cannot understand, and leave it out.

-- When a partner was registered under its id, and when it was removed; a removed one keeps its row for a while.
ALTER TABLE partner ADD COLUMN since BIGINT NOT NULL DEFAULT 0;
ALTER TABLE partner ADD COLUMN removed_at BIGINT NOT NULL DEFAULT 0;

-- One consent holds for a person, purpose and partner: the newest. Its id is made of purpose and partner, so that the
-- primary key decides between two who give it at once; one that is withdrawn has an id of its own.
UPDATE consent SET withdrawn_at = (
    SELECT MAX(newer.given_at) FROM consent AS newer
    WHERE newer.person_id = consent.person_id AND newer.purpose = consent.purpose
    AND newer.partner_id = consent.partner_id
) WHERE withdrawn_at = 0 AND EXISTS (
    SELECT 1 FROM consent AS newer
    WHERE newer.person_id = consent.person_id AND newer.purpose = consent.purpose
    AND newer.partner_id = consent.partner_id AND newer.withdrawn_at = 0
    AND (newer.given_at > consent.given_at
        OR (newer.given_at = consent.given_at AND newer.consent_id > consent.consent_id))
);
UPDATE consent SET consent_id = purpose || '/' || partner_id WHERE withdrawn_at = 0;

-- Only live grants are ever listed: those that have ended shall not be waded through.
CREATE INDEX partner_grant_live ON partner_grant (sid, partner_id) WHERE ended_at = 0;
CREATE INDEX partner_grant_held ON partner_grant (person_id, partner_id) WHERE ended_at = 0;
DROP INDEX partner_grant_sid;
DROP INDEX partner_grant_person;
