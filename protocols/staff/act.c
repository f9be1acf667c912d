/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /staff/act: a member of staff begins to act for the citizen whose card was scanned: which business of which partner,
 * and why. GET /staff/act/begun: its handle, which the partner's application takes up (docs/adr/0060).
 */
#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"
#include "idp/staff/acting.h"
#include "idp/staff/citizen.h"
#include "policies/name.h"
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/pages/doors.h"
#include "protocols/staff/citizen_page.h"

#define PATH "/staff/act"
#define BEGUN "/staff/act/begun"
#define SCAN "/staff/scan"

/* --- What there is to be done --- */

/* "window pension.query": a partner's id has no blanks. */
static const char *
choice_of(struct request *rq, const struct partner *partner, const struct business *business)
{
    return arena_printf(rq->arena, "%s %s", partner->profile.partner_id, business->code);
}

static bool
may_do(const struct request *rq, const struct business *business)
{
    const char *roles = rq->staff->staff.roles;
    const char *word;
    size_t size;

    while ((word = text_next_word(&roles, &size)) != NULL)
        if (text_list_holds(business->roles, word, size))
            return true;
    return false;
}

static void
business_add(struct request *rq, struct page *page, const struct partner *partner,
             const struct business *business, size_t number)
{
    const char *choice = choice_of(rq, partner, business);
    struct page *row = page_row(page, "businesses");

    page_text(row, "number", arena_printf(rq->arena, "%zu", number));
    page_text(row, "value", choice);
    page_text(row, "partner", partner_name(partner, rq->language));
    page_text(row, "business", rq->language == LANGUAGE_EN ? business->name_en : business->name_zh);
    page_flag(row, "second", business->second);
    page_flag(row, "first", number == 1);
    page_flag(row, "checked", text_eq(choice, param_typed(rq, "business")));
}

/* Those that her roles allow. */
static void
businesses_add(struct request *rq, struct page *page)
{
    const struct partner *const *all = registry_all(rq->ctx->services->registry);
    size_t number = 0;

    for (; *all != NULL; all++) {
        const struct business_list *list = &(*all)->profile.businesses;

        for (size_t i = 0; i < list->count; i++)
            if (may_do(rq, &list->at[i]))
                business_add(rq, page, *all, &list->at[i], ++number);
    }
}

/* --- The page --- */

static const struct problem *
present_check(struct request *rq, const struct flow *flow, struct staff_presence *out)
{
    const struct problem *problem = citizen_page_check(rq, flow);

    if (problem != NULL || citizen_page_is_present(rq, flow, out))
        return problem;
    problem = flow_go(rq, flow, SCAN);
    return problem != NULL ? problem : &problem_answered;
}

static const struct problem *
show(struct request *rq, struct flow *flow, const struct citizen *citizen)
{
    struct page *page;
    enum err err = staff_page(rq, flow, "staff_act", WORD_staff_acting_title, PATH, &page);

    if (err != OK)
        return problem_of(err);
    page_text(page, "name", name_masked(rq->arena, citizen->person.name));
    page_text(page, "reason", param_typed(rq, "reason"));
    page_text(page, "person_url", flow_url(rq, flow, "/staff/person"));
    businesses_add(rq, page);
    return flow_answer(rq, flow, page, "business");
}

const struct problem *
endpoint_staff_act(struct request *rq)
{
    struct flow flow;
    struct citizen citizen;
    const struct problem *problem = staff_page_open(rq, PURPOSE_STAFF, &flow);

    if (problem == NULL)
        problem = present_check(rq, &flow, NULL);
    if (problem == NULL)
        problem = citizen_serve(rq->ctx, &rq->staff->staff, flow.tx.person_id, &citizen);
    return problem != NULL ? problem : show(rq, &flow, &citizen);
}

/* --- Its form --- */

/* problem_acting_business: none was chosen, or there is none such. */
static const struct problem *
order_read(struct request *rq, const struct staff_presence *presence, struct acting_order *out)
{
    const char *chosen = param_typed(rq, "business");
    const char *blank = chosen != NULL ? strchr(chosen, ' ') : NULL;
    const char *partner_id =
        blank != NULL ? arena_copy(rq->arena, chosen, (size_t)(blank - chosen)) : "";

    *out = (struct acting_order) {
        .sitting = rq->staff,
        .partner = registry_find(rq->ctx->services->registry, partner_id),
        .business = blank != NULL ? blank + 1 : NULL,
        .reason = param_typed(rq, "reason"),
        .person_id = presence->person_id,
        .proof = ACTING_BY_CODE,
        .acr = presence->acr,
        .amr = presence->amr,
        .auth_time = presence->auth_time,
    };
    return out->partner != NULL ? NULL : &problem_acting_business;
}

static const char *
field_of(const struct problem *problem)
{
    if (problem == &problem_staff_reason_invalid)
        return "reason";
    return problem == &problem_acting_business ? "business" : NULL;
}

const struct problem *
endpoint_staff_act_submit(struct request *rq)
{
    struct flow flow;
    struct staff_presence presence;
    struct acting_order order;
    const struct problem *problem = staff_form_open(rq, PURPOSE_STAFF, PATH, &flow);

    if (problem == NULL)
        problem = present_check(rq, &flow, &presence);
    if (problem != NULL)
        return problem;
    problem = order_read(rq, &presence, &order);
    if (problem == NULL)
        problem = acting_begin(rq->ctx, &order, &flow.tx.hint_sub);
    if (problem != NULL)
        return flow_show_again(rq, &flow, PATH, field_of(problem), problem);
    flow.tx.scope = order.partner->profile.partner_id;
    problem = flow_reseal(rq, &flow);
    return problem != NULL ? problem : flow_go(rq, &flow, BEGUN);
}

/* --- It has begun --- */

/* Where the partner's application begins, with what it shall take up. NULL: it has not said where. */
static const char *
way_in(struct request *rq, const struct partner *partner, const char *handle)
{
    struct buf link = buf_new(rq->arena, 512);

    if (text_is_empty(partner->profile.initiate_login_uri))
        return NULL;
    buf_text(&link, door_of(rq, partner));
    buf_text(&link, "&acting=");
    buf_url(&link, handle);
    return link.at;
}

static const struct problem *
begun_show(struct request *rq, struct flow *flow)
{
    const struct partner *partner = registry_find(rq->ctx->services->registry, flow->tx.scope);
    struct page *page;
    enum err err = staff_page(rq, flow, "staff_act_begun", WORD_staff_acting_begun, BEGUN, &page);

    if (err != OK)
        return problem_of(err);
    page_text(page, "handle", flow->tx.hint_sub);
    if (partner != NULL) {
        page_text(page, "partner", partner_name(partner, rq->language));
        page_text(page, "partner_url", way_in(rq, partner, flow->tx.hint_sub));
    }
    page_text(page, "person_url", flow_url(rq, flow, "/staff/person"));
    citizen_page_links(rq, flow, page);
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
endpoint_staff_act_begun(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = staff_page_open(rq, PURPOSE_STAFF, &flow);

    if (problem == NULL)
        problem = citizen_page_check(rq, &flow);
    if (problem == NULL && text_is_empty(flow.tx.hint_sub)) {
        problem = flow_go(rq, &flow, PATH);
        problem = problem != NULL ? problem : &problem_answered;
    }
    return problem != NULL ? problem : begun_show(rq, &flow);
}
