/* SPDX-License-Identifier: Apache-2.0 */
/* GET and POST /staff/counters: a system administrator announces counters, gives a code that sets one up, and retires one. */
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/form.h"
#include "idp/staff/counter.h"
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/staff/list_page.h"

#define PATH "/staff/counters"
#define LIST "counters"

/* --- Showing --- */

static enum word
state_word(int64_t state)
{
    if (state == COUNTER_ENROLLED)
        return WORD_counter_state_enrolled;
    return state == COUNTER_RETIRED ? WORD_counter_state_retired : WORD_counter_state_announced;
}

static void
counter_show(struct request *rq, struct page *page, const struct stored_counter *counter,
             size_t number)
{
    struct page *row = page_row(page, "counters");

    page_text(row, "number", arena_printf(rq->arena, "%zu", number));
    page_text(row, "counter_id", counter->counter_id);
    page_text(row, "place", counter->place);
    page_text(row, "agency", counter->agency);
    page_text(row, "region", counter->region);
    page_word(row, "state", state_word(counter->state));
    page_text(row, "enrolled", staff_moment(rq, counter->enrolled_at));
    page_flag(row, "certificate", !text_is_empty(counter->certificate));
    page_text(row, "code_until",
              counter->code_until > rq->now ? staff_moment(rq, counter->code_until) : "");
    page_flag(row, "may", counter->state != COUNTER_RETIRED);
}

static enum err
list_load(struct request *rq, const struct list_place *place, struct stored_counter_list *out)
{
    enum err err;

    if (text_is_empty(place->only))
        return store_counter_list(rq->ctx->store, rq->arena, place->after, out);
    out->at = arena_alloc(rq->arena, sizeof(*out->at));
    err = store_counter_load(rq->ctx->store, rq->arena, place->only, &out->at[0]);
    out->count = err == OK ? 1 : 0;
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
fill(struct request *rq, const struct flow *flow, struct page *page, const struct list_place *place)
{
    struct list_place next = { .after = "" };
    struct stored_counter_list list;
    const char *url = "";
    enum err err = list_load(rq, place, &list);

    for (size_t i = 0; err == OK && i < list.count; i++)
        counter_show(rq, page, &list.at[i], i + 1);
    page_text(page, "code", place->told);
    page_text(page, "code_of", place->told_of);
    page_text(page, "place", param_typed(rq, "place"));
    page_text(page, "agency", param_typed(rq, "agency"));
    page_text(page, "region", param_typed(rq, "region"));
    if (!text_is_empty(place->only))
        page_text(page, "all_url", flow_url(rq, flow, PATH));
    if (err != OK || list.count < COUNTER_PAGE)
        return err;
    next.after = list.at[list.count - 1].counter_id;
    err = list_page_url(rq, flow, PATH, LIST, &next, &url);
    page_text(page, "next_url", url);
    return err;
}

const struct problem *
endpoint_staff_counters(struct request *rq)
{
    struct flow flow;
    struct list_place place;
    struct page *page;
    const struct problem *problem = staff_page_open(rq, PURPOSE_STAFF_COUNTERS, &flow);
    enum err err;

    if (problem == NULL)
        problem = list_page_place(rq, LIST, &place);
    if (problem != NULL)
        return problem;
    err = staff_page(rq, &flow, "staff_counters", WORD_staff_counters_title, PATH, &page);
    if (err == OK)
        err = fill(rq, &flow, page, &place);
    return err == OK ? flow_answer(rq, &flow, page, "place") : problem_of(err);
}

/* --- The form --- */

/* Shown once: as for a member of staff (people.c). */
static void
code_tell(struct request *rq, const struct setup_code *code, struct list_place *out)
{
    out->only = code->id;
    out->told = code->text;
    out->told_of = code->id;
    out->told_until = rq->now + REPEAT_S;
}

static enum err
spend(struct ctx *ctx, void *state)
{
    return form_spend(ctx, state);
}

/* A form that is sent twice adds one counter; the second time its code is not told. */
static enum err
add(struct request *rq, struct list_place *out)
{
    struct digest form = flow_form_digest(rq);
    const struct stored_counter wanted = { .place = param_typed(rq, "place"),
                                           .agency = param_typed(rq, "agency"),
                                           .region = param_typed(rq, "region") };
    struct setup_code code;
    enum err err = change(rq->ctx, spend, &form);

    if (err == ERR_CONFLICT)
        return OK;
    if (err == OK)
        err = counter_add(rq->ctx, &wanted, &code);
    if (err == OK)
        code_tell(rq, &code, out);
    return err;
}

static enum err
renew(struct request *rq, const char *counter_id, struct list_place *out)
{
    struct setup_code code;
    enum err err = counter_code_renew(rq->ctx, counter_id, &code);

    out->only = counter_id;
    if (err == OK)
        code_tell(rq, &code, out);
    return err == ERR_NOT_FOUND ? OK : err; /* retired meanwhile, as the page then says */
}

static enum err
retire(struct request *rq, const char *counter_id, struct list_place *out)
{
    int64_t ended;
    enum err err = counter_retire(rq->ctx, counter_id, &ended);

    out->only = counter_id;
    return err == ERR_NOT_FOUND || err == ERR_CONFLICT ? OK : err; /* pressed twice */
}

static enum err
press(struct request *rq, struct list_place *out)
{
    if (param(rq, "code") != NULL)
        return renew(rq, param(rq, "code"), out);
    if (param(rq, "retire") != NULL)
        return retire(rq, param(rq, "retire"), out);
    return add(rq, out);
}

const struct problem *
endpoint_staff_counters_submit(struct request *rq)
{
    struct flow flow;
    struct list_place place = { .only = "" };
    const struct problem *problem = staff_form_open(rq, PURPOSE_STAFF_COUNTERS, PATH, &flow);
    enum err err;

    if (problem != NULL)
        return problem;
    err = press(rq, &place);
    if (err == ERR_INVALID)
        return flow_show_again(rq, &flow, PATH, "place", &problem_counter_text);
    return err == OK ? list_page_go(rq, &flow, PATH, LIST, &place) : problem_of(err);
}
