/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/acting_end.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/session/grant_end.h"

struct acting_ending {
    const struct acting_list *actings;
    const char *reason;
    struct grant_list grants; /* that ended with them */
};

static enum err
row_end(struct ctx *ctx, const char *acting_id, struct acting_ending *ending)
{
    struct stored_acting row;
    enum err err = store_acting_end(ctx->store, ctx->arena, acting_id, ctx->now, &row);

    if (err != OK)
        return err == ERR_NOT_FOUND ? OK : err;
    if (!text_is_empty(row.grant_id))
        ending->grants.at[ending->grants.count++] =
            (struct listed_grant) { row.grant_id, row.partner_id, row.begun_at };
    return audit_write(ctx, &(struct audit_record) { .event = AUDIT_ACTING_ENDED,
                                                     .reason = ending->reason,
                                                     .subject = subject_person(row.person_id),
                                                     .partner_id = row.partner_id,
                                                     .sid = row.sid });
}

/* Rows first, then grants: so do those who begin one. */
static enum err
all_end(struct ctx *ctx, void *state)
{
    struct acting_ending *ending = state;
    enum err err = OK;

    ending->grants.count = 0;
    for (size_t i = 0; err == OK && i < ending->actings->count; i++)
        err = row_end(ctx, ending->actings->at[i].acting_id, ending);
    return err == OK ? grants_end_in_change(ctx, &ending->grants) : err;
}

static enum err
page_end(struct ctx *ctx, const struct acting_list *actings, const char *reason)
{
    struct acting_ending ending = { .actings = actings, .reason = reason };
    enum err err;

    ending.grants.at = arena_alloc(ctx->arena, (actings->count + 1) * sizeof(*ending.grants.at));
    err = change(ctx, all_end, &ending);
    if (err == OK)
        grants_end_apply(ctx, &ending.grants);
    return err;
}

enum err
acting_end(struct ctx *ctx, const char *acting_id, const char *reason)
{
    struct stored_acting one = { .acting_id = acting_id };

    return page_end(ctx, &(struct acting_list) { &one, 1 }, reason);
}

/* Asked for again until nothing is left: whoever begins one looks at the sitting once it is there, so one of the two sees the
 * other. */
enum err
acting_end_all(struct ctx *ctx, const char *sid, const char *reason)
{
    struct acting_list list;
    enum err err;

    do {
        err = store_acting_list(ctx->store, ctx->arena, sid, ctx->now, &list);
        if (err == OK && list.count > 0)
            err = page_end(ctx, &list, reason);
    } while (err == OK && list.count > 0);
    return err;
}
