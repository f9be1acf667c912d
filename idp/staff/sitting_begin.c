/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/sitting_begin.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/staff/sitting_end.h"
#include "idp/staff/tries.h"
#include "idp/tables/seat.h"
#include "keys/handle.h"
#include "policies/staff_rules.h"

#define SID_BYTES 16
#define TRIES 8 /* somebody else takes the same seat at this moment */

struct beginning {
    const struct sitting_start *start;
    struct factor_proof proof;
    struct stored_session session;
    struct staff_seat seat;
    const char *secret;
    bool lost_seat; /* else ERR_CONFLICT is this very sign-in's, or the code's */
};

/* Names that nobody can guess, and that the same sign-in makes again. */
static void
names_make(struct ctx *ctx, struct beginning *beginning)
{
    const struct sitting_start *start = beginning->start;
    const struct key32 *key = &ctx->keys->index;
    struct digest sid = digest_keyed_texts(key, "sitting.sid", start->once, start->staff->staff_id,
                                           start->counter->counter_id, beginning->proof.amr, NULL);
    struct digest secret =
        digest_keyed_texts(key, "sitting.secret", start->once, start->staff->staff_id,
                           start->counter->counter_id, beginning->proof.amr, NULL);

    beginning->secret = base64url_encode(ctx->arena, digest_view(&secret));
    beginning->session.sid = arena_printf(
        ctx->arena, "s_%s", base64url_encode(ctx->arena, bytes_of(sid.bytes, SID_BYTES)));
    beginning->session.handle = digest_of_text(beginning->secret);
}

static void
sitting_row_make(struct ctx *ctx, struct beginning *beginning)
{
    beginning->session = (struct stored_session) {
        .subject = { SUBJECT_STAFF, beginning->start->staff->staff_id },
        .channel = "counter",
        .amr = beginning->proof.amr,
        .level = beginning->proof.level,
        .auth_time = ctx->now,
        .seen_at = ctx->now,
        .expires_at = ctx->now + STAFF_SHIFT_S,
        .partner_id = "",
        .terminal_id = "",
        .lent_by = "",
        .device = "",
        .network = "",
        .browser = "",
    };
    names_make(ctx, beginning);
}

/* --- Whoever sits there, and where she sits --- */

static enum err
seat_clear(struct ctx *ctx, struct beginning *beginning)
{
    const struct sitting_start *start = beginning->start;
    struct stored_staff staff;
    struct stored_counter counter;
    enum err err = store_staff_load(ctx->store, ctx->arena, start->staff->staff_id, &staff);

    if (err == OK)
        err = store_counter_load(ctx->store, ctx->arena, start->counter->counter_id, &counter);
    if (err == OK && !text_is_empty(staff.sid))
        err = sitting_end(ctx, staff.sid, SITTING_ENDED_AGAIN);
    if (err == OK && !text_is_empty(counter.sid) && !text_eq(counter.sid, staff.sid))
        err = sitting_end(ctx, counter.sid, SITTING_ENDED_TAKEN);
    if (err ==
        OK) /* what is there now; a seat that counted for nobody any more stays until it is taken */
        err = store_staff_load(ctx->store, ctx->arena, start->staff->staff_id, &staff);
    if (err == OK)
        err = store_counter_load(ctx->store, ctx->arena, start->counter->counter_id, &counter);
    if (err == OK && (staff.state != STAFF_ACTIVE || counter.state != COUNTER_ENROLLED))
        err = ERR_EXPIRED; /* meanwhile */
    if (err == OK)
        beginning->seat = (struct staff_seat) { .sid = beginning->session.sid,
                                                .staff_id = staff.staff_id,
                                                .staff_before = staff.sid,
                                                .counter_id = counter.counter_id,
                                                .counter_before = counter.sid,
                                                .until = beginning->session.expires_at };
    return err;
}

/* --- Sitting down --- */

