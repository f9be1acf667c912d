/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /staff/person: a citizen, masked, and what a member of staff may do for her. POST /staff/person/unmask: her data whole,
 * for a reason. POST /staff/person/loss: her card is reported lost.
 */
#include "idp/base/text.h"
#include "idp/card/loss.h"
#include "idp/person/evidence.h"
#include "idp/staff/look.h"
#include "idp/staff/lost.h"
#include "policies/identity_number.h"
#include "policies/name.h"
#include "policies/phone.h"
#include "policies/province.h"
#include "policies/staff_rules.h"
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/http/respond.h"
#include "protocols/pages/standing.h"
#include "protocols/staff/citizen_page.h"
#include "protocols/staff/present_page.h"

#define PATH "/staff/person"

/* --- Her data --- */

static void
data_masked(struct request *rq, struct page *page, const struct person *person)
{
    page_text(page, "name", name_masked(rq->arena, person->name));
    page_text(page, "identity_number", identity_number_masked(rq->arena, person->identity_number));
    page_text(page, "phone", phone_masked(rq->arena, person->phone));
}

static void
data_whole(struct page *page, const struct person *person)
{
    page_flag(page, "unmasked", true);
    page_text(page, "name", person->name);
    page_text(page, "identity_number", person->identity_number);
    page_text(page, "phone", phone_national(person->phone));
}

/* For the view that follows the reason; whoever keeps it open and reloads it gives another. */
static bool
is_unmasked(const struct request *rq, const struct flow *flow)
{
    return flow->tx.proven_at != 0 && rq->now - flow->tx.proven_at < REPEAT_S;
}

static enum word
account_word(enum person_state state)
{
    switch (state) {
    case PERSON_ACTIVE:
        return WORD_staff_account_active;
    case PERSON_DISABLED:
        return WORD_staff_account_disabled;
    case PERSON_CLOSED:
        return WORD_staff_account_closed;
    case PERSON_DECEASED:
        break;
    }
    return WORD_staff_account_deceased;
}

/* --- Her card --- */

static enum word
card_word(const struct card *card, unix_s now)
{
    static const enum word words[CARD_EFFECTIVES] = {
        [CARD_ACTIVE] = WORD_card_state_active,   [CARD_SUSPENDED] = WORD_card_state_suspended,
        [CARD_REVOKED] = WORD_card_state_revoked, [CARD_INACTIVE] = WORD_card_state_inactive,
        [CARD_LAPSED] = WORD_card_state_lapsed,   [CARD_CLOSED] = WORD_card_state_revoked,
    };

    if (card_loss_at(&card->row, now) != CARD_NOT_LOST)
        return WORD_staff_card_lost;
    return words[card->state];
}

static void
card_show(struct request *rq, struct page *page, const struct citizen *citizen)
{
    const char *region = citizen->region;

    if (!text_is_empty(region))
        page_text(page, "region",
                  arena_printf(rq->arena, "%s %s", province_name(region, rq->language), region));
    page_word(page, "card",
              citizen->has_card ? card_word(&citizen->card, rq->now) : WORD_staff_card_none);
}

static bool
may_lose(struct request *rq, const struct citizen *citizen)
{
    return citizen->has_card && !citizen->is_self &&
           card_loss_at(&citizen->card.row, rq->now) == CARD_NOT_LOST &&
           staff_may(rq->staff->staff.roles, STAFF_VERB_report_loss);
}

/* --- The page --- */

static void
person_fill(struct request *rq, const struct flow *flow, struct page *page,
            const struct citizen *citizen)
{
    const char *roles = rq->staff->staff.roles;

    if (is_unmasked(rq, flow))
        data_whole(page, &citizen->person);
    else
        data_masked(rq, page, &citizen->person);
    page_word(page, "account", account_word(citizen->person.state));
    card_show(rq, page, citizen);
    page_flag(page, "self", citizen->is_self);
    page_flag(page, "present", citizen_page_is_present(rq, flow, NULL));
    if (!is_unmasked(rq, flow) && !citizen->is_self && staff_may(roles, STAFF_VERB_unmask))
        page_text(page, "unmask_action", PATH "/unmask");
    if (citizen_page_is_present(rq, flow, NULL) && !citizen->is_self &&
        staff_may(roles, STAFF_VERB_act))
        page_text(page, "act_url", flow_url(rq, flow, "/staff/act"));
    if (may_lose(rq, citizen))
        page_text(page, "loss_action", PATH "/loss");
    page_text(page, "reason", param_typed(rq, "reason"));
    if (param(rq, "lost") != NULL)
        page_word(page, "notice", WORD_staff_loss_done);
    if (!citizen->is_self)
        present_page_links(rq, flow, page);
    citizen_page_links(rq, flow, page);
}

static const struct problem *
show(struct request *rq, struct flow *flow, const struct citizen *citizen)
{
    struct standing standing;
    struct page *page;
    enum err err = evidence_standing(rq->ctx, citizen->person.person_id, &standing);

    if (err == OK)
        err = staff_page(rq, flow, "staff_person", WORD_staff_person_title, PATH, &page);
    if (err != OK)
        return problem_of(err);
    person_fill(rq, flow, page, citizen);
    page_standing(page, rq->arena, &standing);
    return flow_answer(rq, flow, page, "reason");
}

const struct problem *
endpoint_staff_person(struct request *rq)
{
    struct flow flow;
    struct citizen citizen;
    const struct problem *problem = staff_page_open(rq, PURPOSE_STAFF, &flow);

    if (problem == NULL)
        problem = citizen_page_check(rq, &flow);
    if (problem == NULL)
        problem = citizen_see(rq->ctx, &rq->staff->staff, flow.tx.person_id, &citizen);
    return problem != NULL ? problem : show(rq, &flow, &citizen);
}

/* --- What is done --- */

static const struct problem *
form_open(struct request *rq, struct flow *flow)
{
    const struct problem *problem = staff_form_open(rq, PURPOSE_STAFF, PATH, flow);

    return problem != NULL ? problem : citizen_page_check(rq, flow);
}

const struct problem *
endpoint_staff_unmask(struct request *rq)
{
    struct flow flow;
    unix_s at;
    const struct problem *problem = form_open(rq, &flow);

    if (problem != NULL)
        return problem;
    problem =
        staff_unmask(rq->ctx, &rq->staff->staff, flow.tx.person_id, param_typed(rq, "reason"), &at);
    if (problem != NULL)
        return flow_show_again(rq, &flow, PATH, "reason", problem);
    flow.tx.proven_at = at;
    problem = flow_reseal(rq, &flow);
    return problem != NULL ? problem : flow_go(rq, &flow, PATH);
}

const struct problem *
endpoint_staff_loss(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = form_open(rq, &flow);

    if (problem != NULL)
        return problem;
    problem = staff_lose_card(rq->ctx, &rq->staff->staff, flow.tx.person_id);
    if (problem != NULL)
        return flow_show_again(rq, &flow, PATH, NULL, problem);
    return respond_redirect(rq, arena_printf(rq->arena, "%s&lost=1", flow_url(rq, &flow, PATH)));
}
