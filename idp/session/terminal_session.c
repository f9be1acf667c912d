/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/terminal_session.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/context/change.h"
#include "idp/session/session.h"
#include "idp/tables/terminal.h"
#include "policies/channel.h"

#define PAGE_BYTES ((size_t)4 * 1024 * 1024)

static void
count(const char *reason)
{
    static const struct {
        const char *reason;
        enum metric metric;
    } metrics[] = {
        { TERMINAL_ENDED_IDLE, METRIC_TERMINAL_SESSIONS_IDLE },
        { TERMINAL_ENDED_LEFT, METRIC_TERMINAL_SESSIONS_LEFT },
        { TERMINAL_ENDED_NEXT, METRIC_TERMINAL_SESSIONS_NEXT },
    };

    for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++)
        if (text_eq(metrics[i].reason, reason))
            metric_add(metrics[i].metric, 1);
}

static enum err
page_end(struct ctx *ctx, const struct listed_session_list *page, const char *reason,
         int64_t *ended)
{
    enum err err = OK;

    for (size_t i = 0; err == OK && i < page->count; i++) {
        const struct session session = {
            .live = true, .row = { .sid = page->at[i].sid, .subject = page->at[i].subject }
        };

        err = session_end(ctx, &session, reason);
        if (err == OK) {
            count(reason);
            *ended += 1;
        }
    }
    return err;
}

/* --- At one terminal --- */

struct terminal_ending {
    const char *terminal_id;
    const char *but;
    const char *reason;
    int64_t ended;
};

static enum err
end_in_pages(struct ctx *page, struct terminal_ending *ending)
{
    struct listed_session_list list = { .count = SESSION_PAGE };
    enum err err = OK;

    while (err == OK && list.count == SESSION_PAGE) {
        arena_reset(page->arena);
        err = store_session_list_at(page->store, page->arena, ending->terminal_id, ending->but,
                                    &list);
        if (err == OK)
            err = page_end(page, &list, ending->reason, &ending->ended);
    }
    return err;
}

static enum err
end_at(struct ctx *ctx, struct terminal_ending *ending)
{
    struct ctx page = *ctx;
    struct held held;
    enum err err;

    page.arena = arena_new(PAGE_BYTES);
    hold_begin(&held, arena_release, page.arena);
    err = end_in_pages(&page, ending);
    hold_release(&held);
    return err;
}

enum err
terminal_sessions_end(struct ctx *ctx, const char *terminal_id, const char *reason, int64_t *ended)
{
    struct terminal_ending ending = { terminal_id, "", reason, 0 };
    enum err err = end_at(ctx, &ending);

    *ended += ending.ended;
    return err;
}

enum err
terminal_sessions_end_but(struct ctx *ctx, const char *terminal_id, const char *but)
{
    struct terminal_ending ending = { terminal_id, but, TERMINAL_ENDED_NEXT, 0 };

    return end_at(ctx, &ending);
}

/* --- With the terminal --- */

static enum err
retire(struct ctx *ctx, void *state)
{
    const struct stored_terminal *terminal = state;
    enum err err = store_terminal_retire(ctx->store, terminal->terminal_id, ctx->now);

    if (err != OK)
        return err;
    return audit_write(
        ctx, &(struct audit_record) { .event = AUDIT_TERMINAL_CHANGED,
                                      .reason = "retired",
                                      .subject = { SUBJECT_TERMINAL, terminal->terminal_id },
                                      .partner_id = terminal->partner_id });
}

/* Every node reads the row when a terminal comes, so none takes it from here on. */
enum err
terminal_retire(struct ctx *ctx, const char *terminal_id, int64_t *ended)
{
    struct stored_terminal terminal = { .retired_at = 0 };
    bool again;
    enum err err = store_terminal_load(ctx->store, ctx->arena, terminal_id, &terminal);

    if (err == OK)
        err = change(ctx, retire, &terminal);
    again = err == ERR_NOT_FOUND && terminal.retired_at != 0;
    if (err != OK && !again)
        return err;
    err = terminal_sessions_end(ctx, terminal_id, TERMINAL_ENDED_RETIRED, ended);
    return err == OK && again ? ERR_CONFLICT : err;
}

/* --- Left behind --- */

enum err
terminal_sessions_sweep(struct ctx *ctx, bool *again)
{
    unix_s idle_since = ctx->now - channel_rule("terminal")->idle_s;
    struct listed_session_list list;
    int64_t ended = 0;
    enum err err = store_session_list_left(ctx->store, ctx->arena, idle_since, ctx->now, &list);

    if (err == OK)
        err = page_end(ctx, &list, TERMINAL_ENDED_IDLE, &ended);
    *again = err == OK && list.count == SESSION_PAGE;
    return err;
}
