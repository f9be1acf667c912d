/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/sitting_end.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/session/session.h"
#include "idp/tables/seat.h"
#include "idp/tables/sitting.h"
#include "idp/tables/staff.h"
#include "policies/staff_rules.h"

struct leaving {
    const struct stored_sitting *sitting;
    const char *reason;
};

/* Told once: by who takes the seat from her row. */
static enum err
leave(struct ctx *ctx, void *state)
{
    const struct leaving *leaving = state;
    const struct staff_seat seat = { .sid = leaving->sitting->sid,
                                     .staff_id = leaving->sitting->staff_id,
                                     .counter_id = leaving->sitting->counter_id };
    enum err err = store_seat_leave(ctx->store, &seat);

    if (err == OK)
        err = audit_write(
            ctx, &(struct audit_record) { .event = AUDIT_STAFF_ENDED,
                                          .reason = leaving->reason,
                                          .subject = { SUBJECT_STAFF, leaving->sitting->staff_id },
                                          .sid = leaving->sitting->sid });
    return err == ERR_NOT_FOUND ? OK : err;
}

static void
count(const char *reason)
{
    if (text_eq(reason, SITTING_ENDED_IDLE))
        metric_add(METRIC_SITTINGS_IDLE, 1);
    else if (text_eq(reason, SITTING_ENDED_SHIFT))
        metric_add(METRIC_SITTINGS_SHIFT, 1);
    else if (text_eq(reason, SITTING_ENDED_TAKEN))
        metric_add(METRIC_SITTINGS_TAKEN, 1);
}

/* The session first: where this is interrupted, nothing is open, and the seat of an ended session counts for nobody. */
enum err
sitting_end(struct ctx *ctx, const char *sid, const char *reason)
{
    struct stored_sitting sitting;
    struct leaving leaving = { &sitting, reason };
    struct session session = { .live = true };
    enum err err = store_sitting_load(ctx->store, ctx->arena, sid, &sitting);

    if (err != OK)
        return err == ERR_NOT_FOUND ? OK : err;
    session.row =
        (struct stored_session) { .sid = sid, .subject = { SUBJECT_STAFF, sitting.staff_id } };
    err = session_end(ctx, &session, reason);
    if (err == OK)
        err = change(ctx, leave, &leaving);
    if (err == OK)
        count(reason);
    return err;
}

enum err
sitting_end_of(struct ctx *ctx, const char *staff_id, const char *reason)
{
    struct stored_staff staff;
    enum err err = store_staff_load(ctx->store, ctx->arena, staff_id, &staff);

    if (err != OK)
        return err == ERR_NOT_FOUND ? OK : err;
    return text_is_empty(staff.sid) ? OK : sitting_end(ctx, staff.sid, reason);
}

/* --- The job --- */

enum err
sittings_sweep(struct ctx *ctx, bool *more)
{
    struct listed_session_list list;
    enum err err = store_session_list_staff_left(ctx->store, ctx->arena, ctx->now - STAFF_IDLE_S,
                                                 ctx->now, &list);

    for (size_t i = 0; err == OK && i < list.count; i++) {
        struct stored_session row;

        err = store_session_load(ctx->store, ctx->arena, list.at[i].sid, &row);
        if (err == OK)
            err =
                sitting_end(ctx, row.sid,
                            row.expires_at <= ctx->now ? SITTING_ENDED_SHIFT : SITTING_ENDED_IDLE);
        if (err == ERR_NOT_FOUND)
            err = OK;
    }
    if (err == OK)
        *more = list.count == SESSION_PAGE;
    return err;
}
