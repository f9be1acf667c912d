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
#define ID_ROOM 64 /* ids of ours are shorter */
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

static enum err
sessions_page(struct ctx *ctx, struct sessions_before *which, struct listed_session_list *list,
              int64_t *ended)
{
    enum err err = store_session_list_before(ctx->store, ctx->arena, which, list);

    for (size_t i = 0; err == OK && i < list->count; i++) {
        struct session session = {
            .live = true, .row = { .sid = list->at[i].sid, .subject = list->at[i].subject }
        };

        err = session_end(ctx, &session, REASON);
        *ended += err == OK;
    }
    return err;
}

static enum err
sessions_end(struct ctx *page, unix_s before, int64_t *ended)
{
    struct listed_session_list list = { .count = SESSION_PAGE };
    char after[ID_ROOM] = "";
    struct sessions_before which = { after, before, page->now };
    enum err err = OK;

    while (err == OK && list.count == SESSION_PAGE) {
        arena_reset(page->arena);
        err = sessions_page(page, &which, &list, ended);
        if (err == OK && list.count > 0)
            snprintf(after, sizeof(after), "%s", list.at[list.count - 1].sid);
    }
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
all_grants_end(struct ctx *page, unix_s before, int64_t *ended)
{
    struct grant_list list = { .count = GRANT_PAGE };
    struct grants_forgetting forgetting = { &list, before, 0 };
    char after[ID_ROOM] = "";
    enum err err = OK;

    while (err == OK && list.count == GRANT_PAGE) {
        arena_reset(page->arena);
        err = store_grant_list(page->store, page->arena, after, &list);
        if (err == OK)
            err = change(page, grants_end, &forgetting);
        *ended += err == OK ? forgetting.ended : 0;
        if (err == OK && list.count > 0)
            snprintf(after, sizeof(after), "%s", list.at[list.count - 1].grant_id);
    }
    return err;
}

enum err
restored_revoke(struct ctx *ctx, unix_s before, struct restored_count *out)
{
    struct ctx page = *ctx;
    struct held held;
    enum err err = change(ctx, raise_in_change, &before);

    *out = (struct restored_count) { 0 };
    if (err != OK)
        return err;
    not_before_raise(ctx->services, before);
    page.arena = arena_new(PAGE_BYTES);
    hold_begin(&held, arena_release, page.arena);
    err = sessions_end(&page, before, &out->sessions);
    if (err == OK)
        err = all_grants_end(&page, before, &out->grants);
    hold_release(&held);
    return err;
}
