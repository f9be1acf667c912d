/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/flow/own_page.h"

#include "idp/base/text.h"
#include "idp/session/session.h"
#include "idp/session/transaction.h"

static const struct problem *
begin(struct request *rq, const char *purpose)
{
    struct flow flow = { .tx.purpose = purpose };
    const struct problem *problem = flow_begin(rq, &flow);

    return problem != NULL ? problem : flow_go(rq, &flow, rq->path);
}

const struct problem *
own_page_open(struct request *rq, const char *purpose, struct flow *out)
{
    const struct problem *problem;

    if (param(rq, "tx") == NULL) {
        problem = begin(rq, purpose);
        return problem != NULL ? problem : &problem_answered;
    }
    problem = flow_open(rq, out);
    if (problem != NULL)
        return problem;
    if (!text_eq(out->tx.purpose, purpose))
        return &problem_transaction_order;
    if (rq->session->live)
        return NULL;
    problem = flow_go(rq, out, "/login");
    return problem != NULL ? problem : &problem_answered;
}

enum err
own_page_seal(struct request *rq, struct flow *flow)
{
    flow->tx.shown_to = rq->session->row.subject.id;
    flow->tx.asks_again = 0;
    return transaction_seal(rq->ctx, &flow->tx, &flow->sealed);
}

const struct problem *
own_page_log_in_again(struct request *rq, struct flow *flow)
{
    const struct problem *problem;

    flow->tx.asks_again = 1;
    problem = flow_reseal(rq, flow);
    return problem != NULL ? problem : flow_go(rq, flow, "/login");
}
