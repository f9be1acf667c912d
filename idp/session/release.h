/* SPDX-License-Identifier: Apache-2.0 */
/* What a partner is told about a person: the claims that its scopes, its
 * request and the consent allow. */
#ifndef IDP_SESSION_RELEASE_H
#define IDP_SESSION_RELEASE_H

#include <stdbool.h>

#include "idp/base/buf.h"
#include "idp/context/ctx.h"
#include "idp/partner/registry.h"
#include "idp/tables/approval.h"

/* Does a granted scope (policies/claim_rule.h) release nothing but sub? Then no store is needed to
 * answer. */
bool release_is_only_sub(const char *scope);

/*
 * The userinfo object: sub, all claims that the granted scopes carry, and the single claims granted
 * below them that the claims parameter asks for here (OpenID Connect Core, 5.4, 5.5). Asked for with a
 * value that is not hers, a claim is left out. ERR_NOT_FOUND: the person is stopped, and nothing is
 * told about her.
 */
must_check enum err release_userinfo(struct ctx *ctx, const struct partner *partner,
                                     const struct approval *approval, struct buf *out);

/* Does a granted scope let its tokens say how her electronic social-security card stands? */
bool release_tells_card(const char *scope);

/* The claim `card` as it stands now, for who asks about such a token; NULL when she has none.
 * ERR_NOT_FOUND: as above. */
must_check enum err release_card(struct ctx *ctx, const struct partner *partner,
                                 const char *person_id, const char **out);

/*
 * The object of further claims for the ID token: what its side of the claims parameter asks for, and
 * of what the scopes carry the claims that the partner registered as id_token_claims. "{}" mostly.
 * ERR_NOT_FOUND: as above.
 */
must_check enum err release_id_token(struct ctx *ctx, const struct partner *partner,
                                     const struct approval *approval, const char **out);

#endif
