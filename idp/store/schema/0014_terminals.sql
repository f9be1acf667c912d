-- additive
-- Self-service terminals (docs/adr/0043): where each stands, the key by which it says who it is, and the code by which it gets one.

CREATE TABLE terminal (
    terminal_id TEXT PRIMARY KEY,
    partner_id TEXT NOT NULL,
    place TEXT NOT NULL,
    agency TEXT NOT NULL,
    state BIGINT NOT NULL,
    jwk TEXT NOT NULL,
    thumbprint TEXT NOT NULL,
    code BYTEA,
    code_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    enrolled_at BIGINT NOT NULL,
    retired_at BIGINT NOT NULL
);

-- What is open at a terminal. Only of those that live, and without the time of the last use, so that using a session changes no index.
CREATE INDEX session_terminal_id ON session (terminal_id) WHERE terminal_id <> '' AND ended_at = 0;
