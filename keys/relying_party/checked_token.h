/* SPDX-License-Identifier: Apache-2.0 */
/* A token whose signature holds: what it says, read once, and what is asked of it each time. */
#ifndef KEYS_RELYING_PARTY_CHECKED_TOKEN_H
#define KEYS_RELYING_PARTY_CHECKED_TOKEN_H

#include <jansson.h>

#include "idp/base/bytes.h"
#include "idp/base/env.h"
#include "keys/jws.h"
#include "keys/relying_party/tongxing_rp.h"

enum token_kind {
    TOKEN_OTHER,
    TOKEN_ID,
    TOKEN_ACCESS,
    TOKEN_LOGOUT
};

/* By its header's typ: an ID token may have none (RFC 7519, 5.1; RFC 9068, 2.1; Back-Channel Logout
 * 1.0, 2.4). */
enum token_kind token_kind_of(const char *typ);

/* Unwinds without memory. NULL when the claims are no JSON object. One holder. */
struct tongxing_rp_token *checked_token_new(struct arena *scratch, const struct jws *jws);
void checked_token_hold(struct tongxing_rp_token *token);
/* tongxing_rp_release(), for hold_begin(). */
void checked_token_release(void *held);
unix_s checked_token_end(const struct tongxing_rp_token *token); /* 0 without a sound exp */

/* What a kind of token must say. */
enum tongxing_rp_result id_claims_check(const struct tongxing_rp_config *config, unix_s now,
                                        const struct tongxing_rp_token *token,
                                        const struct tongxing_rp_login *login);
enum tongxing_rp_result access_claims_check(const struct tongxing_rp_config *config, unix_s now,
                                            const struct tongxing_rp_token *token,
                                            const struct tongxing_rp_access *access);
enum tongxing_rp_result logout_claims_check(const struct tongxing_rp_config *config, unix_s now,
                                            const struct tongxing_rp_token *token);

#endif
