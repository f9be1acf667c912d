/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/card_mirror.h"

#include "idp/base/text.h"

#define FEED "physical_card"
/* So far may the clock of the node that pulls be ahead of ours. */
#define CLOCKS_DIFFER_S 5

enum err
card_mirror_read(struct ctx *ctx, struct stored_feed *out)
{
    enum err err = store_feed_find(ctx->store, FEED, out);

    if (err != ERR_NOT_FOUND)
        return err;
    *out = (struct stored_feed) { .name = FEED };
    return OK;
}

/* A time that is still to come is one of before our clock was set back: nothing is known of now. */
static bool
is_fresh(const struct ctx *ctx, const struct stored_feed *feed)
{
    int64_t age_s = ctx->now - feed->as_of;

    return age_s <= MIRROR_FRESH_S && age_s >= -CLOCKS_DIFFER_S &&
           !handed_out_too_early(ctx, feed->pulled_at);
}

const struct problem *
card_mirror_fresh(struct ctx *ctx)
{
    struct stored_feed feed;
    enum err err;

    if (text_is_empty(ctx->settings->card_bureau.url))
        return &problem_card_not_offered;
    err = card_mirror_read(ctx, &feed);
    if (err != OK)
        return problem_of(err);
    return is_fresh(ctx, &feed) ? NULL : &problem_card_register_stale;
}
