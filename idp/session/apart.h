/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A login that needs no browser: the session and the grant in it begin together, once. What is
 * allowed in one place for another (a device, a terminal, a telephone), and a card in a reader, end
 * here.
 */
#ifndef IDP_SESSION_APART_H
#define IDP_SESSION_APART_H

#include "idp/partner/registry.h"
#include "idp/session/session.h"
#include "idp/tables/grant.h"

struct apart {
    const struct proof *proof;
    const struct partner *partner; /* whom the tokens are for; ctx is on its channel */
    const char *scope;
    const char *claims;    /* "": none */
    const char *bound_key; /* as in struct approval */
    enum err (*take)(
        struct ctx *ctx,
        void *state); /* in the same transaction, before all else: the single use that it
                                      comes of; what is not OK undoes all */
    void *state;
};

/*
 * `out` is the grant. Whatever take() says; ERR_REFUSED: she may not log in (disabled, or her
 * credentials were changed since proof->begun_at), or the lender has ended; ERR_FULL: she has as many
 * offline grants as there may be.
 */
must_check enum err apart_begin(struct ctx *ctx, const struct apart *apart,
                                struct stored_grant *out);

#endif
