/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How partners authenticate (RFC 6749, 2.3; OpenID Connect Core, 9): the rows of auth_method.def. How
 * each is checked: protocols/oauth2/client_auth.c.
 */
#ifndef POLICIES_AUTH_METHOD_H
#define POLICIES_AUTH_METHOD_H

#include <stdbool.h>

/* What the partner's registration must hold. */
enum auth_need {
    AUTH_NEEDS_KEYS,         /* its public keys; assertions signed with one of them */
    AUTH_NEEDS_SECRET,       /* a secret, of which we keep the digest */
    AUTH_NEEDS_CLEAR_SECRET, /* a secret that we must know, for HMAC; sealed */
    AUTH_NEEDS_NOTHING       /* it is public: its name is all it has */
};

/* Of no other name than those of the table: AUTH_NEEDS_KEYS, which such a partner has not. */
enum auth_need auth_method_need(const char *name);

/* Either kind of secret. */
bool auth_method_needs_secret(const char *name);

struct auth_method {
    const char *name;
    enum auth_need need;
};

/* In the order of the table; ended by a NULL name. */
extern const struct auth_method auth_methods[];

/* The names as a list of words. */
extern const char auth_method_words[]; /* with a blank before the first */
#define AUTH_METHODS (auth_method_words + 1)

#endif
