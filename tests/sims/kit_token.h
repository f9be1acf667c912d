/* SPDX-License-Identifier: Apache-2.0 */
/* How a partner checks the tokens it gets. Shares no code with keys/, so
 * that each judges the other. */
#ifndef TESTS_SIMS_KIT_TOKEN_H
#define TESTS_SIMS_KIT_TOKEN_H

#include <jansson.h>

#include "idp/base/arena.h"
#include "idp/base/env.h"

/* What we know before a token comes. Its alg is the registered one, ES256, and
 * never the token's own word. */
struct expected {
    const char *issuer;
    const char *client_id;
    const json_t *jwks; /* of the issuer */
    unix_s now;
};

/*
 * The claims of an ID token (OpenID Connect Core 3.1.3.7), its signature checked by libjwt; NULL
 * when anything is wrong. Release with json_decref().
 */
json_t *id_token_claims(struct arena *arena, const char *token, const struct expected *expected,
                        const char *nonce);

/*
 * The same of a logout token (Back-Channel Logout 2.6). libjwt 1.10 knows no typ but JWT, so its
 * signature is checked by OpenSSL.
 */
json_t *logout_token_claims(struct arena *arena, const char *token,
                            const struct expected *expected);

/* A member's text; "" when it is absent or no text. Lives as long as the object. */
const char *claim_string(const json_t *object, const char *name);

#endif
