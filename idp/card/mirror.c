/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/mirror.h"

#include "idp/base/metrics.h"
#include "idp/connect/physical_card.h"
#include "idp/context/change.h"
#include "idp/context/trace.h"
#include "idp/person/card.h"
#include "idp/person/vault.h"

/* --- What the feed tells --- */

struct page_taking {
    struct stored_physical_card *cards;
    size_t count;
    int64_t from;
    struct stored_feed feed;
};

/* Sealed before the change begins, so that it is short. */
static enum err
card_prepare(struct ctx *ctx, const struct card_change *change, struct stored_physical_card *out)
{
    *out = (struct stored_physical_card) {
        .holder = identity_digest(ctx, change->identity_number),
        .card_key = physical_card_key(ctx, change->region, change->card_no),
        .region = change->region,
        .state = change->state,
        .valid_from = change->valid_from,
        .valid_to = change->valid_to,
        .lapses_at = change->lapses_at,
        .position = change->position,
        .changed_at = ctx->now,
    };
    return physical_number_seal(ctx, &out->card_key, change->card_no, &out->number_sealed);
}

static enum err
apply_in_change(struct ctx *ctx, void *state)
{
    const struct page_taking *applying = state;
    enum err err = store_feed_move(ctx->store, &applying->feed, applying->from);

    for (size_t i = 0; err == OK && i < applying->count; i++)
        err = store_physical_card_put(ctx->store, ctx->arena, &applying->cards[i]);
    return err;
}

/* While there is more to fetch, or where the bureau's clock is wrong, it is as old as it was. It is never
 * younger than the question. */
static struct stored_feed
feed_behind(const struct ctx *ctx, const struct stored_feed *from,
            const struct card_feed_page *page)
{
    struct stored_feed feed = { .name = from->name,
                                .position = page->position,
                                .as_of = from->as_of,
                                .pulled_at = from->pulled_at };

    if (page->more || page->as_of > ctx->now + MIRROR_FRESH_S)
        return feed;
    feed.as_of = page->as_of < ctx->now ? page->as_of : ctx->now;
    feed.pulled_at = ctx->now;
    return feed;
}

enum err
card_mirror_apply(struct ctx *ctx, const struct stored_feed *from,
                  const struct card_feed_page *page)
{
    struct page_taking applying = {
        .cards = arena_alloc(ctx->arena, (page->count + 1) * sizeof(*applying.cards)),
        .count = page->count,
        .from = from->position,
        .feed = feed_behind(ctx, from, page),
    };
    enum err err = OK;

    for (size_t i = 0; err == OK && i < page->count; i++)
        err = card_prepare(ctx, &page->at[i], &applying.cards[i]);
    if (err == OK)
        err = change(ctx, apply_in_change, &applying);
    if (err == OK)
        metric_add(METRIC_CARD_FEED_CHANGES, (int64_t)page->count);
    return err;
}

static const struct card_wire *
wire_of(const struct ctx *ctx)
{
    return card_bureau_wire(ctx->services->card_bureau);
}

enum err
card_mirror_pull(struct ctx *ctx, struct mirror_pull *out)
{
    struct card_feed_page page;
    struct card_feed_ask ask = { .now = ctx->now, .traceparent = trace_onward(ctx) };
    struct stored_feed feed;
    enum err err = card_mirror_read(ctx, &feed);

    if (err != OK)
        return err;
    ask.position = feed.position;
    err = card_feed_pull(wire_of(ctx), ctx->arena, &ask, &page);
    if (err == OK)
        err = card_mirror_apply(ctx, &feed, &page);
    if (err == OK)
        *out = (struct mirror_pull) { (int64_t)page.count, page.more,
                                      feed_behind(ctx, &feed, &page).as_of };
    return err;
}
