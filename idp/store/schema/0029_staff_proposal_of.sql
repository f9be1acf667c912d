-- additive
-- What somebody has proposed: for herself to see, and to find what she may do (docs/adr/0063).
CREATE INDEX staff_proposal_of ON staff_proposal (staff_id, created_at);
