/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/session/login_count.h"
#include "idp/tables/audit.h"
#include "idp/tables/lease.h"
#include "protocols/admin/live.h"

#define LEASES_MOST 20
#define EVENTS_MOST 15
#define NODE_SHOWN 8 /* of 32 digits */

static const char *
node_short(struct arena *arena, const char *node)
{
    return arena_copy(arena, node, strnlen(node, NODE_SHOWN));
}

static void
leases_show(struct request *rq, struct page *page, const struct lease_list *leases)
{
    const char *here = rq->ctx->services->node;

    if (here != NULL)
        page_text(page, "node", node_short(rq->arena, here));
    for (size_t i = 0; i < leases->count; i++) {
        const struct stored_lease *lease = &leases->at[i];
        const char *holder =
            lease->until > rq->now ? node_short(rq->arena, lease->holder) : "\xe2\x80\x93";
        struct page *row = page_row(page, "leases");

        page_text(row, "work", lease->name);
        page_text(row, text_eq(lease->holder, here) ? "here" : "holder", holder);
    }
}

const char *
live_time_of_day(struct arena *arena, unix_s at)
{
    const char *compact = time_beijing_compact(arena, at);

    return arena_printf(arena, "%.2s:%.2s:%.2s", compact + 8, compact + 10, compact + 12);
}

const char *
live_channel(const struct request *rq, const char *channel)
{
    static const enum word words[CHANNELS] = {
#define CHANNEL(symbol, ...) [CHANNEL_##symbol] = WORD_channel_##symbol,
#include "policies/channel.def"
#undef CHANNEL
    };

    for (size_t i = 0; i < CHANNELS; i++)
        if (text_eq(channels[i].name, channel))
            return word(rq->language, words[i]);
    return channel;
}

static void
event_show(struct request *rq, struct page *page, const struct stored_audit *event)
{
    const struct partner *partner = registry_find(rq->ctx->services->registry, event->partner_id);
    struct page *row = page_row(page, "events");

    page_text(row, "time", live_time_of_day(rq->arena, event->at));
    page_text(row, "event", event->event);
    page_text(row, "mood", event->is_refusal == 1 ? "bad" : "well");
    page_text(row, "reason", event->reason);
    page_text(row, "partner",
              partner != NULL ? partner_name(partner, rq->language) : event->partner_id);
    page_text(row, "channel", live_channel(rq, event->channel));
    page_text(row, "request", event->request_id);
}

bool
live_lists(struct request *rq, struct page *page)
{
    const struct audit_filter any = { "", "", "", "", 0, EVENTS_MOST };
    struct store *store = rq->ctx->store;
    struct lease_list leases;
    struct audit_rows events;

    if (store == NULL || store_lease_list(store, rq->arena, LEASES_MOST, &leases) != OK ||
        store_audit_list(store, rq->arena, &any, &events) != OK)
        return false;
    leases_show(rq, page, &leases);
    for (size_t i = 0; i < events.count; i++)
        event_show(rq, page, &events.at[i]);
    return true;
}
