/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/staff/signing.h"

#include "idp/base/text.h"
#include "idp/staff/sitting_begin.h"
#include "policies/staff_rules.h"
#include "protocols/flow/purpose.h"
#include "protocols/flow/transactions.h"
#include "protocols/http/cookies.h"
#include "protocols/http/language.h"
#include "protocols/http/respond.h"

#define HOME_PATH "/staff"

static const struct problem *
begin(struct request *rq, const char *asked)
{
    struct flow flow = { .tx = { .purpose = PURPOSE_STAFF_SIGN_IN, .asked = asked } };
    const struct problem *problem = flow_begin(rq, &flow);

    if (problem == NULL)
        problem =
            respond_redirect(rq, arena_printf(rq->arena, "%s%s", flow_url(rq, &flow, rq->path),
                                              language_carried(rq)));
    return problem != NULL ? problem : &problem_answered;
}

static bool
is_own(const struct flow *flow)
{
    return text_eq(flow->tx.purpose, PURPOSE_STAFF_SIGN_IN);
}

/* A page of staff; a citizen's has no business here. */
static bool
is_of_staff(const struct flow *flow)
{
    return text_starts(purpose_find(flow->tx.purpose)->resume, HOME_PATH);
}

const struct problem *
signing_open(struct request *rq, struct flow *out)
{
    const struct problem *problem;

    if (param(rq, "tx") == NULL)
        return begin(rq, "");
    problem = flow_open(rq, out);
    if (problem != NULL)
        return problem;
    if (!is_of_staff(out))
        return &problem_transaction_order;
    if (!is_own(out) && out->partner == NULL)
        return begin(rq, purpose_find(out->tx.purpose)->resume);
    return NULL;
}

const struct problem *
signing_form_open(struct request *rq, struct flow *out)
{
    const struct problem *problem = flow_open_form(rq, out);

    if (problem == NULL && (!is_of_staff(out) || (!is_own(out) && out->partner == NULL)))
        problem = &problem_transaction_order;
    return problem;
}

const char *
signing_staff(const struct request *rq, const struct flow *flow)
{
    bool known = flow->tx.known_at != 0 && rq->now - flow->tx.known_at < STAFF_IDLE_S;

    return known && !text_is_empty(flow->tx.person_id) ? flow->tx.person_id : NULL;
}

const struct problem *
signing_keep(struct request *rq, struct flow *flow, const char *staff_id)
{
    flow->tx.person_id = staff_id;
    flow->tx.known_at = rq->now;
    return flow_reseal(rq, flow);
}

struct page *
signing_page(struct request *rq, const struct flow *flow, const char *template, enum word title,
             const char *action)
{
    const struct sitting *here = rq->staff;
    struct page *page = flow_page(rq, flow, template, title, action);

    page_text(page, "leave_url", "");
    page_text(page, "cancel_action", "");
    page_flag(page, "at_counter", here->at_counter);
    if (here->at_counter)
        page_text(page, "counter_place", here->counter.place);
    return page;
}

/* Nothing of the password's stays in the flow. */
static const struct problem *
go_on(struct request *rq, struct flow *flow)
{
    flow->tx.person_id = "";
    flow->tx.known_at = 0;
    if (!is_own(flow))
        return flow_finish(rq, flow);
    cookie_clear(rq, transaction_cookie_name(rq, &flow->tx));
    return respond_redirect(rq, text_is_empty(flow->tx.asked) ? HOME_PATH : flow->tx.asked);
}

const struct problem *
signing_sit(struct request *rq, struct flow *flow, const struct stored_staff *staff,
            const char *code, const char *path, const char *field)
{
    const struct sitting_start start = {
        .staff = staff,
        .counter = &rq->staff->counter,
        .shown = { code, rq->client_certificate },
        .once = arena_printf(rq->arena, "%s %s", flow->tx.id, flow->cookie),
    };
    struct stored_session session;
    const char *cookie;
    const struct problem *problem = sitting_begin(rq->ctx, &start, &session, &cookie);

    if (problem != NULL)
        return flow_show_again(rq, flow, path, field, problem);
    cookie_set(rq, "staff", cookie, 0);
    return go_on(rq, flow);
}

const struct problem *
signing_go_done(struct request *rq, const struct flow *flow, const char *done)
{
    return respond_redirect(
        rq, arena_printf(rq->arena, "%s&done=%s", flow_url(rq, flow, SIGN_IN_PATH), done));
}