static enum err
sit(struct ctx *ctx, void *state)
{
    struct beginning *beginning = state;
    const struct stored_session *session = &beginning->session;
    const struct stored_sitting sitting = { .sid = session->sid,
                                            .staff_id = session->subject.id,
                                            .counter_id = beginning->seat.counter_id,
                                            .begun_at = ctx->now,
                                            .expires_at = session->expires_at };
    enum err err = staff_factor_spend(ctx, &beginning->proof, session->sid);

    beginning->lost_seat = false;
    if (err == OK)
        err = store_session_insert(ctx->store, session);
    if (err == OK)
        err = store_sitting_insert(ctx->store, &sitting);
    if (err == OK) {
        err = store_seat_take(ctx->store, &beginning->seat, ctx->now);
        beginning->lost_seat = err == ERR_CONFLICT;
    }
    if (err == OK)
        err = audit_write(ctx, &(struct audit_record) { .event = AUDIT_STAFF_BEGAN,
                                                        .reason = session->amr,
                                                        .subject = session->subject,
                                                        .sid = session->sid });
    return err;
}

/* Who tried is not who sits there yet, so the record names her by itself. */
static enum err
sit_as_her(struct ctx *ctx, struct beginning *beginning)
{
    struct ctx hers = *ctx;
    enum err err;

    hers.staff_id = beginning->start->staff->staff_id;
    hers.counter_id = beginning->start->counter->counter_id;
    err = change(&hers, sit, beginning);
    ctx->outbox_filled = hers.outbox_filled;
    return err;
}

/* This very sign-in has made it a moment ago, and nobody has taken the seat since. */
static enum err
found_again(struct ctx *ctx, struct beginning *beginning)
{
    struct stored_session row;
    struct stored_staff staff;
    enum err err = store_session_load(ctx->store, ctx->arena, beginning->session.sid, &row);

    if (err == OK)
        err = store_staff_load(ctx->store, ctx->arena, row.subject.id, &staff);
    if (err != OK)
        return err == ERR_NOT_FOUND ? ERR_CONFLICT : err;
    if (!digest_eq(&row.handle, &beginning->session.handle) || row.ended_at != 0 ||
        ctx->now - row.auth_time > REPEAT_S || !text_eq(staff.sid, row.sid))
        return ERR_CONFLICT;
    beginning->session = row;
    return OK;
}

static enum err
begin(struct ctx *ctx, struct beginning *beginning)
{
    enum err err = ERR_CONFLICT;

    beginning->lost_seat = true;
    for (int i = 0; i < TRIES && err == ERR_CONFLICT && beginning->lost_seat; i++) {
        err = seat_clear(ctx, beginning);
        if (err == OK)
            err = sit_as_her(ctx, beginning);
    }
    if (err == OK)
        metric_add(METRIC_STAFF_SIGN_IN_OK, 1);
    return err;
}

/* The same code, sent by the same form: is it the sitting that it made? */
static enum err
begin_once(struct ctx *ctx, struct beginning *beginning)
{
    enum err err = staff_factor_check(ctx, beginning->start->staff, &beginning->start->shown,
                                      &beginning->proof);

    if (err != OK && err != ERR_CONFLICT)
        return err;
    sitting_row_make(ctx, beginning);
    if (found_again(ctx, beginning) == OK)
        return OK;
    if (err == OK)
        err = begin(ctx, beginning);
    if (err == ERR_CONFLICT && !beginning->lost_seat)
        err = found_again(ctx, beginning);
    return err;
}

const struct problem *
sitting_begin(struct ctx *ctx, const struct sitting_start *start, struct stored_session *out,
              const char **cookie)
{
    struct beginning beginning = { .start = start };
    const struct problem *problem = staff_tries_take(ctx, start->staff->staff_id);
    enum err err;

    if (problem != NULL)
        return problem;
    err = begin_once(ctx, &beginning);
    if (err == ERR_CONFLICT && beginning.lost_seat)
        err = ERR_UNAVAILABLE;
    if (err == ERR_REFUSED || err == ERR_CONFLICT)
        return staff_factor_refused(ctx, start->staff, err);
    if (err != OK) {
        staff_tries_give_back(ctx, start->staff->staff_id);
        return err == ERR_EXPIRED ? &problem_staff_stopped : problem_of(err);
    }
    staff_tries_passed(ctx, start->staff->staff_id);
    *out = beginning.session;
    *cookie = arena_printf(ctx->arena, "%s%s", beginning.session.sid, beginning.secret);
    return NULL;
}
