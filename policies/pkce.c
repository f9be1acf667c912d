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

static const struct problem *
absence_check(const struct pkce_asked *asked, enum profile_answer required)
{
    if (required == ANSWER_YES || asked->method != NULL)
        return &problem_pkce_missing;
    return required == ANSWER_NO || asked->nonce != NULL ? NULL : &problem_pkce_or_nonce_missing;
}

const struct problem *
pkce_challenge_check(const struct pkce_asked *asked, enum profile_answer required)
{
    if (asked->challenge == NULL)
        return absence_check(asked, required);
    if (!text_eq(asked->method, "S256"))
        return &problem_pkce_method;
    return is_challenge(asked->challenge) ? NULL : &problem_pkce_challenge_malformed;
}

const struct problem *
pkce_verifier_check(const char *verifier)
{
    size_t size = strlen(verifier);

    if (size < 43 || size > 128 || strspn(verifier, LETTERS_AND_DIGITS "-._~") != size)
        return &problem_verifier_malformed;
    return NULL;
}
