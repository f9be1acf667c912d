-- additive
-- Revocations without a shared counter, deliveries of any kind, leases. Only added to: programs of the version before go on
-- with revocation and logout_delivery (docs/adr/0016).

-- `bucket` is made of the target: the rows of one moment spread over as many ends of the index as there are buckets.
CREATE TABLE revoked (
    bucket BIGINT NOT NULL,
    at BIGINT NOT NULL,
    revoked_id TEXT NOT NULL,
    target TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (bucket, at, revoked_id)
);

CREATE TABLE outbox (
    delivery_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    partner_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    sid TEXT NOT NULL,
    payload TEXT NOT NULL,
    tries BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    done_at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX outbox_next ON outbox (next_at);

CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL
);
