/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and POST /staff/people: members of staff, what the directory said of them last, and their second factor. A security
 * administrator gives a code, stops a member, lets her go on and lifts a lockout; a supervisor gives a code to her own.
 */
#include "idp/staff/people.h"

#include "idp/base/text.h"
#include "idp/staff/enrolment.h"
#include "idp/staff/standing.h"
#include "policies/staff_rules.h"
#include "protocols/endpoints.h"
#include "protocols/flow/purpose.h"
#include "protocols/staff/list_page.h"

#define PATH "/staff/people"
#define LIST "people"
#define UNUSED "unused" /* list_place.event of the report */

static bool
manages(const struct request *rq)
{
    return staff_may(rq->staff->staff.roles, STAFF_VERB_manage_staff);
}

/* --- Showing --- */

static enum word
state_word(const struct stored_staff *staff)
{
    if (staff->state == STAFF_ACTIVE)
        return WORD_staff_state_active;
    return staff->state == STAFF_STOPPED ? WORD_staff_state_stopped : WORD_staff_state_gone;
}

static enum word
factor_word(const struct stored_staff *staff)
{
    if (!text_is_empty(staff->certificate))
        return WORD_staff_factor_certificate;
    return staff->totp_sealed.size > 0 ? WORD_staff_factor_totp : WORD_staff_factor_none;
}

static void
buttons_add(struct request *rq, struct page *row, const struct stored_staff *staff)
{
    bool another = !text_eq(staff->staff_id, rq->staff->row.staff_id);

    page_flag(row, "may_code",
              staff->state == STAFF_ACTIVE && staff_may_enrol(&rq->staff->staff, staff));
    page_flag(row, "may_unlock", another && manages(rq) && staff->state == STAFF_ACTIVE);
    page_flag(row, "may_stop", another && manages(rq) && staff->state == STAFF_ACTIVE);
    page_flag(row, "may_start", another && manages(rq) && staff->state == STAFF_STOPPED);
}

static enum err
row_add(struct request *rq, struct page *page, const struct stored_staff *staff, size_t number)
{
    struct page *row = page_row(page, "people");
    const char *name;
    enum err err = staff_name_open(rq->ctx, staff, &name);

    if (err != OK)
        return err;
    page_text(row, "number", arena_printf(rq->arena, "%zu", number));
    page_text(row, "staff_id", staff->staff_id);
    page_text(row, "name", name);
    page_text(row, "agency", staff->agency);
    page_text(row, "region", staff->region);
    page_text(row, "roles", staff_roles_told(rq, staff->roles));
    page_word(row, "state", state_word(staff));
    page_flag(row, "is_well", staff->state == STAFF_ACTIVE);
    page_word(row, "factor", factor_word(staff));
    page_text(row, "seen", staff_moment(rq, staff->seen_at));
    page_flag(row, "sits", staff->open_until > rq->now);
    if (staff->code.size > 0 && staff->code_until > rq->now)
        page_text(row, "code_until", staff_moment(rq, staff->code_until));
    buttons_add(rq, row, staff);
    return OK;
}

