/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/loss.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/card/born.h"
#include "idp/card/loss_message.h"
#include "idp/context/change.h"
#include "idp/person/card_mirror.h"
#include "idp/person/notice.h"
#include "idp/person/vault.h"
#include "policies/loss_days.h"

#define DAY_S ((unix_s)86400)

static const char *
place_word(enum loss_place place)
{
    static const char *const words[] = {
        [LOSS_ON_PAGE] = "page",        [LOSS_BY_MESSAGE] = "message",
        [LOSS_IN_APP] = "app",          [LOSS_AT_TERMINAL] = "terminal",
        [LOSS_AT_COUNTER] = "counter",  [LOSS_BY_TELEPHONE] = "telephone",
        [LOSS_BY_OPERATOR] = "operator"
    };

    return words[place];
}

/* Her card that is open, and nobody changes it until the transaction ends. */
static enum err
hold_open(struct ctx *ctx, const char *person_id, struct card *out)
{
    struct stored_ecard row;
    enum err err = store_ecard_find(ctx->store, ctx->arena, person_id, &row);

    return err == OK ? card_hold(ctx, person_id, row.card_id, out) : err;
}

enum card_loss
card_loss_at(const struct stored_ecard *row, unix_s now)
{
    bool lapsed = row->loss == CARD_LOSS_PROVISIONAL && row->loss_lapses_at != 0 &&
                  now >= row->loss_lapses_at;

    return lapsed ? CARD_NOT_LOST : (enum card_loss)row->loss;
}

static enum err
tell(struct ctx *ctx, const struct stored_ecard *row, enum notice notice)
{
    struct person person;
    enum err err = person_load(ctx, row->person_id, &person);

    return err == OK ? notice_put(ctx, row->person_id, person.phone, notice) : err;
}

static enum err
write_down(struct ctx *ctx, const struct stored_ecard *row, enum audit_event event,
           const char *reason)
{
    return audit_write(ctx, &(struct audit_record) { .event = event,
                                                     .reason = reason,
                                                     .subject = subject_person(row->person_id),
                                                     .partner_id = ctx->partner_id });
}

/* --- Lost --- */

struct losing {
    const struct loss_report *report;
    enum err (*beside)(struct ctx *ctx, const char *person_id);
    struct card *card;
    struct grant_list ended;
    bool changed;
};

static void
loss_put(struct ctx *ctx, const struct loss_report *report, struct stored_ecard *row)
{
    int64_t days = loss_days(ctx->settings->card.loss_days, row->region);

    row->loss = report->kind;
    row->loss_at = ctx->now;
    row->loss_lapses_at =
        report->kind == CARD_LOSS_PROVISIONAL ? ctx->now + (unix_s)days * DAY_S : 0;
    row->changed_at = ctx->now;
}

static const char *
loss_told(struct ctx *ctx, const struct loss_report *report)
{
    return arena_printf(ctx->arena, "%s %s",
                        report->kind == CARD_LOSS_FORMAL ? "formal" : "provisional",
                        place_word(report->place));
}

static enum err
lost(struct ctx *ctx, struct losing *losing)
{
    struct stored_ecard *row = &losing->card->row;
    enum err err;

    loss_put(ctx, losing->report, row);
    err = store_ecard_change(ctx->store, row);
    if (err == OK)
        err = born_of_card_end(ctx, row->person_id, &losing->ended);
    if (err == OK)
        err = loss_message_put(ctx, row);
    if (err == OK)
        err = write_down(ctx, row, AUDIT_CARD_LOST, loss_told(ctx, losing->report));
    if (err == OK)
        err = tell(ctx, row, NOTICE_CARD_LOST);
    if (err == OK && losing->beside != NULL)
        err = losing->beside(ctx, row->person_id);
    return err;
}

static enum err
lose(struct ctx *ctx, void *state)
{
    struct losing *losing = state;
    enum err err = hold_open(ctx, losing->report->person_id, losing->card);

    losing->ended.count = 0;
    losing->changed =
        err == OK && card_loss_at(&losing->card->row, ctx->now) < losing->report->kind;
    if (losing->changed)
        err = lost(ctx, losing);
    return err;
}

const struct problem *
card_lose(struct ctx *ctx, const struct loss_report *report, struct card *out)
{
    return card_lose_noted(ctx, report, NULL, out);
}

const struct problem *
card_lose_noted(struct ctx *ctx, const struct loss_report *report,
                enum err (*beside)(struct ctx *ctx, const char *person_id), struct card *out)
{
    struct losing losing = { .report = report, .beside = beside, .card = out };
    enum err err = change(ctx, lose, &losing);

