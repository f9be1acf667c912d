/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/life/outbox.h"

#include "idp/audit/audit.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/card/loss_message.h"
#include "idp/context/bell.h"
#include "idp/context/change.h"
#include "idp/context/trace.h"
#include "idp/person/notice.h"
#include "idp/server/life/resting.h"
#include "idp/session/backchannel_answer.h"
#include "idp/session/logout.h"
#include "idp/tables/outbox.h"

/* Longer than a call can take, so that nobody else makes it meanwhile. */
#define LEASE_S 30
#define PAUSES_MAX 8
/* Each round for it was left early, or its partner rested all the time. */
#define TOO_OLD_S 86400
/* An answer that took longer kept a deliverer from others. */
#define SOON_US (2 * 1000000)

struct kind {
    const char *name;
    /* ERR_NOT_FOUND: there is nobody to tell any more; any other error: it shall be tried again.
     * *status: of the answer, where one came. */
    enum err (*tell)(struct ctx *ctx, const struct stored_delivery *delivery, int *status);
    int64_t pauses_s[PAUSES_MAX]; /* behind each try, as many as are not 0 */
    enum audit_event given_up;
    enum metric delivered;
    enum metric refused;
    enum metric failed; /* any other way */
    const char *log_try;
    const char *log_given_up;
    bool refusal_is_final; /* ERR_REFUSED is not tried again */
};

