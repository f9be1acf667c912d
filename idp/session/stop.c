/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/stop.h"

#include <stdio.h>

#include "idp/audit/audit.h"
#include "idp/base/unwind.h"
#include "idp/context/change.h"
#include "idp/partner/registry.h"
#include "idp/person/family_end.h"
#include "idp/person/wechat_binding.h"
#include "idp/session/grant_end.h"
#include "idp/session/session.h"
#include "idp/tables/partner.h"

/* Of one page at a time. */
#define PAGE_BYTES ((size_t)4 << 20)
#define ID_ROOM 64 /* ids of ours are shorter */

/* --- A person --- */

struct moving {
    const char *person_id;
    enum person_state state;
    const char *reason;
};

static enum err
move(struct ctx *ctx, void *state)
{
    const struct moving *moving = state;
    enum err err = store_person_set_state(ctx->store, moving->person_id, moving->state, ctx->now);

    if (err == OK && moving->state == PERSON_CLOSED) /* she may bind it to a new account */
        err = wechat_forget(ctx, moving->person_id, "closed");
    if (err == OK && (moving->state == PERSON_CLOSED || moving->state == PERSON_DECEASED))
        err = family_end_all(ctx, moving->person_id, moving->reason);
    if (err == OK)
        err = audit_write(ctx,
                          &(struct audit_record) { .event = AUDIT_PERSON_STATE,
                                                   .reason = moving->reason,
                                                   .subject = subject_person(moving->person_id) });
    return err;
}

static enum err
sessions_end_page(struct ctx *ctx, const char *person_id, const struct person_ending *ending,
                  size_t *count)
{
    const struct sessions_of which = { person_id, ending->but, ending->before, ctx->now, NULL };
    struct sid_list list;
    enum err err = store_session_list(ctx->store, ctx->arena, &which, &list);

    *count = list.count;
    for (size_t i = 0; err == OK && i < list.count; i++) {
        struct session session = {
            .live = true, .row = { .sid = list.at[i], .subject = subject_person(person_id) }
        };

        err = session_end(ctx, &session, ending->reason);
    }
    return err;
}

struct grants_ending {
    struct grants_of which;
    struct grant_list page;
};

static enum err
grants_end_page(struct ctx *ctx, void *state)
{
    struct grants_ending *ending = state;
    enum err err =
        store_grant_list_of_person(ctx->store, ctx->arena, &ending->which, &ending->page);

    if (err == OK && ending->page.count > 0)
        err = grants_end_in_change(ctx, &ending->page);
    if (err == OK && ending->page.count > 0)
        err = audit_write(
            ctx, &(struct audit_record) { .event = AUDIT_GRANT_ENDED,
                                          .reason = "stopped",
                                          .subject = subject_person(ending->which.person_id) });
    return err;
}

/* Sessions first: a grant that is being made looks at its session once it is there. */
static enum err
all_end(struct ctx *page, const char *person_id, const struct person_ending *ending)
{
    struct grants_ending grants = { { person_id, ending->before, page->now }, { .count = 1 } };
    size_t count = 1;
    enum err err = OK;

    while (err == OK && count > 0) {
        arena_reset(page->arena);
        err = sessions_end_page(page, person_id, ending, &count);
    }
    while (err == OK && grants.page.count > 0) {
        arena_reset(page->arena);
        err = change(page, grants_end_page, &grants);
        if (err == OK)
            grants_end_apply(page, &grants.page);
    }
    return err;
}

enum err
person_end(struct ctx *ctx, const char *person_id, const struct person_ending *ending)
{
    struct ctx page = *ctx;
    struct held held;
    enum err err;

    page.arena = arena_new(PAGE_BYTES);
    hold_begin(&held, arena_release, page.arena);
    err = all_end(&page, person_id, ending);
    hold_release(&held);
    return err;
}

enum err
person_stop(struct ctx *ctx, const char *person_id, enum person_state state, const char *reason)
{
    struct moving moving = { person_id, state, reason };
    int64_t now_in;
    enum err err = store_person_state(ctx->store, person_id, &now_in);

    if (err == OK && now_in == PERSON_CLOSED && state != PERSON_CLOSED)
        return ERR_CONFLICT;
    if (err == OK && now_in != (int64_t)state)
        err = change(ctx, move, &moving);
    if (err != OK)
        return err;
    return person_end(ctx, person_id, &(struct person_ending) { reason, "", TIME_NEVER });
}

enum err
person_resume(struct ctx *ctx, const char *person_id)
{
    struct moving moving = { person_id, PERSON_ACTIVE, "enabled" };
    int64_t now_in;
    enum err err = store_person_state(ctx->store, person_id, &now_in);

    if (err != OK || now_in == PERSON_ACTIVE)
        return err;
    return now_in == PERSON_CLOSED ? ERR_CONFLICT : change(ctx, move, &moving);
}

/* --- Removed partners --- */

/* One that is registered but cannot be read is not removed. */
static enum err
is_dead(struct ctx *ctx, const struct listed_grant *grant, bool *out)
{
    const struct partner *partner = registry_find(ctx->services->registry, grant->partner_id);
    unix_s removed_at;
    enum err err;

    *out = partner != NULL && grant->created_at < partner->since;
    if (partner != NULL)
        return OK;
    err = store_partner_removed_at(ctx->store, grant->partner_id, &removed_at);
    *out = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
orphans_end(struct ctx *ctx, void *state)
{
    const struct grant_list *dead = state;
    enum err err = OK;

    for (size_t i = 0; err == OK && i < dead->count; i++) {
        err = store_grant_end(ctx->store, dead->at[i].grant_id, ctx->now);
        if (err == ERR_NOT_FOUND) /* somebody else ended it a moment ago */
            err = OK;
    }
    return err;
}

/* Their access tokens need no revocation: no node takes them. */
static enum err
page_stop(struct ctx *ctx, const struct grant_list *page, int64_t *ended)
{
    struct grant_list dead = { arena_alloc(ctx->arena, page->count * sizeof(*page->at)), 0 };
    enum err err = OK;

    for (size_t i = 0; err == OK && i < page->count; i++) {
        bool is;

        err = is_dead(ctx, &page->at[i], &is);
        if (err == OK && is)
            dead.at[dead.count++] = page->at[i];
    }
    if (err == OK && dead.count > 0)
        err = change(ctx, orphans_end, &dead);
    if (err == OK)
        *ended += (int64_t)dead.count;
    return err;
}

enum err
removed_partners_stop(struct ctx *ctx, int64_t *ended)
{
    struct grant_list list = { .count = GRANT_PAGE };
    struct ctx page = *ctx;
    char after[ID_ROOM] = "";
    struct held held;
    enum err err = OK;

    *ended = 0;
    page.arena = arena_new(PAGE_BYTES);
    hold_begin(&held, arena_release, page.arena);
    while (err == OK && list.count == GRANT_PAGE) {
        arena_reset(page.arena);
        err = store_grant_list(page.store, page.arena, after, &list);
        if (err == OK && list.count > 0)
            err = page_stop(&page, &list, ended);
        if (err == OK && list.count > 0)
            snprintf(after, sizeof(after), "%s", list.at[list.count - 1].grant_id);
    }
    hold_release(&held);
    return err;
}
