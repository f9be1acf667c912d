/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/grant_end.h"

#include "idp/audit/audit.h"
#include "idp/context/change.h"
#include "idp/session/revocation.h"

/* All grants first, then their revocations, which share one row as long as they are numbered: who
 * holds that row waits for nobody's grant, so two who end the same ones do not wait for each other.
 */
enum err
grants_end_in_change(struct ctx *ctx, const struct grant_list *grants)
{
    bool *ended = arena_alloc(ctx->arena, grants->count * sizeof(*ended));
    enum err err = OK;

    for (size_t i = 0; err == OK && i < grants->count; i++) {
        err = store_grant_end(ctx->store, grants->at[i].grant_id, ctx->now);
        ended[i] = err == OK;
        err = err == ERR_NOT_FOUND ? OK : err;
    }
    for (size_t i = 0; err == OK && i < grants->count; i++)
        if (ended[i])
            err = revocation_record(ctx, grants->at[i].grant_id);
    return err;
}

void
grants_end_apply(struct ctx *ctx, const struct grant_list *grants)
{
    for (size_t i = 0; i < grants->count; i++)
        revocation_apply(ctx, grants->at[i].grant_id);
}

struct grant_ending {
    const char *grant_id;
    const char *reason;
};

static enum err
end(struct ctx *ctx, void *state)
{
    const struct grant_ending *ending = state;
    enum err err = store_grant_end(ctx->store, ending->grant_id, ctx->now);

    if (err == OK)
        err = revocation_record(ctx, ending->grant_id);
    if (err == OK)
        err = audit_write(
            ctx, &(struct audit_record) { .event = AUDIT_GRANT_ENDED, .reason = ending->reason });
    return err;
}

enum err
grant_end(struct ctx *ctx, const char *grant_id, const char *reason)
{
    struct grant_ending ending = { grant_id, reason };
    enum err err = change(ctx, end, &ending);

    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    /* Also when another node ended it: our memory may not have heard yet, and the caller
     * is about to say "ended". */
    revocation_apply(ctx, grant_id);
    return OK;
}