    if (err == ERR_NOT_FOUND)
        return &problem_ecard_none;
    if (err == OK && losing.changed)
        metric_add(report->kind == CARD_LOSS_FORMAL ? METRIC_ECARD_LOST_FORMAL
                                                    : METRIC_ECARD_LOST_PROVISIONAL,
                   1);
    if (err == OK) /* also when it was told before: that one may have been interrupted here */
        err = born_of_card_ended(ctx, report->person_id, &losing.ended);
    if (err == OK)
        err = card_find(ctx, report->person_id, out);
    return err == ERR_NOT_FOUND ? &problem_ecard_none : problem_of(err);
}

/* --- Found --- */

struct releasing {
    const char *person_id;
    enum loss_place place;
    struct card *card;
    const struct problem *refused;
    bool changed;
};

/* Another card of the same holder: ordered (it is not enabled yet), or enabled. */
static bool
takes_its_place(const struct stored_physical_card *other, const struct stored_ecard *row)
{
    return !digest_eq(&other->card_key, &row->card_key) &&
           (other->state == PHYSICAL_NOT_ENABLED || other->state == PHYSICAL_NORMAL);
}

static enum err
is_replaced(struct ctx *ctx, const struct card *card, bool *out)
{
    struct physical_card_list list;
    enum err err = store_physical_card_list(ctx->store, ctx->arena, &card->row.holder, &list);

    *out = card->physical.state == PHYSICAL_VOID || card->physical.state == PHYSICAL_CANCELLED;
    for (size_t i = 0; err == OK && i < list.count; i++)
        *out = *out || takes_its_place(&list.at[i], &card->row);
    return err;
}

static enum err
release_judge(struct ctx *ctx, struct releasing *releasing)
{
    bool replaced = false;
    enum err err = is_replaced(ctx, releasing->card, &replaced);

    releasing->refused = card_mirror_fresh(ctx);
    if (releasing->refused != NULL)
        return err;
    if (replaced)
        releasing->refused = &problem_ecard_release_replaced;
    else if (releasing->card->row.loss == CARD_LOSS_FORMAL)
        releasing->refused = &problem_ecard_release_final;
    return err;
}

static enum err
released(struct ctx *ctx, struct releasing *releasing)
{
    struct stored_ecard *row = &releasing->card->row;
    enum err err;

    row->loss = CARD_NOT_LOST;
    row->loss_lapses_at = 0;
    row->changed_at = ctx->now;
    err = store_ecard_change(ctx->store, row);
    if (err == OK)
        err = loss_message_put(ctx, row);
    if (err == OK)
        err = write_down(ctx, row, AUDIT_CARD_RELEASED, place_word(releasing->place));
    if (err == OK)
        err = tell(ctx, row, NOTICE_CARD_RELEASED);
    return err;
}

static enum err
release(struct ctx *ctx, void *state)
{
    struct releasing *releasing = state;
    enum err err = hold_open(ctx, releasing->person_id, releasing->card);

    releasing->refused = NULL;
    releasing->changed = false;
    if (err != OK || card_loss_at(&releasing->card->row, ctx->now) == CARD_NOT_LOST)
        return err;
    err = release_judge(ctx, releasing);
    if (err != OK || releasing->refused != NULL)
        return err;
    releasing->changed = true;
    return released(ctx, releasing);
}

static const struct problem *
release_refused(struct ctx *ctx, const struct releasing *releasing)
{
    if (problem_is_temporary(releasing->refused)) /* nobody knows whether it may be */
        return releasing->refused;
    audit_note(ctx, &(struct audit_record) {
                        .event = AUDIT_CARD_RELEASE_REFUSED,
                        .reason = releasing->refused == &problem_ecard_release_final ? "formal"
                                                                                     : "replaced",
                        .subject = subject_person(releasing->person_id),
                        .partner_id = ctx->partner_id });
    return releasing->refused;
}

const struct problem *
card_release(struct ctx *ctx, const char *person_id, enum loss_place place, struct card *out)
{
    struct releasing releasing = { .person_id = person_id, .place = place, .card = out };
    const struct problem *problem = card_mirror_fresh(ctx);
    enum err err;

    if (problem != NULL) /* the office may have ordered another card since */
        return problem;
    err = change(ctx, release, &releasing);
    if (err == ERR_NOT_FOUND)
        return &problem_ecard_none;
    if (err == OK && releasing.refused != NULL)
        return release_refused(ctx, &releasing);
    if (err == OK && releasing.changed)
        metric_add(METRIC_ECARD_RELEASED, 1);
    if (err == OK)
        err = card_find(ctx, person_id, out);
    return err == ERR_NOT_FOUND ? &problem_ecard_none : problem_of(err);
}
