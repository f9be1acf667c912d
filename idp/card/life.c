/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/life.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/card/born.h"
#include "idp/card/loss.h"
#include "idp/context/change.h"
#include "idp/person/card_mirror.h"
#include "idp/person/notice.h"
#include "idp/person/vault.h"
#include "keys/handle.h"

#define YEAR 10000 /* of a day written yyyymmdd */
#define LIFE_YEARS 5
#define ISSUE_TRIES 3

/* What is being done, and what it came to. */
struct living {
    const char *person_id;
    struct card *card;
    const char *new_id; /* issuing */
    const struct problem *refused;
    bool changed;
    struct grant_list ended; /* with the card that was closed */
};

static enum err
write_down(struct ctx *ctx, const char *person_id, const char *reason)
{
    struct person person;
    enum err err = person_load(ctx, person_id, &person);

    if (err == OK)
        err = audit_write(ctx, &(struct audit_record) { .event = AUDIT_CARD_ISSUED,
                                                        .reason = reason,
                                                        .subject = subject_person(person_id),
                                                        .partner_id = ctx->partner_id });
    return err == OK ? notice_put(ctx, person_id, person.phone, NOTICE_CARD) : err;
}

static enum err
hold_open(struct ctx *ctx, struct living *living)
{
    struct stored_ecard row;
    enum err err = store_ecard_find(ctx->store, ctx->arena, living->person_id, &row);

    living->changed = false;
    living->refused = NULL;
    return err == OK ? card_hold(ctx, living->person_id, row.card_id, living->card) : err;
}

/* Refused, as work() of a change says it: nothing is changed. */
static enum err
refuse(struct living *living, const struct problem *problem)
{
    living->refused = problem;
    return OK;
}

/* So many years from today, and never beyond the physical card. */
static int64_t
last_day(const struct ctx *ctx, const struct stored_physical_card *physical)
{
    int64_t day = time_beijing_date(ctx->now) + LIFE_YEARS * YEAR;

    if (day % YEAR == 229) /* a leap day of its own year alone */
        day--;
    return physical->valid_to != 0 && physical->valid_to < day ? physical->valid_to : day;
}

static bool
is_past(const struct ctx *ctx, const struct stored_physical_card *physical)
{
    return physical->valid_to != 0 && physical->valid_to < time_beijing_date(ctx->now);
}

/* --- Issued --- */

/* The enabled one; NULL with what is wrong with those that she has. */
static const struct stored_physical_card *
enabled_among(const struct ctx *ctx, const struct physical_card_list *list,
              const struct problem **problem)
{
    *problem = &problem_ecard_physical_missing;
    for (size_t i = 0; i < list->count; i++) {
        const struct stored_physical_card *card = &list->at[i];

        if (card->state == PHYSICAL_NORMAL && !is_past(ctx, card))
            return card;
        if (card->state != PHYSICAL_VOID && card->state != PHYSICAL_CANCELLED)
            *problem = &problem_ecard_physical_unfit;
    }
    return NULL;
}

static enum err
insert(struct ctx *ctx, const struct living *living, const struct stored_physical_card *physical)
{
    const struct stored_ecard row = {
        .person_id = living->person_id,
        .card_id = living->new_id,
        .holder = physical->holder,
        .card_key = physical->card_key,
        .region = physical->region,
        .own_state = ECARD_L1,
        .loss = CARD_NOT_LOST,
        .valid_to = last_day(ctx, physical),
        .issued_at = ctx->now,
        .changed_at = ctx->now,
    };

    return store_ecard_insert(ctx->store, &row);
}

/* Its number, its codes and what is born of it are dead for good. */
static enum err
predecessor_close(struct ctx *ctx, struct living *living)
{
    enum err err = store_ecard_close(ctx->store, &living->card->row, "replaced", ctx->now);

    if (err == OK)
        err = born_of_card_end(ctx, living->person_id, &living->ended);
    return err;
}

/* She has one: of the same physical card it is the one that she gets, unless it was lost for good. */
static enum err
present_judge(struct ctx *ctx, struct living *living, const struct stored_physical_card *physical,
              bool *replaces)
{
    const struct stored_ecard *row = &living->card->row;

    *replaces = !digest_eq(&row->card_key, &physical->card_key);
    if (*replaces)
        return predecessor_close(ctx, living);
    return row->loss == CARD_LOSS_FORMAL ? refuse(living, &problem_ecard_lost_for_good) : OK;
}

static enum err
physical_find(struct ctx *ctx, struct living *living, const struct stored_physical_card **out)
{
    struct physical_card_list list;
    struct person person;
    struct digest holder;
    enum err err = person_load(ctx, living->person_id, &person);

    if (err != OK)
        return err;
    holder = identity_digest(ctx, person.identity_number);
    err = store_physical_card_list(ctx->store, ctx->arena, &holder, &list);
    if (err == OK)
        *out = enabled_among(ctx, &list, &living->refused);
    if (err == OK && *out != NULL)
        living->refused = NULL;
    return err;
}

static enum err
issue(struct ctx *ctx, void *state)
{
    struct living *living = state;
    const struct stored_physical_card *physical = NULL;
    bool replaces = false;
    bool has_one;
    enum err err = hold_open(ctx, living);

    living->ended.count = 0;
    has_one = err == OK;
    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    err = physical_find(ctx, living, &physical);
    if (err != OK || living->refused != NULL)
        return err;
    if (has_one)
        err = present_judge(ctx, living, physical, &replaces);
    if (err != OK || (has_one && !replaces))
        return err;
    living->changed = true;
    err = insert(ctx, living, physical);
    return err == OK ? write_down(ctx, living->person_id, replaces ? "replaced" : "issued") : err;
}

