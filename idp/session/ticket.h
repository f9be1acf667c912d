/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Browser tickets: an app opens a partner's page in its web view, and the person need not log in there
 * once more (docs/adr/0047). Sealed, good once and for 30 s, only with a proof by the app's key.
 */
#ifndef IDP_SESSION_TICKET_H
#define IDP_SESSION_TICKET_H

#include "idp/base/problem.h"
#include "idp/context/ctx.h"
#include "idp/partner/registry.h"
#include "idp/session/session.h"

#define TICKET_LIFE_S 30

/* Texts are "" when there is nothing to say. */
struct ticket {
    const char *id;
    const char *partner_id; /* the app */
    const char *target_id;  /* the partner whose page it opens */
    const char *resource;   /* an address of that partner's site; "": its initiate_login_uri says */
    const char *sid;        /* the app's session, which lends */
    const char *person_id;
    const char *key; /* thumbprint of the app's key */
    unix_s issued_at;
};

/* May the app open pages of that partner, there? `resource` may be NULL. */
bool ticket_target_holds(struct ctx *ctx, const struct partner *app, const char *target_id,
                         const char *resource);

/* Gives it an id and the time, and seals it. */
must_check enum err ticket_issue(struct ctx *ctx, struct ticket *ticket, const char **out);

/* What a web view comes with. */
struct ticket_opening {
    const char *ticket;
    const char *proof_key;         /* of the DPoP proof; NULL: none that holds */
    const struct session *present; /* of its cookie */
};

struct ticket_opened {
    const char *cookie;   /* of a session lent by the app's; NULL: the one there is goes on */
    const char *location; /* the partner's initiate_login_uri, with iss and target_link_uri */
};

/*
 * Spends it. problem_ticket_invalid: used, late or not ours; problem_ticket_key_wrong;
 * problem_ticket_another_person, and it is not spent; problem_ticket_logged_out. Whoever has the
 * session already and comes again, as by reloading, is led on, and nothing happens twice.
 */
const struct problem *ticket_open(struct ctx *ctx, const struct ticket_opening *opening,
                                  struct ticket_opened *out);

#endif
