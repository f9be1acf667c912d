-- additive
-- The clock of card codes (docs/adr/0051): no node acts at a later time before it has raised it, and how often an
-- operator has begun anew with it.
INSERT INTO epoch (name, value) VALUES ('card_time', 0);
INSERT INTO epoch (name, value) VALUES ('card_epoch', 0);
