/* SPDX-License-Identifier: Apache-2.0 */
/* A machine's own key for ES256, and what it signs by it. Shares no code with keys/. */
#ifndef TESTS_SIMS_KIT_JOSE_H
#define TESTS_SIMS_KIT_JOSE_H

#include <openssl/evp.h>

#include "idp/base/arena.h"

struct jose_key {
    EVP_PKEY *key;
    const char *jwk; /* its public half; lives in the arena that it was made in */
};

/* Exits with a message when there is none to be had. */
struct jose_key jose_key_new(struct arena *arena);

/* The one that the file holds; made there, for its owner alone, when there is no such file. */
struct jose_key jose_key_kept(struct arena *arena, const char *file);

/* A JWS in compact form; header and claims are JSON objects. */
const char *jose_signed(struct arena *arena, const struct jose_key *key, const char *header,
                        const char *claims);

/* Who it is, for a provider that knows its key (private_key_jwt: OpenID Connect Core, 9). */
const char *jose_assertion(struct arena *arena, const struct jose_key *key, const char *client_id,
                           const char *audience);

/* A DPoP proof (RFC 9449, 4.2) for a call; `token` is the access token that goes with it, or NULL. */
const char *jose_proof(struct arena *arena, const struct jose_key *key, const char *method,
                       const char *url, const char *token);

#endif
