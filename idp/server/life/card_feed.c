/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/life/card_feed.h"

#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/card/mirror.h"
#include "idp/connect/physical_card.h"

/* Longer than a pause and a call together, so that the age does not vanish while it grows. */
#define AGE_GOOD_FOR_S 90

/* --- How old the mirror is --- */

static void
staleness_tell(struct card_pulls *pulls, int64_t age_s)
{
    bool stale = age_s > MIRROR_FRESH_S;

    if (stale == pulls->stale)
        return;
    pulls->stale = stale;
    log_line(stale ? LOG_ERROR : LOG_INFO, stale ? "card.feed_stale" : "card.feed_fresh",
             log_int("age_s", age_s), log_int("failures", pulls->failures));
}

/* One that was never pulled is as old as this job. */
static enum err
age_tell(struct ctx *ctx, struct card_pulls *pulls)
{
    struct stored_feed feed;
    enum err err = card_mirror_read(ctx, &feed);
    int64_t age_s;

    if (err != OK)
        return err;
    age_s = ctx->now - (feed.as_of != 0 ? feed.as_of : pulls->since);
    metric_tell(METRIC_CARD_FEED_AGE, age_s, AGE_GOOD_FOR_S);
    staleness_tell(pulls, age_s);
    return OK;
}

/* --- Pulling --- */

static void
failed(const struct ctx *ctx, struct card_pulls *pulls, enum err err)
{
    int64_t pause_s = CARD_FEED_EVERY_S;

    for (int64_t i = 0; i < pulls->failures && pause_s < CARD_FEED_PAUSE_MOST_S; i++)
        pause_s *= 2;
    pulls->failures++;
    pulls->next_at =
        ctx->now + (pause_s < CARD_FEED_PAUSE_MOST_S ? pause_s : CARD_FEED_PAUSE_MOST_S);
    metric_add(err == ERR_FORGED || err == ERR_INVALID ? METRIC_CARD_FEED_ALARM
                                                       : METRIC_CARD_FEED_UNANSWERED,
               1);
    log_line(LOG_WARN, "card.feed", log_text("error", err_name(err)),
             log_int("failures", pulls->failures));
}

static void
succeeded(const struct ctx *ctx, struct card_pulls *pulls, const struct mirror_pull *pull)
{
    bool stale = !pull->more && ctx->now - pull->as_of > MIRROR_FRESH_S;

    pulls->failures = 0;
    pulls->next_at = 0;
    metric_add(stale ? METRIC_CARD_FEED_STALE : METRIC_CARD_FEED_OK, 1);
    if (pull->changes > 0)
        log_line(LOG_INFO, "card.feed", log_int("changes", pull->changes));
}

/* Also when the clock has been set back. */
static bool
is_time(const struct ctx *ctx, const struct card_pulls *pulls)
{
    return ctx->now >= pulls->next_at || pulls->next_at - ctx->now > CARD_FEED_PAUSE_MOST_S;
}

enum err
card_feed_round(struct ctx *ctx, struct card_pulls *pulls, bool *again)
{
    struct mirror_pull pull;
    enum err err;

    *again = false;
    if (!card_bureau_is_configured(ctx->services->card_bureau))
        return OK;
    if (pulls->since == 0)
        pulls->since = ctx->now;
    if (is_time(ctx, pulls)) {
        err = card_mirror_pull(ctx, &pull);
        if (err == OK)
            succeeded(ctx, pulls, &pull);
        else if (err != ERR_CONFLICT) /* another node has it */
            failed(ctx, pulls, err);
        *again = err == OK && pull.more;
    }
    return age_tell(ctx, pulls);
}
