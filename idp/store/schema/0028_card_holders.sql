-- additive
-- Whose card a member of staff is shown: a person is found by the number on it (docs/adr/0062).
CREATE INDEX physical_card_card_key ON physical_card (card_key);
