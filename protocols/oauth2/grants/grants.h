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
const struct problem *grant_card_code(struct request *rq);
const struct problem *grant_wechat_code(struct request *rq);
const struct problem *grant_token_exchange(struct request *rq);
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
    const char *device_secret;     /* which its ID token is bound to; NULL: none */
    const char *issued_token_type; /* of an exchange (RFC 8693, 2.2.1); NULL: of none */
};

/*
 * Answers with the tokens of an approval (RFC 6749, 5.1; OpenID Connect Core, 3.1.3.3), whichever
 * grant type the partner used.
 */
const struct problem *answer_tokens(struct request *rq, const struct token_answer *answer);

/* The same of a grant that has just begun without an authorization request, and so without a nonce:
 * all that was approved, with an ID token and a refresh token. */
const struct problem *answer_grant(struct request *rq, const struct stored_grant *grant);

/*
 * Native SSO 1.0, 3.4: where device_sso was granted the answer has the device secret that the app
 * presents, if it is still the app's, or else, with a code, a new one. An answer to a refresh is bound to
 * one only if the app presents it.
 */
const struct problem *answer_device_secret(struct request *rq, struct token_answer *answer);

/* --- What is exchanged for what (token_exchange.c), one file each --- */

#define TOKEN_TYPE "urn:ietf:params:oauth:token-type:"
#define TOKEN_TYPE_ACCESS TOKEN_TYPE "access_token"
#define TOKEN_TYPE_ID TOKEN_TYPE "id_token"
#define TOKEN_TYPE_DEVICE_SECRET "urn:openid:params:token-type:device-secret"
#define TOKEN_TYPE_TICKET "urn:hrss:params:oauth:token-type:browser-ticket"

#define TOKEN_TYPE_CARD_CODE "urn:hrss:params:oauth:token-type:card-code"

#define TOKEN_TYPE_CARD_READING "urn:hrss:params:oauth:token-type:card-reading"
#define TOKEN_TYPE_ACTING "urn:hrss:params:oauth:token-type:acting"

/* For a member of staff, whose access token is the actor: a citizen's card code, her approval (the access token of a CIBA
 * request), her card in the counter's reader, or the handle of a staff page (docs/adr/0060). */
const struct problem *exchange_acting_code(struct request *rq);
const struct problem *exchange_acting_approval(struct request *rq);
const struct problem *exchange_acting_card(struct request *rq);
const struct problem *exchange_acting_handle(struct request *rq);
/* A card code that was shown so that the partner does her business with it (docs/adr/0052). */
const struct problem *exchange_card_code(struct request *rq);
/* What the token endpoint says where /card/codes/verify says that (card_code.c). */
const struct problem *card_code_told(const struct problem *problem);
/* The ID token of another app and its device secret, for tokens (OpenID Connect Native SSO 1.0, 4). */
const struct problem *exchange_native_sso(struct request *rq);
/* An access token bound to a key, for a ticket that opens a page (docs/adr/0047). */
const struct problem *exchange_ticket(struct request *rq);

#endif
