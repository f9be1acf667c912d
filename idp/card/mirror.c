/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/mirror.h"

#include "idp/base/metrics.h"
#include "idp/card/born.h"
#include "idp/connect/physical_card.h"
#include "idp/context/change.h"
#include "idp/context/trace.h"
#include "idp/person/card.h"
#include "idp/person/vault.h"
#include "keys/secret.h"
#include "policies/loss_days.h"

#define DAY_S 86400

/* --- What the feed tells --- */

/* One card of a page, and whose it is. */
struct card_taking {
    struct stored_physical_card row;
    const char *person_id; /* "": nobody's who has an account */
    bool stopped;          /* her electronic card is, by this */
    struct grant_list ended;
};

struct page_taking {
    struct card_taking *cards;
    size_t count;
    const struct stored_feed *feed; /* NULL: it stays where it is */
    int64_t from;
};

/* A provisional loss lapses when the bureau says, or after the days of the region. */
static unix_s
lapses_at(const struct ctx *ctx, const struct card_change *change)
{
    if (change->state != PHYSICAL_PROVISIONAL || change->lapses_at != 0)
        return change->lapses_at;
    return ctx->now + loss_days(ctx->settings->card.loss_days, change->region) * DAY_S;
}

/* Sealed before the change begins, so that it is short. */
static enum err
card_prepare(struct ctx *ctx, const struct card_change *change, struct card_taking *out)
{
    struct stored_physical_card *row = &out->row;
    enum err err = person_find_by_identity(ctx, change->identity_number, &out->person_id);

    if (err == ERR_NOT_FOUND)
        out->person_id = "";
    else if (err != OK)
        return err;
    *row = (struct stored_physical_card) {
        .holder = identity_digest(ctx, change->identity_number),
        .card_key = physical_card_key(ctx, change->region, change->card_no),
        .region = change->region,
        .state = change->state,
        .valid_from = change->valid_from,
        .valid_to = change->valid_to,
        .lapses_at = lapses_at(ctx, change),
        .position = change->position,
        .changed_at = ctx->now,
    };
    return physical_number_seal(ctx, &row->card_key, change->card_no, &row->number_sealed);
}

/* Is that how the mirror has the card now, and not something later? */
static enum err
is_the_last(struct ctx *ctx, const struct stored_physical_card *row, bool *out)
{
    struct stored_physical_card present;
    enum err err =
        store_physical_card_load(ctx->store, ctx->arena, &row->holder, &row->card_key, &present);

    *out = err == OK && present.position == row->position;
    return err;
}

/* An electronic card of another physical one goes on. This one is held: a scan that still found it in order
 * has been waited for, and what it has made ends too; the next one finds it stopped. */
static enum err
is_stopped(struct ctx *ctx, const struct card_taking *taking, bool *out)
{
    struct stored_ecard card;
    enum err err;

    *out = false;
    if (taking->row.state == PHYSICAL_NORMAL || *taking->person_id == '\0')
        return OK;
    err = store_ecard_find(ctx->store, ctx->arena, taking->person_id, &card);
    if (err == OK && !digest_eq(&card.card_key, &taking->row.card_key))
        return OK;
    if (err == OK)
        err = store_ecard_hold(ctx->store, ctx->arena, card.person_id, card.card_id, &card);
    if (err == OK)
        err = is_the_last(ctx, &taking->row, out);
    return err == ERR_NOT_FOUND ? OK : err; /* she has none, or has closed it just now */
}

/* What was born of her card ends with it, in the same change. */
static enum err
card_take(struct ctx *ctx, struct card_taking *taking)
{
    enum err err = store_physical_card_put(ctx->store, ctx->arena, &taking->row);

    taking->ended.count = 0;
    if (err == OK)
        err = is_stopped(ctx, taking, &taking->stopped);
    return err == OK && taking->stopped ? born_of_card_end(ctx, taking->person_id, &taking->ended)
                                        : err;
}

static enum err
take_in_change(struct ctx *ctx, void *state)
{
    struct page_taking *page = state;
    enum err err = page->feed != NULL ? store_feed_move(ctx->store, page->feed, page->from) : OK;

    for (size_t i = 0; err == OK && i < page->count; i++)
        err = card_take(ctx, &page->cards[i]);
    return err;
}

/* This node knows of what has ended at once. */
static enum err
born_ended(struct ctx *ctx, const struct page_taking *page)
{
    enum err err = OK;

    for (size_t i = 0; err == OK && i < page->count; i++)
        if (page->cards[i].stopped)
            err = born_of_card_ended(ctx, page->cards[i].person_id, &page->cards[i].ended);
    return err;
}

static enum err
changes_take(struct ctx *ctx, const struct card_change *changes, struct page_taking *page)
{
    enum err err = OK;

    page->cards = arena_alloc(ctx->arena, (page->count + 1) * sizeof(*page->cards));
    for (size_t i = 0; err == OK && i < page->count; i++)
        err = card_prepare(ctx, &changes[i], &page->cards[i]);
    if (err == OK)
        err = change(ctx, take_in_change, page);
    return err == OK ? born_ended(ctx, page) : err;
}

enum err
card_mirror_take(struct ctx *ctx, const struct card_change *changes, size_t count)
{
    struct page_taking page = { .count = count };

    return changes_take(ctx, changes, &page);
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
    const struct stored_feed behind = feed_behind(ctx, from, page);
    struct page_taking taking = { .count = page->count, .feed = &behind, .from = from->position };
    enum err err = changes_take(ctx, page->at, &taking);

    if (err == OK)
        metric_add(METRIC_CARD_FEED_CHANGES, page->position - from->position);
    return err;
}

struct raising {
    int64_t to;
    bool raised;
};

static enum err
raise_in_change(struct ctx *ctx, void *state)
{
    struct raising *raising = state;
    struct stored_feed feed;
    enum err err = card_mirror_read(ctx, &feed);
    int64_t from = feed.position;

    raising->raised = err == OK && from < raising->to;
    if (!raising->raised)
        return err;
    feed.position = raising->to;
    return store_feed_move(ctx->store, &feed, from);
}

enum err
card_mirror_raise(struct ctx *ctx, int64_t position, bool *raised)
{
    struct raising raising = { .to = position };
    enum err err = change(ctx, raise_in_change, &raising);

    *raised = raising.raised;
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
        *out = (struct mirror_pull) { page.position - feed.position, page.more,
                                      feed_behind(ctx, &feed, &page).as_of };
    return err;
}
