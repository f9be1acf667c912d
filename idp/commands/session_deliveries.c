/* SPDX-License-Identifier: Apache-2.0 */
/* What partners were told of logouts, and how they took it: those not done, and those of a week. */
#include "idp/base/text.h"
#include "idp/commands/commands.h"
#include "idp/commands/listing.h"
#include "idp/session/logout.h"
#include "idp/tables/outbox.h"

#define LIMIT 200
#define LIMIT_MAX 10000

static const struct listing_column columns[] = {
    { "since", CELL_TIME },
    { "partner", CELL_TEXT },
    { "session", CELL_TEXT },
    { "state", CELL_TEXT },
    { "tries", CELL_NUMBER },
    { "last_answer", CELL_TEXT },
    { "next_at", CELL_TIME },
    { "done_at", CELL_TIME },
    { "person", CELL_TEXT },
    { "delivery", CELL_TEXT },
    { 0 },
};

/* Those of the version before have their last answer as the outcome. */
static void
delivery_show(struct listing *listing, const struct stored_delivery *row)
{
    bool waits = row->done_at == 0;
    const char *answer = text_is_empty(row->answer) && waits ? row->outcome : row->answer;

    listing_add(listing, (struct cell[]) { { .number = row->created_at },
                                           { .text = row->partner_id },
                                           { .text = row->sid },
                                           { .text = waits ? "waiting" : row->outcome },
                                           { .number = row->tries },
                                           { .text = answer },
                                           { .number = waits ? row->next_at : 0 },
                                           { .number = row->done_at },
                                           { .text = row->person_id },
                                           { .text = row->delivery_id } });
}

static const char *
or_all(const char *text)
{
    return text != NULL ? text : "";
}

enum err
command_session_deliveries(struct call *call)
{
    struct ctx *ctx = &call->shop.ctx;
    const struct delivery_filter filter = {
        .kind = OUTBOX_LOGOUT,
        .partner_id = or_all(call->partner_id),
        .person_id = or_all(call->person_id),
        .since = call->since.given ? when_at(call->since, ctx->now) : 0,
        .limit = call->limit > 0 ? call->limit : LIMIT,
    };
    struct delivery_list list;
    struct listing listing;
    enum err err;

    if (call->limit > LIMIT_MAX)
        return call_fail(call, ERR_INVALID, "--limit is at most %d", LIMIT_MAX);
    err = store_delivery_list(ctx->store, call->arena, &filter, &list);
    if (err != OK)
        return err;
    listing_begin(call, columns, &listing);
    for (size_t i = list.count; i > 0; i--)
        delivery_show(&listing, &list.at[i - 1]);
    listing_end(&listing);
    return OK;
}
