/* SPDX-License-Identifier: Apache-2.0 */
/* Authorization codes, and the grants (families of refresh tokens) that come of them. */
#ifndef IDP_SESSION_GRANT_H
#define IDP_SESSION_GRANT_H

#include "idp/base/problem.h"
#include "idp/context/ctx.h"
#include "idp/partner/registry.h"
#include "idp/session/session.h"
#include "idp/tables/approval.h"
#include "idp/tables/grant.h"

/* --- Authorization codes: sealed, nothing stored until redeemed (RFC 6749, 4.1) --- */

struct code {
    const char *id;
    unix_s issued_at;
    const char *redirect_uri;
    const char *nonce;     /* "": not sent */
    const char *challenge; /* "": PKCE was not used */
    struct approval approval;
};

/* Gives it an id and the time, and seals it. */
must_check enum err code_issue(struct ctx *ctx, struct code *code, const char **out);

/* A token request of the code grant; the client is authenticated. */
struct redemption {
    const struct partner *partner;
    const char *code;
    const char *redirect_uri;  /* NULL: not sent */
    const char *code_verifier; /* NULL: not sent */
};

/*
 * Spends the code and begins a grant, in one transaction whose first insert decides races. Every
 * refusal but that of a foreign or malformed code burns it; a code that was redeemed before ends
 * its grant. A partner that has GRANTS_OF_PARTNER_MAX in the session loses its oldest there;
 * problem_session_grants_full, problem_person_grants_full: tables/grant.h. `nonce` is for the ID
 * token.
 */
const struct problem *code_redeem(struct ctx *ctx, const struct redemption *redemption,
                                  struct stored_grant *out, const char **nonce);

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

/*
 * Rotates the family: `out` holds the new generation. A rotated token that comes back ends the
 * family, except that a partner may repeat its last request within 10 s and gets the same
 * generation; a public one only with life.public_refresh_retry.
 */
const struct problem *grant_refresh(struct ctx *ctx, const struct partner *partner,
                                    const char *refresh_token, struct stored_grant *out);

/* Does what the grant was given for still hold? *reason says what does not; NULL when all does. */
must_check enum err grant_judge(struct ctx *ctx, const struct partner *partner,
                                const struct stored_grant *grant, const char **reason);

/* --- Ending --- */

/* The grant, its refresh token and its access tokens on every node. OK also
 * when it had ended already. */
must_check enum err grant_end(struct ctx *ctx, const char *grant_id, const char *reason);

/* The same for one page inside the caller's transaction; grants_end_apply() is the
 * caller's once that is durable. */
must_check enum err grants_end_in_change(struct ctx *ctx, const struct grant_list *grants);
void grants_end_apply(struct ctx *ctx, const struct grant_list *grants);

#endif
