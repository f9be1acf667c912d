/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proof Key for Code Exchange (RFC 7636), S256 only. This policy judges the forms;
 * idp/session/code.c sees whether verifier and challenge belong together.
 */
#ifndef POLICIES_PKCE_H
#define POLICIES_PKCE_H

#include "idp/base/problem.h"
#include "policies/partner_profile.h"

/* Parameters of an authorization request; NULL for one that is absent. */
struct pkce_asked {
    const char *challenge;
    const char *method;
    const char *nonce;
};

/*
 * problem_pkce_missing without challenge when the registration requires it or a method came alone;
 * problem_pkce_or_nonce_missing when it does not say and neither came (OAuth 2.1, 7.5.1);
 * problem_pkce_method for plain or no method; problem_pkce_challenge_malformed for anything but the
 * strict base64url of 32 bytes.
 */
const struct problem *pkce_challenge_check(const struct pkce_asked *asked,
                                           enum profile_answer required);

/* 43 to 128 unreserved characters (4.1), or problem_verifier_malformed. */
const struct problem *pkce_verifier_check(const char *verifier);

#endif
