/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/clock.h"

#include <stdatomic.h>

#include "idp/audit/audit.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/context/change.h"

static void
raise_to(_Atomic(int64_t) *time, int64_t to)
{
    int64_t now_is = atomic_load(time);

    while (now_is < to && !atomic_compare_exchange_weak(time, &now_is, to))
        continue;
}

/* Whoever begins anew has made the old times meaningless. */
static void
hear(struct ctx *ctx, const struct epochs *epochs)
{
    struct card_time *time = &ctx->services->card_time;

    if (atomic_load(&time->known) && atomic_load(&time->epoch) != epochs->card_epoch) {
        atomic_store(&time->high, ctx->now);
        atomic_store(&time->stored, epochs->card_time);
    }
    atomic_store(&time->epoch, epochs->card_epoch);
    raise_to(&time->high, code_clock_heard(atomic_load(&time->high), epochs->card_time));
    raise_to(&time->stored, epochs->card_time);
    atomic_store(&time->known, true);
}

/* Whoever is told "as late already" knows as much as who has raised it. */
static enum err
keep(struct ctx *ctx)
{
    unix_s to = code_clock_to_store(ctx->now);
    enum err err = store_epoch_raise(ctx->store, "card_time", to);

    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    raise_to(&ctx->services->card_time.stored, to);
    return OK;
}

static enum err
learn(struct ctx *ctx)
{
    struct epochs epochs;
    enum err err = store_epoch_read(ctx->store, &epochs);

    if (err == OK)
        hear(ctx, &epochs);
    return err;
}

static struct code_clock
clock_now(struct ctx *ctx)
{
    struct card_time *time = &ctx->services->card_time;

    raise_to(&time->high, ctx->now);
    return (struct code_clock) { .wall = ctx->now,
                                 .high = atomic_load(&time->high),
                                 .not_before = atomic_load(&ctx->services->not_before) };
}

enum err
card_clock_read(struct ctx *ctx, struct code_clock *out)
{
    struct card_time *time = &ctx->services->card_time;
    enum err err = atomic_load(&time->known) ? OK : learn(ctx);

    if (err == OK && code_clock_is_beyond(ctx->now, atomic_load(&time->stored)))
        err = keep(ctx);
    if (err == OK)
        *out = clock_now(ctx);
    return err;
}

int64_t
card_clock_epoch(const struct ctx *ctx)
{
    return atomic_load(&ctx->services->card_time.epoch);
}

/* --- The job --- */

static void
tell(struct ctx *ctx)
{
    struct code_clock clock = clock_now(ctx);
    bool behind = !code_clock_may_issue(&clock);

    metric_tell(METRIC_CARD_CLOCK_BEHIND, code_clock_behind(&clock), 0);
    if (behind != atomic_exchange(&ctx->services->card_time.behind, behind) && behind)
        log_line(LOG_ERROR, "card.clock_behind", log_int("seconds", code_clock_behind(&clock)));
}

enum err
card_clock_watch(struct ctx *ctx, const struct epochs *epochs)
{
    enum err err = OK;

    if (*ctx->settings->card_bureau.url == '\0')
        return OK;
    hear(ctx, epochs);
    if (code_clock_comes_near(ctx->now, atomic_load(&ctx->services->card_time.stored)))
        err = keep(ctx);
    tell(ctx);
    return err;
}

/* --- The operator --- */

static enum err
anew_in_change(struct ctx *ctx, void *state)
{
    int64_t epoch;
    enum err err = store_epoch_bump(ctx->store, "card_epoch", &epoch);

    (void)state;
    if (err == OK)
        err = store_epoch_set(ctx->store, "card_time", code_clock_to_store(ctx->now));
    return err == OK ? audit_write(ctx, &(struct audit_record) { .event = AUDIT_CARD_CLOCK,
                                                                 .reason = "anew" })
                     : err;
}

enum err
card_clock_begin_anew(struct ctx *ctx)
{
    enum err err = learn(ctx);

    if (err == OK)
        err = change(ctx, anew_in_change, NULL);
    return err == OK ? learn(ctx) : err;
}
