/* SPDX-License-Identifier: Apache-2.0 */
/* GET /account/history: what members of staff did or saw of a person: when, where, what for, and why (docs/adr/0062). */
#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "idp/connect/physical_card.h"
#include "idp/partner/registry.h"
#include "idp/staff/sitting.h"
#include "idp/tables/staff_act.h"
#include "keys/seal.h"
#include "policies/staff_act.h"
#include "policies/staff_shown.h"
#include "protocols/endpoints.h"
#include "protocols/flow/own_page.h"
#include "protocols/flow/purpose.h"

#define PATH "/account/history"
#define CONTEXT "history.page.1"
/* Of the login: what only says that somebody has her WeChat shows nothing of it. */
#define LEVEL 2

/* --- Page by page: where the next one begins is sealed, for her alone --- */

struct history_page {
    const char *person_id;
    int64_t at;
    const char *act_id;
};

static const struct pack_field fields[] = { PACKED_TEXT(struct history_page, person_id),
                                            PACKED_INT(struct history_page, at),
                                            PACKED_TEXT(struct history_page, act_id), PACKED_END };

static enum err
place_seal(struct request *rq, const struct stored_staff_act *last, const char **out)
{
    struct ctx *ctx = rq->ctx;
    const struct history_page next = { last->person_id, last->at, last->act_id };

    return seal_text(&ctx->keys->seal, ctx->env, rq->arena, CONTEXT,
                     pack(rq->arena, fields, ctx->settings->upgrade.sealed_layout, &next), out);
}

static const struct problem *
place_open(struct request *rq, struct staff_act_place *out)
{
    const char *sealed = param(rq, "after");
    struct history_page page;
    struct bytes plain;

    *out = (struct staff_act_place) { TIME_NEVER, "" };
    if (sealed == NULL)
        return NULL;
    if (seal_text_open(&rq->ctx->keys->seal, rq->arena, CONTEXT, sealed, &plain) != OK ||
        unpack(rq->arena, fields, plain, &page) != OK ||
        !text_eq(page.person_id, rq->session->row.subject.id))
        return &problem_history_page;
    *out = (struct staff_act_place) { page.at, page.act_id };
    return NULL;
}

/* --- A line --- */

static enum word
act_word(int64_t what)
{
    static const enum word words[STAFF_ACT_KINDS] = {
        [STAFF_ACT_NONE] = WORD_staff_act_other,
#define STAFF_ACT(symbol) [STAFF_ACT_##symbol] = WORD_staff_act_##symbol,
#include "policies/staff_act.def"
#undef STAFF_ACT
    };

    return words[what > 0 && what < STAFF_ACT_KINDS ? what : STAFF_ACT_NONE];
}

static enum err
staff_add(struct request *rq, struct page *row, const char *staff_id)
{
    struct stored_staff staff;
    const char *name = "";
    enum err err = store_staff_load(rq->ctx->store, rq->arena, staff_id, &staff);

    if (err == OK)
        err = staff_name_open(rq->ctx, &staff, &name);
    if (err == OK || err == ERR_NOT_FOUND)
        page_text(row, "staff", staff_shown(rq->arena, name, staff_id));
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
place_add(struct request *rq, struct page *row, const char *counter_id)
{
    struct stored_counter counter;
    enum err err = store_counter_load(rq->ctx->store, rq->arena, counter_id, &counter);

    if (err == OK)
        page_text(row, "place", counter.place);
    return err == ERR_NOT_FOUND ? OK : err;
}

static void
business_add(struct request *rq, struct page *row, const struct stored_staff_act *act)
{
    const struct partner *partner = registry_find(rq->ctx->services->registry, act->partner_id);
    const char *name = partner != NULL ? partner_name(partner, rq->language) : act->partner_id;

    if (!text_is_empty(act->partner_id))
        page_text(row, "business", arena_printf(rq->arena, "%s %s", name, act->business));
}

static enum err
act_add(struct request *rq, struct page *page, const struct stored_staff_act *act)
{
    struct page *row = page_row(page, "acts");
    enum err err = staff_add(rq, row, act->staff_id);

    page_word(row, "what", act_word(act->what));
    page_text(row, "at", time_beijing_minute(rq->arena, act->at));
    page_text(row, "agency", act->agency);
    page_text(row, "reason", act->reason);
    business_add(rq, row, act);
    return err == OK ? place_add(rq, row, act->counter_id) : err;
}

/* --- The page --- */

static enum err
acts_add(struct request *rq, const struct flow *flow, const struct staff_act_place *after,
         struct page *page)
{
    struct stored_staff_act_list list;
    const char *next;
    enum err err =
        store_staff_act_list(rq->ctx->store, rq->arena, rq->session->row.subject.id, after, &list);

    for (size_t i = 0; err == OK && i < list.count; i++)
        err = act_add(rq, page, &list.at[i]);
    if (err != OK || list.count < STAFF_ACT_PAGE)
        return err;
    err = place_seal(rq, &list.at[list.count - 1], &next);
    if (err == OK)
        page_text(page, "older_url",
                  arena_printf(rq->arena, "%s&after=%s", flow_url(rq, flow, PATH), next));
    return err;
}

static const struct problem *
show(struct request *rq, struct flow *flow)
{
    struct staff_act_place after;
    struct page *page;
    const struct problem *problem = place_open(rq, &after);
    enum err err;

    if (problem != NULL)
        return problem;
    err = own_page_seal(rq, flow);
    if (err != OK)
        return problem_of(err);
    page = flow_page(rq, flow, "account_history", WORD_history_title, PATH);
    err = acts_add(rq, flow, &after, page);
    if (err != OK)
        return problem_of(err);
    if (card_bureau_is_configured(rq->ctx->services->card_bureau))
        page_text(page, "card_history_url", "/card/history");
    page_text(page, "home_url", "/");
    return flow_answer(rq, flow, page, NULL);
}

const struct problem *
endpoint_account_history(struct request *rq)
{
    struct flow flow;
    const struct problem *problem = own_page_open(rq, PURPOSE_HISTORY, &flow);

    if (problem != NULL)
        return problem;
    return rq->session->row.level >= LEVEL ? show(rq, &flow) : own_page_log_in_again(rq, &flow);
}
