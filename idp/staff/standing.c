/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/standing.h"

#include "idp/audit/audit.h"
#include "idp/context/change.h"
#include "idp/staff/sitting_end.h"
#include "idp/staff/tries.h"
#include "idp/tables/staff_factor.h"

struct standing_change {
    const char *staff_id;
    int64_t forgotten;
};

static enum err
changed_by(struct ctx *ctx, const char *reason, const char *staff_id)
{
    return audit_write(ctx, &(struct audit_record) { .event = AUDIT_STAFF_CHANGED,
                                                     .reason = reason,
                                                     .subject = { SUBJECT_STAFF, staff_id } });
}

static enum err
stop(struct ctx *ctx, void *state)
{
    const struct standing_change *changing = state;
    struct stored_staff staff;
    enum err err = store_staff_load(ctx->store, ctx->arena, changing->staff_id, &staff);

    if (err == OK && staff.state == STAFF_STOPPED)
        return ERR_CONFLICT;
    if (err == OK)
        err = store_staff_change(ctx->store, staff.staff_id, (enum staff_state)staff.state,
                                 STAFF_STOPPED);
    return err == OK ? changed_by(ctx, "stopped", staff.staff_id) : err;
}

enum err
staff_halt(struct ctx *ctx, const char *staff_id)
{
    struct standing_change changing = { .staff_id = staff_id };
    enum err err = change(ctx, stop, &changing);
    enum err ended;

    if (err != OK && err != ERR_CONFLICT)
        return err;
    ended = sitting_end_of(ctx, staff_id, SITTING_ENDED_STOPPED);
    return ended == OK ? err : ended;
}

static enum err
start(struct ctx *ctx, void *state)
{
    struct standing_change *changing = state;
    struct stored_staff staff;
    enum err err = store_staff_load(ctx->store, ctx->arena, changing->staff_id, &staff);

    if (err == OK)
        err = staff_tries_forget(ctx, staff.staff_id, &changing->forgotten);
    if (err == OK && staff.state != STAFF_STOPPED)
        return changing->forgotten > 0 ? changed_by(ctx, "unlocked", staff.staff_id) : ERR_CONFLICT;
    if (err == OK)
        err = store_staff_change(ctx->store, staff.staff_id, STAFF_STOPPED, STAFF_ACTIVE);
    return err == OK ? changed_by(ctx, "started", staff.staff_id) : err;
}

enum err
staff_restart(struct ctx *ctx, const char *staff_id, int64_t *forgotten)
{
    struct standing_change changing = { .staff_id = staff_id };
    enum err err = change(ctx, start, &changing);

    if (err == OK)
        *forgotten = changing.forgotten;
    return err;
}

const char *
staff_state_name(enum staff_state state)
{
    static const char *const names[] = { "?", "active", "stopped", "gone" };

    return names[state >= STAFF_ACTIVE && state <= STAFF_GONE ? state : 0];
}