static const struct kind kinds[] = {
    { OUTBOX_LOGOUT,
      logout_tell,
      { 5, 30, 120, 600, 3600 },
      AUDIT_LOGOUT_GIVEN_UP,
      METRIC_LOGOUT_DELIVERED,
      METRIC_LOGOUT_REFUSED,
      METRIC_LOGOUT_FAILED,
      "logout.delivery",
      "logout.given_up",
      false },
    { OUTBOX_NOTICE,
      notice_tell,
      { 10, 60, 600, 3600 },
      AUDIT_NOTICE_GIVEN_UP,
      METRIC_NOTICE_SENT,
      METRIC_NOTICE_FAILED,
      METRIC_NOTICE_FAILED,
      "notice.delivery",
      "notice.given_up",
      false },
    { OUTBOX_PING,
      ping_tell,
      { 2, 5, 15, 60 },
      AUDIT_PING_GIVEN_UP,
      METRIC_PING_DELIVERED,
      METRIC_PING_REFUSED,
      METRIC_PING_FAILED,
      "ping.delivery",
      "ping.given_up",
      true },
    { OUTBOX_APPROVAL,
      approval_message_tell,
      { 5, 15, 60 },
      AUDIT_APPROVAL_UNSENT,
      METRIC_QUESTION_SENT,
      METRIC_QUESTION_FAILED,
      METRIC_QUESTION_FAILED,
      "approval.delivery",
      "approval.unsent",
      false },
    { OUTBOX_CARD_LOSS,
      loss_message_tell,
      { 2, 5, 15, 60, 300, 1800, 7200, 21600 },
      AUDIT_CARD_LOSS_UNTOLD,
      METRIC_CARD_LOSS_TOLD,
      METRIC_CARD_LOSS_REFUSED,
      METRIC_CARD_LOSS_FAILED,
      "card.loss_message",
      "card.loss_untold",
      false },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static int64_t
pauses_of(const struct kind *kind)
{
    int64_t count = 0;

    while (count < PAUSES_MAX && kind->pauses_s[count] != 0)
        count++;
    return count;
}

static enum err
done(struct ctx *ctx, const struct stored_delivery *delivery, const char *outcome,
     const char *answer)
{
    return store_delivery_done(ctx->store, delivery->delivery_id, ctx->now,
                               &(struct delivery_result) { outcome, answer });
}

/* As the operator reads it: "refused 400". */
static const char *
answer_of(struct ctx *ctx, enum err err, int status)
{
    return status == 0 ? err_name(err) : arena_printf(ctx->arena, "%s %d", err_name(err), status);
}

static enum err
give_up(struct ctx *ctx, const struct kind *kind, const struct stored_delivery *delivery,
        const char *outcome, const char *answer)
{
    log_line(LOG_ERROR, kind->log_given_up, log_text("partner", delivery->partner_id),
             log_text("delivery", delivery->delivery_id), log_text("outcome", outcome));
    audit_note(ctx, &(struct audit_record) { .event = kind->given_up,
                                             .reason = outcome,
                                             .subject = subject_person(delivery->person_id),
                                             .partner_id = delivery->partner_id,
                                             .sid = delivery->sid });
    return done(ctx, delivery, "given_up", answer);
}

static void
tried(const struct ctx *ctx, const struct kind *kind, const struct stored_delivery *delivery,
      enum err err, int status)
{
    log_line(err == OK ? LOG_INFO : LOG_WARN, kind->log_try,
             log_text("partner", delivery->partner_id), log_text("delivery", delivery->delivery_id),
             log_int("try", delivery->tries), log_text("outcome", err_name(err)),
             log_int("status", status), log_text("trace_id", ctx->trace_id));
    if (err == OK)
        metric_add(kind->delivered, 1);
    else
        metric_add(err == ERR_REFUSED ? kind->refused : kind->failed, 1);
}

/* Makes the call, and learns whether its partner keeps others waiting. */
static enum err
call_make(struct ctx *ctx, const struct kind *kind, const struct stored_delivery *delivery,
          int *status)
{
    int64_t begun_us = mono_us();
    enum err err = kind->tell(ctx, delivery, status);
    bool soon = mono_us() - begun_us < SOON_US;

    if (err != ERR_NOT_FOUND)
        resting_learn(ctx->services->resting, delivery->partner_id, env_now(ctx->env), soon);
    return err;
}

static enum err
deliver(struct ctx *ctx, const struct kind *kind, const struct stored_delivery *delivery)
{
    int64_t pauses = pauses_of(kind);
    int status = 0; /* no answer */
    const char *answer;
    enum err err;

    if (delivery->tries > pauses + 1 || ctx->now - delivery->created_at > TOO_OLD_S)
        return give_up(ctx, kind, delivery, "ended", delivery->answer);
    if (!resting_may_call(ctx->services->resting, delivery->partner_id, ctx->now))
        return store_delivery_put_back(ctx->store, delivery->delivery_id, ctx->now + RESTING_S);
    trace_take(ctx, NULL);
    err = call_make(ctx, kind, delivery, &status);
    answer = answer_of(ctx, err, status);
    if (err == ERR_NOT_FOUND)
        return done(ctx, delivery, "partner_gone", "");
    tried(ctx, kind, delivery, err, status);
    if (err == OK)
        return done(ctx, delivery, "delivered", answer);
    if (delivery->tries > pauses || (err == ERR_REFUSED && kind->refusal_is_final))
        return give_up(ctx, kind, delivery, err_name(err), answer);
    return store_delivery_retry(ctx->store, delivery->delivery_id,
                                ctx->now + kind->pauses_s[delivery->tries - 1],
                                &(struct delivery_result) { err_name(err), answer });
}

/* Where there was one there may be more: the next deliverer looks while this one calls. */
static enum err
deliver_one(struct ctx *ctx, const struct kind *kind, bool *worked)
{
    struct delivery_claim claim = {
        .kind = kind->name, .now = ctx->now, .lease_s = LEASE_S, .max = 1
    };
    struct delivery_list due;
    enum err err = store_delivery_claim(ctx->store, ctx->arena, &claim, &due);

    if (err != OK || due.count == 0)
        return err;
    *worked = true;
    bell_ring(ctx->services->outbox);
    return deliver(ctx, kind, &due.at[0]);
}

enum err
outbox_deliver(struct ctx *ctx, bool *worked)
{
    enum err err = OK;

    *worked = false;
    for (size_t i = 0; err == OK && i < KINDS; i++) {
        ctx->now = env_now(ctx->env); /* the call before this one took its time */
        err = deliver_one(ctx, &kinds[i], worked);
    }
    return err;
}

/* --- From the version before --- */

static enum err
drain_page(struct ctx *ctx, void *state)
{
    return store_logout_delivery_drain(ctx->store, ctx->arena, OUTBOX_LOGOUT, ctx->now, state);
}

enum err
outbox_drain(struct ctx *ctx)
{
    size_t moved = LOGOUT_DRAIN;
    enum err err = OK;

    while (err == OK && moved == LOGOUT_DRAIN) {
        err = change(ctx, drain_page, &moved);
        if (err == OK && moved > 0)
            bell_ring(ctx->services->outbox);
    }
    return err;
}
