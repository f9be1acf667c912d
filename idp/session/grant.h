/* SPDX-License-Identifier: Apache-2.0 */
/* Grants, the families of refresh tokens: how they begin and go on. How they end: grant_end.h. */
#ifndef IDP_SESSION_GRANT_H
#define IDP_SESSION_GRANT_H

#include "idp/base/problem.h"
#include "idp/context/ctx.h"
#include "idp/partner/registry.h"
#include "idp/tables/approval.h"
#include "idp/tables/grant.h"

/* --- What every grant type makes of an approval --- */

struct grant_beginning {
    struct stored_grant *grant; /* made by grant_make() */
    struct grant_room room;
    struct grant_list beyond;   /* gave way */
    const struct problem *full; /* no grant comes of it: problem_session_grants_full, … */
};

/* A grant on the approval, not stored yet. It ends with the session, or, when the scope has
 * offline_access, after life.grant_s. */
must_check enum err grant_make(struct ctx *ctx, const struct approval *approval,
                               struct stored_grant *out);

/*
 * In the caller's change: first whether there is room (`full`), then the grant's row; the oldest of
 * the partner in the session give way beyond GRANTS_OF_PARTNER_MAX.
 */
must_check enum err grant_room_look(struct ctx *ctx, struct grant_beginning *beginning);
must_check enum err grant_begin(struct ctx *ctx, struct grant_beginning *beginning);

/*
 * Once that is durable. *holds is false when the session has ended meanwhile, and the grant with
 * it.
 */
must_check enum err grant_begun(struct ctx *ctx, const struct grant_beginning *beginning,
                                bool *holds);

/* --- Refresh (RFC 6749, 6; RFC 9700, 4.14) --- */

/* A token request of the refresh grant; the client is authenticated. */
struct refreshing {
    const struct partner *partner;
    const char *refresh_token;
    const char *proof_key; /* thumbprint of the DPoP proof's key; NULL: no proof */
};

/*
 * Rotates the family: `out` holds the new generation. A rotated token that comes back ends the
 * family, except that a partner may repeat its last request within 10 s and gets the same
 * generation; a public one only with the key that the family is bound to, or with
 * life.public_refresh_retry. With another key than that nothing is done, and the family lives on.
 */
const struct problem *grant_refresh(struct ctx *ctx, const struct refreshing *refreshing,
                                    struct stored_grant *out);

/* Does what the grant was given for still hold? *reason says what does not; NULL when all does. */
must_check enum err grant_judge(struct ctx *ctx, const struct partner *partner,
                                const struct stored_grant *grant, const char **reason);

#endif
