/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /card/family: whose electronic cards a person may show and who may show hers; she asks, agrees, refuses
 * and ends (docs/adr/0054).
 */
#include "idp/card/family.h"

#include "idp/base/text.h"
#include "policies/name.h"
#include "protocols/endpoints.h"
#include "protocols/flow/flow.h"
#include "protocols/flow/own_page.h"
#include "protocols/flow/purpose.h"
#include "protocols/http/respond.h"

#define PATH "/card/family"
#define LEVEL 2 /* of the login that asks or agrees */

static const enum word kinship_words[KINSHIPS] = {
    [KINSHIP_NONE] = WORD_family_other,  [KINSHIP_ELDER] = WORD_family_elder,
    [KINSHIP_CHILD] = WORD_family_child, [KINSHIP_SPOUSE] = WORD_family_spouse,
    [KINSHIP_OTHER] = WORD_family_other,
};

static enum word
kinship_word(int64_t kinship)
{
    return kinship_words[kinship > KINSHIP_NONE && kinship < KINSHIPS ? kinship : KINSHIP_NONE];
}

static bool
is_sure_enough(const struct request *rq)
{
    return rq->session->row.level >= LEVEL;
}

/* Where no electronic cards are offered nobody is linked any more; what there is can be ended. */
static bool
is_offered(const struct request *rq)
{
    return !text_is_empty(rq->ctx->settings->card_bureau.url);
}

/* --- The page --- */

static const char *
day(struct request *rq, unix_s at)
{
    int32_t date = time_beijing_date(at);

    return arena_printf(rq->arena, "%04d-%02d-%02d", date / 10000, date / 100 % 100, date % 100);
}

static void
link_add(struct request *rq, struct page *page, const char *list, const struct family_link *link)
{
    struct page *row = page_row(page, list);

    page_text(row, "ref", link->ref);
    page_text(row, "who", link->name_masked);
    page_text(row, "phone", link->phone_masked);
    page_word(row, "kinship", kinship_word(link->kinship));
    page_text(row, "asked", day(rq, link->asked_at));
    if (link->standing == FAMILY_HOLDS)
        page_text(row, "since", day(rq, link->agreed_at));
    if (link->standing == FAMILY_HOLDS && text_eq(list, "members"))
        page_text(row, "card_url", arena_printf(rq->arena, "/card?of=%s", link->ref));
}

static void
links_add(struct request *rq, struct page *page, const struct family_links *members,
          const struct family_links *showers)
{
    for (size_t i = 0; i < members->count; i++)
        link_add(rq, page, "members", &members->at[i]);
    for (size_t i = 0; i < showers->count; i++)
        link_add(rq, page, showers->at[i].standing == FAMILY_WAITS ? "asks" : "showers",
                 &showers->at[i]);
}

/* Those of which there may be any, and how many places are left. */
static void
kinships_add(struct request *rq, struct page *page, const struct family_links *members)
{
    struct family_limits limits = family_limits(rq->ctx);
    enum kinship chosen = kinship_named(param_typed(rq, "kinship"));

    for (size_t i = 0; i < members->count; i++)
        if (members->at[i].kinship > KINSHIP_NONE && members->at[i].kinship < KINSHIPS)
            limits.of[members->at[i].kinship]--;
    for (int i = KINSHIP_NONE + 1; i < KINSHIPS; i++) {
        struct page *row = page_row(page, "kinships");

        page_text(row, "value", kinship_name(i));
        page_word(row, "label", kinship_word(i));
        page_flag(row, "checked", (int)chosen == i);
        if (limits.of[i] > 0)
            page_text(row, "left", arena_printf(rq->arena, "%lld", (long long)limits.of[i]));
    }
}

static void
done_add(struct request *rq, struct page *page)
{
    const char *done = param(rq, "done");

    if (text_eq(done, "asked"))
        page_word(page, "notice", WORD_family_done_asked);
    else if (text_eq(done, "agreed"))
        page_word(page, "notice", WORD_family_done_agreed);
    else if (text_eq(done, "ended"))
        page_word(page, "notice", WORD_family_done_ended);
}

