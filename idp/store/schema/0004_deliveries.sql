-- additive
-- Revocations without a shared counter. Only added to: programs of the version before go on with revocation (docs/adr/0016).

-- `bucket` is made of the target: the rows of one moment spread over as many ends of the index as there are buckets.
CREATE TABLE revoked (
    bucket BIGINT NOT NULL,
    at BIGINT NOT NULL,
    revoked_id TEXT NOT NULL,
    target TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (bucket, at, revoked_id)
);
