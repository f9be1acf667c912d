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

static enum err
end_one(struct ctx *ctx, const struct stored_session *row, const char *reason)
{
    struct session_ending ending = { .row = row, .reason = reason };
    enum err err = end_and_tell(ctx, &ending, end);

    if (err == OK)
        err = end_rest(ctx, &ending);
    return err == ERR_NOT_FOUND ? OK : err;
}

/* --- What it has lent --- */

#define LENT_MAX 200 /* in one round */

/* Sessions below one another, each behind the one that lent it. */
struct lent {
    const char *sids[LENT_MAX];
    size_t count;
};

static enum err
lent_find(struct ctx *ctx, const char *sid, struct lent *out)
{
    enum err err = OK;
    struct sid_list list;

    out->count = 0;
    for (size_t i = 0; err == OK && i <= out->count; i++) {
        const char *lender = i == 0 ? sid : out->sids[i - 1];

        err = store_session_list_lent(ctx->store, ctx->arena, lender, ctx->now, &list);
        for (size_t j = 0; err == OK && j < list.count && out->count < LENT_MAX; j++)
            out->sids[out->count++] = list.at[j];
    }
    return err;
}

/* The last lent first: where this is interrupted, what is left still hangs on a session that goes
 * on, and ends with it the next time. */
static enum err
lent_end(struct ctx *ctx, const struct stored_session *lender, const char *reason)
{
    struct lent *lent = arena_alloc(ctx->arena, sizeof(*lent));
    enum err err = lent_find(ctx, lender->sid, lent);

    while (err == OK && lent->count > 0) {
        for (size_t i = lent->count; err == OK && i > 0; i--)
            err = end_one(
                ctx,
                &(struct stored_session) { .sid = lent->sids[i - 1], .subject = lender->subject },
                reason);
        if (err == OK)
            err = lent_find(ctx, lender->sid, lent);
    }
    return err;
}

/* Once more behind its own end: whoever lends looks whether the lender goes on, so one of the two
 * sees the other. */
enum err
session_end(struct ctx *ctx, const struct session *session, const char *reason)
{
    enum err err = lent_end(ctx, &session->row, reason);

    if (err == OK)
        err = end_one(ctx, &session->row, reason);
    return err == OK ? lent_end(ctx, &session->row, reason) : err;
}
