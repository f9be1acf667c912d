-- additive
-- The electronic social-security card (docs/adr/0049).

-- What the card office says of physical cards: a mirror. `holder` is a keyed digest of the identity number, `card_key` one of region and number.
CREATE TABLE physical_card (
    holder BYTEA NOT NULL,
    card_key BYTEA NOT NULL,
    region TEXT NOT NULL,
    number_sealed BYTEA NOT NULL,
    state BIGINT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,
    lapses_at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (holder, card_key)
);

-- How far the mirror has come.
CREATE TABLE feed (
    name TEXT PRIMARY KEY,
    position BIGINT NOT NULL,
    as_of BIGINT NOT NULL,
    pulled_at BIGINT NOT NULL
);

-- Electronic cards: the one that a person has, and those that she had.
CREATE TABLE ecard (
    person_id TEXT PRIMARY KEY,
    card_id TEXT NOT NULL,
    holder BYTEA NOT NULL,
    card_key BYTEA NOT NULL,
    region TEXT NOT NULL,
    own_state BIGINT NOT NULL,
    loss BIGINT NOT NULL,
    loss_at BIGINT NOT NULL,
    loss_lapses_at BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    activated_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE TABLE ecard_past (
    person_id TEXT NOT NULL,
    card_id TEXT NOT NULL,
    region TEXT NOT NULL,
    loss BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (person_id, card_id)
);

-- The one telephone of a channel on which a card is opened.
CREATE TABLE card_link (
    person_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    card_id TEXT NOT NULL,
    bound_key TEXT NOT NULL,
    sid TEXT NOT NULL,
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, channel)
);

-- Who may show whose card.
CREATE TABLE card_family (
    person_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    kinship BIGINT NOT NULL,
    state BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    agreed_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, member_id)
);
CREATE INDEX card_family_member_id ON card_family (member_id);

-- Where a card was used.
CREATE TABLE card_use (
    person_id TEXT NOT NULL,
    use_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    card_id TEXT NOT NULL,
    partner_id TEXT NOT NULL,
    terminal_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    shown_by TEXT NOT NULL,
    PRIMARY KEY (person_id, use_id)
);
CREATE INDEX card_use_at ON card_use (person_id, at);