/* The one that was asked for; else a page of those whom she may see. */
static enum err
list_load(struct request *rq, const struct list_place *place, struct listed_staff_list *out)
{
    const struct stored_staff *own = &rq->staff->staff;
    struct staff_people which = { .after = place->after,
                                  .agency = manages(rq) ? "" : own->agency,
                                  .region = manages(rq) ? "" : own->region,
                                  .unused = text_eq(place->event, UNUSED) };
    enum err err;

    if (text_is_empty(place->only))
        return staff_people(rq->ctx, &which, out);
    out->at = arena_alloc(rq->arena, sizeof(*out->at));
    err = store_staff_load(rq->ctx->store, rq->arena, place->only, &out->at[0]);
    out->count = err == OK && (manages(rq) || staff_may_enrol(own, &out->at[0])) ? 1 : 0;
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
links_add(struct request *rq, const struct flow *flow, struct page *page,
          const struct list_place *place, const struct listed_staff_list *list)
{
    struct list_place next = *place;
    struct list_place unused = { .event = UNUSED };
    const char *url = "";
    enum err err = list_page_url(rq, flow, PATH, LIST, &unused, &url);

    page_text(page, "unused_url", text_eq(place->event, UNUSED) || !manages(rq) ? "" : url);
    page_flag(page, "unused", text_eq(place->event, UNUSED));
    if (!text_is_empty(place->only) || text_eq(place->event, UNUSED))
        page_text(page, "all_url", flow_url(rq, flow, PATH));
    if (err != OK || list->count < STAFF_LISTED_PAGE)
        return err;
    next.after = list->at[list->count - 1].staff_id;
    next.told = next.told_of = "";
    err = list_page_url(rq, flow, PATH, LIST, &next, &url);
    page_text(page, "next_url", url);
    return err;
}

static enum err
fill(struct request *rq, const struct flow *flow, struct page *page, const struct list_place *place)
{
    struct listed_staff_list list;
    enum err err = list_load(rq, place, &list);

    for (size_t i = 0; err == OK && i < list.count; i++)
        if (manages(rq) || staff_may_enrol(&rq->staff->staff, &list.at[i]))
            err = row_add(rq, page, &list.at[i], i + 1);
    page_text(page, "code", place->told);
    page_text(page, "code_of", place->told_of);
    page_text(page, "typed", place->only);
    return err == OK ? links_add(rq, flow, page, place, &list) : err;
}

const struct problem *
endpoint_staff_people(struct request *rq)
{
    struct flow flow;
    struct list_place place;
    struct page *page;
    const struct problem *problem = staff_page_open(rq, PURPOSE_STAFF_PEOPLE, &flow);
    enum err err;

    if (problem == NULL)
        problem = list_page_place(rq, LIST, &place);
    if (problem != NULL)
        return problem;
    err = staff_page(rq, &flow, "staff_people", WORD_staff_people_title, PATH, &page);
    if (err == OK)
        err = fill(rq, &flow, page, &place);
    return err == OK ? flow_answer(rq, &flow, page, NULL) : problem_of(err);
}

/* --- The form --- */

/* What one button does with the member it names; it may fill `place`, which the next page is of. */
struct people_button {
    const char *name;
    const struct problem *(*press)(struct request *rq, const char *staff_id,
                                   struct list_place *place);
};

static const struct problem *
done_or_was(enum err err)
{
    bool was = err == ERR_NOT_FOUND || err == ERR_CONFLICT; /* pressed twice */

    return err == OK || was ? NULL : problem_of(err);
}

static const struct problem *
another_check(struct request *rq, const char *staff_id)
{
    if (!manages(rq))
        return staff_refuse(rq, "manage_staff");
    return text_eq(staff_id, rq->staff->row.staff_id) ? &problem_staff_own : NULL;
}

static const struct problem *
press_stop(struct request *rq, const char *staff_id, struct list_place *place)
{
    const struct problem *problem = another_check(rq, staff_id);

    (void)place;
    return problem != NULL ? problem : done_or_was(staff_halt(rq->ctx, staff_id));
}

/* Wrong tries are forgotten with it, and forgetting them is all of it for one who is not stopped. */
static const struct problem *
press_start(struct request *rq, const char *staff_id, struct list_place *place)
{
    const struct problem *problem = another_check(rq, staff_id);
    int64_t forgotten;

    (void)place;
    return problem != NULL ? problem : done_or_was(staff_restart(rq->ctx, staff_id, &forgotten));
}

/* Shown once: it stands sealed in the next page's address, and is good there as long as a form sent again is. */
static const struct problem *
press_code(struct request *rq, const char *staff_id, struct list_place *place)
{
    struct staff_code code;
    const struct problem *problem = staff_code_give(rq->ctx, &rq->staff->staff, staff_id, &code);

    if (problem != NULL)
        return problem;
    place->told = code.text;
    place->told_of = staff_id;
    place->told_until = rq->now + REPEAT_S;
    return NULL;
}

static const struct problem *
press_find(struct request *rq, const char *staff_id, struct list_place *place)
{
    (void)rq;
    (void)staff_id;
    (void)place; /* which is of her already */
    return NULL;
}

static const struct people_button buttons[] = {
    { "code", press_code },    { "stop", press_stop }, { "start", press_start },
    { "unlock", press_start }, { "find", press_find }, /* what Enter presses */
};

static const struct problem *
press(struct request *rq, struct list_place *place)
{
    for (size_t i = 0; i < sizeof(buttons) / sizeof(buttons[0]); i++) {
        const char *named = param(rq, buttons[i].name);

        if (named == NULL)
            continue;
        if (buttons[i].press != press_find)
            place->only = named;
        return buttons[i].press(rq, place->only, place);
    }
    return NULL;
}

const struct problem *
endpoint_staff_people_submit(struct request *rq)
{
    struct flow flow;
    struct list_place place = { .only = param_typed(rq, "staff_id") };
    const struct problem *problem = staff_form_open(rq, PURPOSE_STAFF_PEOPLE, PATH, &flow);

    if (problem != NULL)
        return problem;
    problem = press(rq, &place);
    if (problem == &problem_staff_own || problem == &problem_staff_unknown)
        return flow_show_again(rq, &flow, PATH, NULL, problem);
    return problem != NULL ? problem : list_page_go(rq, &flow, PATH, LIST, &place);
}
