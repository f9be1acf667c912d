/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/restored.h"

#include <stdio.h>

#include "idp/audit/audit.h"
#include "idp/base/unwind.h"
#include "idp/context/change.h"
#include "idp/session/session.h"
#include "idp/tables/epoch.h"
#include "idp/tables/grant.h"
#include "idp/tables/session.h"

/* Of one page at a time. */
#define PAGE_BYTES ((size_t)4 << 20)
#define PAGES 20
#define REASON "restored"

enum err
restored_count(struct ctx *ctx, unix_s before, struct restored_count *out)
{
    enum err err = store_session_count_before(ctx->store, before, ctx->now, &out->sessions);

    return err == OK ? store_grant_count_before(ctx->store, before, ctx->now, &out->grants) : err;
}

/* --- The time --- */

static enum err
raise_in_change(struct ctx *ctx, void *state)
{
    const unix_s *before = state;
    enum err err = store_epoch_raise(ctx->store, "not_before", *before);

    if (err == ERR_NOT_FOUND) /* it is as late already */
        return OK;
    return err == OK ? audit_write(ctx, &(struct audit_record) { .event = AUDIT_ALL_REVOKED,
                                                                 .reason = REASON })
                     : err;
}

/* --- One by one --- */

static void
place_move(struct restored_place *place, const char *last, bool more)
{
    if (more) {
        snprintf(place->after, sizeof(place->after), "%s", last);
        return;
    }
    place->over = place->grants;
    place->grants = true;
    place->after[0] = '\0';
}

static enum err
sessions_page(struct ctx *ctx, unix_s before, struct restored_place *place)
{
    const struct sessions_before which = { place->after, before, ctx->now };
    struct listed_session_list list;
    enum err err = store_session_list_before(ctx->store, ctx->arena, &which, &list);

    for (size_t i = 0; err == OK && i < list.count; i++) {
        struct session session = {
            .live = true, .row = { .sid = list.at[i].sid, .subject = list.at[i].subject }
        };

        err = session_end(ctx, &session, REASON);
        place->ended.sessions += err == OK;
    }
    if (err == OK)
        place_move(place, list.count > 0 ? list.at[list.count - 1].sid : "",
                   list.count == SESSION_PAGE);
    return err;
}

struct grants_forgetting {
    const struct grant_list *list;
    unix_s before;
    int64_t ended;
};

/* Their access tokens need no revocation: they were issued before that time, or at a refresh that is
 * refused since. */
static enum err
grants_end(struct ctx *ctx, void *state)
{
    struct grants_forgetting *forgetting = state;
    enum err err = OK;

    forgetting->ended = 0;
    for (size_t i = 0; err == OK && i < forgetting->list->count; i++) {
        if (forgetting->list->at[i].created_at >= forgetting->before)
            continue;
        err = store_grant_end(ctx->store, forgetting->list->at[i].grant_id, ctx->now);
        forgetting->ended += err == OK;
        err = err == ERR_NOT_FOUND ? OK : err; /* somebody else ended it a moment ago */
    }
    return err;
}

static enum err
grants_page(struct ctx *ctx, unix_s before, struct restored_place *place)
{
    struct grant_list list;
    struct grants_forgetting forgetting = { &list, before, 0 };
    enum err err = store_grant_list(ctx->store, ctx->arena, place->after, &list);

    if (err == OK)
        err = change(ctx, grants_end, &forgetting);
    if (err != OK)
        return err;
    place->ended.grants += forgetting.ended;
    place_move(place, list.count > 0 ? list.at[list.count - 1].grant_id : "",
               list.count == GRANT_PAGE);
    return OK;
}

enum err
restored_begin(struct ctx *ctx, unix_s before)
{
    enum err err = change(ctx, raise_in_change, &before);

    if (err == OK)
        not_before_raise(ctx->services, before);
    return err;
}

enum err
restored_step(struct ctx *ctx, unix_s before, struct restored_place *place)
{
    struct ctx page = *ctx;
    struct held held;
    enum err err = OK;

    page.arena = arena_new(PAGE_BYTES);
    hold_begin(&held, arena_release, page.arena);
    for (int i = 0; err == OK && i < PAGES && !place->over; i++) {
        arena_reset(page.arena);
        err =
            place->grants ? grants_page(&page, before, place) : sessions_page(&page, before, place);
    }
    hold_release(&held);
    return err;
}
