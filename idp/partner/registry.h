/* SPDX-License-Identifier: Apache-2.0 */
/* The partners, read from the store into one snapshot that every thread looks
 * things up in without a lock. */
#ifndef IDP_PARTNER_REGISTRY_H
#define IDP_PARTNER_REGISTRY_H

#include <stdbool.h>

#include "idp/base/language.h"
#include "idp/context/ctx.h"
#include "keys/jwk.h"
#include "policies/partner_profile.h"

/* The present one and, until its end, the one from before it was rotated (docs/adr/0035). */
#define PARTNER_SECRETS_MAX 2

struct partner_secret {
    struct digest digest;
    struct bytes clear; /* only for AUTH_NEEDS_CLEAR_SECRET */
    unix_s until;       /* good before that second */
};

/* Lives as long as its snapshot: at least until the end of the request that found it. */
struct partner {
    struct partner_profile profile;
    bool is_public; /* cannot keep a secret */
    enum jws_alg id_token_alg;
    enum jws_alg access_alg;
    struct partner_secret secrets[PARTNER_SECRETS_MAX]; /* the present one first */
    size_t secret_count;
    struct key_set keys; /* of its jwks */
    unix_s since; /* tokens, codes, grants and consents before this were another's (ADR 0013) */
    /* Whose pages may read its answers: those it registered, else those of its redirect URIs. */
    struct profile_list web_origins;
};

struct registry *registry_new(void) __attribute__((returns_nonnull));
void registry_free(struct registry *registry);

/* Read all partners anew. A row that cannot be understood is left out and
 * logged: the others must go on. */
must_check enum err registry_load(struct ctx *ctx);

/* NULL when there is none. Lock-free. */
const struct partner *registry_find(const struct registry *registry, const char *partner_id);

/* It is this partner's request: on its channel, and under its name in the log. */
void partner_enter(struct ctx *ctx, const struct partner *partner);

/* May a page of this origin, as its browser wrote it, read the partner's answers? */
bool partner_has_origin(const struct partner *partner, const char *origin);
/* Is it one of some partner's? Lock-free. */
bool registry_has_origin(const struct registry *registry, const char *origin);

/* All of them, by id; NULL ends the array. */
const struct partner *const *registry_all(const struct registry *registry);

/* Partners give a Chinese and an English name: who reads any other language is shown the Chinese
 * one. */
const char *partner_name(const struct partner *partner, enum language language);

#endif
