/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/pkce.h"

#include <string.h>

#include "idp/base/text.h"

#define LETTERS_AND_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define CHALLENGE_SIZE 43

/* 43 characters carry 258 bits: the last one must leave the two spare bits zero. */
static bool
is_challenge(const char *text)
{
    return strlen(text) == CHALLENGE_SIZE &&
           strspn(text, LETTERS_AND_DIGITS "-_") == CHALLENGE_SIZE &&
           strchr("AEIMQUYcgkosw048", text[CHALLENGE_SIZE - 1]) != NULL;
}

const struct problem *
pkce_challenge_check(const char *challenge, const char *method, bool required)
{
    if (challenge == NULL)
        return required || method != NULL ? &problem_pkce_missing : NULL;
    if (!text_eq(method, "S256"))
        return &problem_pkce_method;
    return is_challenge(challenge) ? NULL : &problem_pkce_challenge_malformed;
}

const struct problem *
pkce_verifier_check(const char *verifier)
{
    size_t size = strlen(verifier);

    if (size < 43 || size > 128 || strspn(verifier, LETTERS_AND_DIGITS "-._~") != size)
        return &problem_verifier_malformed;
    return NULL;
}