/* What a change has come to, and the card as it is now. */
static const struct problem *
settle(struct ctx *ctx, const struct living *living, enum err err, enum metric metric)
{
    if (err == ERR_NOT_FOUND)
        return &problem_ecard_none;
    if (err == OK && living->refused != NULL)
        return living->refused;
    if (err == OK && living->changed)
        metric_add(metric, 1);
    if (err == OK)
        err = card_find(ctx, living->person_id, living->card);
    return err == ERR_NOT_FOUND ? &problem_ecard_none : problem_of(err);
}

const struct problem *
card_issue(struct ctx *ctx, const char *person_id, struct card *out)
{
    struct living living = { .person_id = person_id, .card = out };
    const struct problem *problem = card_mirror_fresh(ctx);
    enum err err = ERR_CONFLICT;

    if (problem != NULL)
        return problem;
    for (int i = 0; i < ISSUE_TRIES && err == ERR_CONFLICT; i++) { /* another press made it */
        err = id_new(ctx->env, ctx->arena, "c_", &living.new_id);
        if (err == OK)
            err = change(ctx, issue, &living);
    }
    if (err == OK && living.ended.count > 0)
        err = born_of_card_ended(ctx, person_id, &living.ended);
    return settle(ctx, &living, err, METRIC_ECARD_ISSUED);
}

/* --- Activated --- */

static enum err
activate(struct ctx *ctx, void *state)
{
    struct living *living = state;
    struct stored_ecard *row = &living->card->row;
    enum err err = hold_open(ctx, living);

    if (err != OK || row->own_state == ECARD_L2)
        return err;
    if (living->card->state != CARD_ACTIVE)
        return refuse(living, &problem_ecard_not_active);
    living->changed = true;
    row->own_state = ECARD_L2;
    row->activated_at = ctx->now;
    row->changed_at = ctx->now;
    err = store_ecard_change(ctx->store, row);
    return err == OK ? write_down(ctx, living->person_id, "activated") : err;
}

const struct problem *
card_activate(struct ctx *ctx, const char *person_id, struct card *out)
{
    struct living living = { .person_id = person_id, .card = out };

    return settle(ctx, &living, change(ctx, activate, &living), METRIC_ECARD_ACTIVATED);
}

/* --- Renewed --- */

static const struct problem *
renewal_judge(const struct ctx *ctx, const struct card *card)
{
    if (card->state == CARD_INACTIVE || is_past(ctx, &card->physical))
        return &problem_ecard_physical_unfit;
    if (card->state != CARD_ACTIVE && card->state != CARD_LAPSED)
        return &problem_ecard_not_active;
    return card_may_be_renewed(card->row.valid_to, ctx->now) ? NULL : &problem_ecard_renew_early;
}

static enum err
renew(struct ctx *ctx, void *state)
{
    struct living *living = state;
    struct stored_ecard *row = &living->card->row;
    enum err err = hold_open(ctx, living);

    if (err == OK)
        living->refused = renewal_judge(ctx, living->card);
    if (err != OK || living->refused != NULL)
        return err;
    living->changed = last_day(ctx, &living->card->physical) > row->valid_to;
    if (!living->changed) /* the physical card ends on the same day */
        return refuse(living, &problem_ecard_physical_unfit);
    row->valid_to = last_day(ctx, &living->card->physical);
    row->changed_at = ctx->now;
    err = store_ecard_change(ctx->store, row);
    return err == OK ? write_down(ctx, living->person_id, "renewed") : err;
}

const struct problem *
card_renew(struct ctx *ctx, const char *person_id, struct card *out)
{
    struct living living = { .person_id = person_id, .card = out };
    const struct problem *problem = card_mirror_fresh(ctx);

    if (problem != NULL)
        return problem;
    return settle(ctx, &living, change(ctx, renew, &living), METRIC_ECARD_RENEWED);
}

/* --- Closed --- */

static enum err
close_card(struct ctx *ctx, void *state)
{
    struct living *living = state;
    enum err err = hold_open(ctx, living);

    living->ended.count = 0;
    if (err != OK)
        return err;
    if (card_loss_at(&living->card->row, ctx->now) != CARD_NOT_LOST)
        return refuse(living, &problem_ecard_not_active);
    err = store_ecard_close(ctx->store, &living->card->row, "closed", ctx->now);
    if (err == OK)
        err = born_of_card_end(ctx, living->person_id, &living->ended);
    return err == OK ? write_down(ctx, living->person_id, "closed") : err;
}

const struct problem *
card_close(struct ctx *ctx, const char *person_id)
{
    struct card card;
    struct living living = { .person_id = person_id, .card = &card };
    enum err err = change(ctx, close_card, &living);

    if (err == ERR_NOT_FOUND)
        return &problem_ecard_none;
    if (err == OK && living.refused != NULL)
        return living.refused;
    if (err == OK)
        metric_add(METRIC_ECARD_CLOSED, 1);
    if (err == OK)
        err = born_of_card_ended(ctx, person_id, &living.ended);
    return problem_of(err);
}
