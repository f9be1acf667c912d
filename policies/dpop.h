/* SPDX-License-Identifier: Apache-2.0 */
/* Demonstrating Proof of Possession (RFC 9449): what a proof must say. Pure. */
#ifndef POLICIES_DPOP_H
#define POLICIES_DPOP_H

#include <stdbool.h>

#include "idp/base/json.h"

/* What a proof may be signed with; FAPI 2.0 has no RSA with PKCS #1 padding. */
#define DPOP_ALGS "ES256 EdDSA"
/* How old a proof may be, and how far ahead of our clock: phones' clocks are off. Its jti is
 * remembered for both together. */
#define DPOP_BEHIND_S 300
#define DPOP_AHEAD_S 60
#define DPOP_JTI_MAX_BYTES 255

/* The request that a proof came with. */
struct dpop_request {
    const char *method;
    const char *uri;          /* its own, without query */
    const char *token_digest; /* of the access token (ath); NULL: none is presented */
    unix_s now;
};

/* NULL, or the check (4.3) that the claims do not pass, as a word for the audit trail. The nonce and
 * whether jti came before are for others to judge. */
const char *dpop_claims_judge(struct arena *arena, const json_t *claims,
                              const struct dpop_request *request);

/* dpop_jkt (10): a SHA-256 thumbprint in base64url, 43 characters. */
bool dpop_thumbprint_is_well_formed(struct arena *arena, const char *text);

#endif