static const struct problem *
show(struct request *rq, struct flow *flow)
{
    const char *person_id = rq->session->row.subject.id;
    struct family_links members;
    struct family_links showers;
    struct page *page;
    enum err err = family_members(rq->ctx, person_id, &members);

    if (err == OK)
        err = family_showers(rq->ctx, person_id, &showers);
    if (err == OK)
        err = own_page_seal(rq, flow);
    if (err != OK)
        return problem_of(err);
    page = flow_page(rq, flow, "card_family", WORD_family_title, PATH);
    links_add(rq, page, &members, &showers);
    kinships_add(rq, page, &members);
    page_text(page, "name", param_typed(rq, "name"));
    page_text(page, "identity_number", param_typed(rq, "identity_number"));
    page_flag(page, "again", !is_sure_enough(rq));
    page_flag(page, "offered", is_offered(rq));
    done_add(rq, page);
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
endpoint_card_family(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = own_page_open(rq, PURPOSE_FAMILY, &flow);

    return problem != NULL ? problem : show(rq, &flow);
}

/* --- Its forms --- */

static const struct problem *
go(struct request *rq, const struct flow *flow, const char *done)
{
    return respond_redirect(rq,
                            arena_printf(rq->arena, "%s&done=%s", flow_url(rq, flow, PATH), done));
}

static const char *
typed(struct request *rq, const char *name)
{
    const char *value = param_typed(rq, name);

    return value != NULL ? value : "";
}

/* Beside which field it is told; NULL: it concerns the form as a whole. */
static const char *
field_of(const struct problem *problem)
{
    if (problem == &problem_card_family_kinship || problem == &problem_card_family_full ||
        problem == &problem_card_family_unfit)
        return "kinship";
    return problem == &problem_card_family_oneself || problem == &problem_card_family_guardian
               ? "identity_number"
               : NULL;
}

static const struct problem *
ask(struct request *rq, struct flow *flow)
{
    struct identity_number identity;
    struct family_question question = { .shower_id = rq->session->row.subject.id,
                                        .identity = &identity,
                                        .kinship = kinship_named(param(rq, "kinship")) };
    struct mistakes wrong = { .count = 0 };
    const struct problem *problem;

    mistake_add(&wrong, "kinship",
                question.kinship == KINSHIP_NONE ? &problem_card_family_kinship : NULL);
    mistake_add(&wrong, "name", name_check(rq->arena, typed(rq, "name"), &question.name));
    mistake_add(
        &wrong, "identity_number",
        identity_number_check(typed(rq, "identity_number"), time_beijing_date(rq->now), &identity));
    if (wrong.count > 0)
        return flow_show_mistakes(rq, flow, PATH, &wrong);
    if (!is_sure_enough(rq))
        return own_page_log_in_again(rq, flow);
    problem = family_ask(rq->ctx, &question);
    return problem != NULL ? flow_show_again(rq, flow, PATH, field_of(problem), problem)
                           : go(rq, flow, "asked");
}

static const struct problem *
agree(struct request *rq, struct flow *flow)
{
    const struct problem *problem;

    if (!is_sure_enough(rq))
        return own_page_log_in_again(rq, flow);
    problem = family_agree(rq->ctx, rq->session->row.subject.id, param(rq, "agree"));
    return problem != NULL ? flow_show_again(rq, flow, PATH, NULL, problem)
                           : go(rq, flow, "agreed");
}

/* No more is needed than that she is logged in: it takes something away. */
static const struct problem *
end(struct request *rq, const struct flow *flow)
{
    enum err err = family_end(rq->ctx, rq->session->row.subject.id, param(rq, "end"));

    return err != OK ? problem_of(err) : go(rq, flow, "ended");
}

const struct problem *
endpoint_card_family_submit(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = flow_open_form(rq, &flow);

    if (problem != NULL)
        return problem;
    if (!text_eq(flow.tx.purpose, PURPOSE_FAMILY))
        return &problem_transaction_order;
    if (!rq->session->live)
        return flow_go(rq, &flow, "/login");
    if (!text_eq(flow.tx.shown_to, rq->session->row.subject.id))
        return flow_show_again(rq, &flow, PATH, NULL, &problem_another_person);
    if (param(rq, "end") != NULL)
        return end(rq, &flow);
    if (!is_offered(rq))
        return flow_show_again(rq, &flow, PATH, NULL, &problem_card_not_offered);
    return param(rq, "agree") != NULL ? agree(rq, &flow) : ask(rq, &flow);
}
