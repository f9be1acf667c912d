/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grant types of the token endpoint: one file each. The token endpoint has authenticated the
 * partner and seen that it may use the type.
 */
#ifndef PROTOCOLS_OAUTH2_GRANTS_GRANTS_H
#define PROTOCOLS_OAUTH2_GRANTS_GRANTS_H

#include "idp/tables/grant.h"
#include "protocols/http/request.h"

const struct problem *grant_authorization_code(struct request *rq);
const struct problem *grant_refresh_token(struct request *rq);
const struct problem *grant_client_credentials(struct request *rq);
const struct problem *grant_card_pin(struct request *rq);
const struct problem *grant_device_code(struct request *rq);
const struct problem *grant_ciba(struct request *rq);

/* What the answer holds beside the access token. */
enum token_flag {
    TOKENS_ID = 1,     /* an ID token */
    TOKENS_REFRESH = 2 /* a refresh token, where the partner may have one */
};

struct token_answer {
    const struct approval *approval;
    const struct stored_grant *grant; /* NULL: there is none, and no flag is set */
    const char *scope;                /* of the access token: what was approved, or less */
    const char *nonce;                /* for the ID token; "" on refresh */
    unsigned flags;
};

/*
 * Answers with the tokens of an approval (RFC 6749, 5.1; OpenID Connect Core, 3.1.3.3), whichever
 * grant type the partner used.
 */
const struct problem *answer_tokens(struct request *rq, const struct token_answer *answer);

#endif
