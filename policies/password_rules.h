/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a citizen's password must not be (NIST SP 800-63B-4, 3.1.1.2: length and a blocklist, no
 * composition rule).
 */
#ifndef POLICIES_PASSWORD_RULES_H
#define POLICIES_PASSWORD_RULES_H

#include "idp/base/problem.h"

/*
 * Judged in the form that is hashed (idp/base/opaque.h): 8 to 128 characters of any script; no common password, run (12345678, hgfedcba) or repeated unit
 * (88888888, abcabcabc); neither the phone number nor the end of the identity number in it.
 * `phone_national` and `identity_number` (canonical) may be NULL. Problems: password_too_short,
 * _too_long, _common, _personal.
 */
const struct problem *password_check(const char *password, const char *phone_national,
                                     const char *identity_number);

#endif
