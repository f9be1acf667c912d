/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proof Key for Code Exchange (RFC 7636), S256 only. This policy judges the forms;
 * idp/session/code.c sees whether verifier and challenge belong together.
 */
#ifndef POLICIES_PKCE_H
#define POLICIES_PKCE_H

#include <stdbool.h>

#include "idp/base/problem.h"

/*
 * Parameters of an authorization request; NULL for one that is absent. problem_pkce_missing without
 * challenge when it is required or a method came alone; problem_pkce_method for plain or no method;
 * problem_pkce_challenge_malformed for anything but the strict base64url of 32 bytes.
 */
const struct problem *pkce_challenge_check(const char *challenge, const char *method,
                                           bool required);

/* 43 to 128 unreserved characters (4.1), or problem_verifier_malformed. */
const struct problem *pkce_verifier_check(const char *verifier);

#endif
