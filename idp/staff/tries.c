/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/tries.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/person/attempts.h"
#include "policies/network.h"
#include "policies/staff_id.h"

#define LINES 2

/* Her name as the owner of lines: no number of a citizen is written so. */
static const char *
owner_of(struct ctx *ctx, const char *name)
{
    return arena_printf(ctx->arena, "staff %s", name);
}

static const char *
source_of(struct ctx *ctx)
{
    return text_is_empty(ctx->counter_id) ? network_unit(ctx->arena, ctx->address)
                                          : ctx->counter_id;
}

static void
lines_of(struct ctx *ctx, const char *name, struct attempt_line lines[LINES])
{
    lines[0] = (struct attempt_line) { ATTEMPT_STAFF, name, ctx->form, owner_of(ctx, name) };
    lines[1] = (struct attempt_line) { ATTEMPT_STAFF_SOURCE, source_of(ctx), ctx->form, NULL };
}

/* What is no id is not kept: it may be a password in the wrong field. */
static void
note(struct ctx *ctx, enum audit_event event, const char *reason, const char *name)
{
    const char *staff_id = staff_id_canonical(ctx->arena, name);

    audit_note(ctx, &(struct audit_record) {
                        .event = event,
                        .reason = reason,
                        .subject = { SUBJECT_STAFF, staff_id != NULL ? staff_id : "" } });
}

/* The same for all names, and never sooner than it is true. */
static const struct problem *
refused(struct ctx *ctx, const struct attempt_verdict *verdict, const char *name)
{
    metric_add(METRIC_STAFF_SIGN_IN_LOCKED, 1);
    note(ctx, AUDIT_STAFF_FAILED, "locked", name);
    if (verdict->wait_s <= 60)
        return &problem_staff_wait_1;
    return verdict->wait_s <= 300 ? &problem_staff_wait_5 : &problem_staff_wait_15;
}

const struct problem *
staff_tries_take(struct ctx *ctx, const char *name)
{
    struct attempt_line lines[LINES];
    struct attempt_verdict verdict;
    enum err err;

    lines_of(ctx, name, lines);
    err = attempts_take(ctx, lines, LINES, &verdict);
    if (err != OK)
        return problem_of(err);
    if (verdict.filled != ATTEMPT_NONE)
        note(ctx, AUDIT_LOCK_SET, attempt_rule(ctx->settings, verdict.filled).name, name);
    return verdict.allowed ? NULL : refused(ctx, &verdict, name);
}

/* Who has come in time again, behind a wait, has a try for the second factor too. */
static void
one_left(struct ctx *ctx, const struct attempt_line *line)
{
    int64_t wait_s;

    if (attempt_wait(ctx, line, &wait_s) == OK && wait_s > 0)
        attempts_give_back(ctx, line, 1);
}

void
staff_tries_give_back(struct ctx *ctx, const char *name)
{
    struct attempt_line lines[LINES];

    lines_of(ctx, name, lines);
    attempts_give_back(ctx, lines, LINES);
    for (size_t i = 0; i < LINES; i++)
        one_left(ctx, &lines[i]);
}

void
staff_tries_passed(struct ctx *ctx, const char *name)
{
    struct attempt_line lines[LINES];

    lines_of(ctx, name, lines);
    attempts_passed(ctx, lines, LINES);
}

enum err
staff_tries_forget(struct ctx *ctx, const char *staff_id, int64_t *count)
{
    return attempts_forget(ctx, owner_of(ctx, staff_id), count);
}
