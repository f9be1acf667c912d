/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions: how they end. */
#include "idp/audit/audit.h"
#include "idp/context/change.h"
#include "idp/session/grant_end.h"
#include "idp/session/logout.h"
#include "idp/session/session.h"

struct session_ending {
    const struct stored_session *row;
    const char *reason;
    struct grant_list page; /* of grants, ended in the last change */
};

static enum err
end_page(struct ctx *ctx, void *state)
{
    struct session_ending *ending = state;
    enum err err = store_grant_list_of_session(ctx->store, ctx->arena, ending->row->sid, ctx->now,
                                               &ending->page);

    return err == OK ? grants_end_in_change(ctx, &ending->page) : err;
}

static enum err
end(struct ctx *ctx, void *state)
{
    struct session_ending *ending = state;
    enum err err = store_session_end(ctx->store, ending->row->sid, ctx->now);

    if (err == OK)
        err = logout_deliveries_add(ctx, ending->row);
    if (err == OK)
        err = end_page(ctx, ending);
    if (err == OK)
        err = audit_write(ctx, &(struct audit_record) { .event = AUDIT_SESSION_ENDED,
                                                        .reason = ending->reason,
                                                        .subject = ending->row->subject,
                                                        .sid = ending->row->sid });
    return err;
}

static enum err
end_and_tell(struct ctx *ctx, struct session_ending *ending,
             enum err (*work)(struct ctx *ctx, void *state))
{
    enum err err = change(ctx, work, ending);

    if (err == OK)
        grants_end_apply(ctx, &ending->page);
    return err;
}

/* Looked for once more when the end is there for all to see: whoever redeems a code looks at its
 * session once the grant is there (code.c), so one of the two sees the other. */
static enum err
end_rest(struct ctx *ctx, struct session_ending *ending)
{
    struct grant_list left;
    enum err err = OK;

    do {
        err =
            store_grant_list_of_session(ctx->store, ctx->arena, ending->row->sid, ctx->now, &left);
        if (err == OK && left.count > 0)
            err = end_and_tell(ctx, ending, end_page);
    } while (err == OK && left.count > 0);
    return err;
}

enum err
session_end(struct ctx *ctx, const struct session *session, const char *reason)
{
    struct session_ending ending = { .row = &session->row, .reason = reason };
    enum err err = end_and_tell(ctx, &ending, end);

    if (err == OK)
        err = end_rest(ctx, &ending);
    return err == ERR_NOT_FOUND ? OK : err;
}
