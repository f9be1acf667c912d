/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /ticket: an app's web view comes with a browser ticket and, in the header DPoP, a proof by the
 * app's key (docs/adr/0047). No link can send that header: a ticket that leaked opens nothing, nobody
 * is logged in as somebody else by a link, and whatever fetches links ahead spends nothing.
 */
#include "idp/session/ticket.h"

#include "idp/base/text.h"
#include "protocols/endpoints.h"
#include "protocols/http/cookies.h"
#include "protocols/http/device_cookie.h"
#include "protocols/http/dpop.h"
#include "protocols/http/respond.h"

/* What is wrong with a proof is for the app's makers; she is told where to go. */
static const struct problem *
proof_take(struct request *rq)
{
    const struct problem *problem = dpop_check(rq, NULL);

    if (problem == &problem_dpop_proof_invalid || problem == &problem_dpop_nonce)
        return &problem_ticket_key_wrong;
    return problem;
}

const struct problem *
endpoint_ticket(struct request *rq)
{
    struct ticket_opening opening = { .ticket = param(rq, "ticket"), .present = rq->session };
    struct ticket_opened opened;
    const struct problem *problem;

    if (text_eq(rq->method, "HEAD"))
        return &problem_method_not_allowed;
    problem = proof_take(rq);
    if (problem != NULL)
        return problem;
    opening.proof_key = rq->proof_key;
    problem = problem_of(device_cookie_settle(rq));
    if (problem == NULL)
        problem = ticket_open(rq->ctx, &opening, &opened);
    if (problem != NULL)
        return problem;
    if (opened.cookie != NULL) {
        cookie_set(rq, "session", opened.cookie, 0);
        device_cookie_keep(rq, NULL);
    }
    return respond_redirect(rq, opened.location);
}
