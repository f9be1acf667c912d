/* SPDX-License-Identifier: Apache-2.0 */
/* GET /staff/enter and /staff/enter/resume: a partner's authorization request at the listener of staff (RFC 6749, 3.1;
 * OpenID Connect Core 1.0, 3.1.2; docs/adr/0061). */
#include <string.h>

#include "idp/base/text.h"
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/http/language.h"
#include "protocols/oauth2/steps/steps.h"

/* For a partner of that name of today, within a day: it is judged anew, whatever it was before. */
static const struct problem *
link_open(struct request *rq, struct transaction *out)
{
    const char *sealed = param(rq, "tx");
    const struct partner *partner;
    enum err err = sealed != NULL ? transaction_peek(rq->ctx, sealed, out) : ERR_FORGED;

    if ((err != OK && err != ERR_EXPIRED) || !text_eq(out->purpose, PURPOSE_HAND_OVER) ||
        !transaction_is_honoured(rq->ctx, out))
        return &problem_transaction_lost;
    partner = registry_find(rq->ctx->services->registry, out->partner_id);
    if (partner != NULL && out->created_at < partner->since)
        return &problem_transaction_lost;
    language_of_tag(out->language, strlen(out->language), &rq->language);
    return NULL;
}

/* GET /staff/enter: handed over by /oauth2/authorize. */
const struct problem *
endpoint_staff_enter(struct request *rq)
{
    struct authorization az = { .rq = rq };
    struct transaction tx;
    const struct problem *problem = link_open(rq, &tx);

    if (problem != NULL)
        return problem;
    if (params_unpack(rq->arena, tx.asked, &az.asked) != OK)
        return &problem_transaction_lost;
    az.flow.tx.hint_sub = tx.hint_sub;
    return authorization_run(&az, &occasion_enter);
}

/* GET /staff/enter/resume: she comes back from signing in, or from opening the counter. */
const struct problem *
endpoint_staff_entered(struct request *rq)
{
    struct authorization az = { .rq = rq };
    const struct problem *problem = flow_open_expired(rq, &az.flow);

    if (problem != NULL)
        return problem;
    if (!text_eq(az.flow.tx.purpose, PURPOSE_STAFF_ENTER))
        return &problem_transaction_order;
    if (params_unpack(rq->arena, az.flow.tx.asked, &az.asked) != OK)
        return &problem_transaction_lost;
    return az.flow.has_expired ? authorization_anew(&az, &occasion_enter)
                               : authorization_run(&az, &occasion_entered);
}
