/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST /staff/lock: one press, and nobody does anything at this counter. GET /staff/lock and POST /staff/unlock: whoever
 * sits there opens it again with her second factor, and goes on where she was (docs/adr/0059).
 */
#include <string.h>

#include "idp/base/text.h"
#include "idp/staff/acting_end.h"
#include "idp/staff/counter.h"
#include "idp/staff/factor.h"
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/http/respond.h"
#include "protocols/staff/staff_page.h"

#define PATH "/staff/lock"
#define OPEN_PATH "/staff/unlock"
#define SEALED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* Where the flow of this page goes on once the counter is open. */
static const struct problem *
go_on(struct request *rq, const struct flow *flow)
{
    const struct purpose *purpose = purpose_find(flow->tx.purpose);

    return purpose != NULL ? flow_go(rq, flow, purpose->resume) : &problem_transaction_order;
}

/*
 * It locks whatever else is wrong with the request: that a flow is over or of another browser must keep nobody from it. To be
 * locked by a stranger would harm nobody, and the guards let none in.
 */
const struct problem *
endpoint_staff_lock_submit(struct request *rq)
{
    enum err err = sitting_lock(rq->ctx, rq->staff);
    const char *tx = param(rq, "tx");
    bool whole = tx != NULL && *tx != '\0' && tx[strspn(tx, SEALED)] == '\0';

    if (err == OK)
        err = acting_end_all(rq->ctx, rq->staff->row.sid, "locked");
    if (err != OK)
        return problem_of(err);
    return respond_redirect(rq, whole ? arena_printf(rq->arena, PATH "?tx=%s", tx) : PATH);
}

static const struct problem *
show(struct request *rq, struct flow *flow)
{
    const struct sitting *sitting = rq->staff;
    struct page *page;
    enum err err =
        staff_page_of_any(rq, flow, "staff_lock", WORD_staff_lock_title, OPEN_PATH, &page);

    if (err != OK)
        return problem_of(err);
    page_text(page, "lock_action", ""); /* it is */
    page_flag(page, "certificate", staff_has_certificate(&sitting->staff, rq->client_certificate));
    return flow_answer(rq, flow, page, "code");
}

const struct problem *
endpoint_staff_lock(struct request *rq)
{
    struct flow flow;
    const struct problem *problem =
        param(rq, "tx") != NULL ? flow_open(rq, &flow) : staff_page_open(rq, PURPOSE_STAFF, &flow);

    if (problem != NULL)
        return problem;
    return sitting_is_locked(rq->staff) ? show(rq, &flow) : go_on(rq, &flow);
}

/* Open already: pressed twice. */
const struct problem *
endpoint_staff_unlock(struct request *rq)
{
    const struct sitting *sitting = rq->staff;
    const struct factor_shown shown = { param(rq, "code"), rq->client_certificate };
    struct flow flow;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem != NULL || !sitting_is_locked(sitting))
        return problem != NULL ? problem : go_on(rq, &flow);
    problem = staff_factor_prove(rq->ctx, &sitting->staff, &shown, sitting->row.sid);
    if (problem == NULL)
        problem = problem_of(sitting_unlock(rq->ctx, sitting));
    if (problem != NULL)
        return flow_show_again(rq, &flow, PATH, "code", problem);
    return go_on(rq, &flow);
}
