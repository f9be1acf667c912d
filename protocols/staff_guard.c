/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/staff_guard.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/staff/sitting.h"
#include "protocols/http/cookies.h"
#include "protocols/http/respond.h"
#include "protocols/routes.h"

static const struct problem *
denied(struct request *rq, const char *reason, const struct problem *problem)
{
    const struct sitting *sitting = rq->staff;

    audit_note(rq->ctx,
               &(struct audit_record) { .event = AUDIT_STAFF_DENIED,
                                        .reason = reason,
                                        .subject = { SUBJECT_STAFF, sitting->row.staff_id },
                                        .sid = sitting->row.sid });
    return problem;
}

/* Where she signs in or opens the counter again, and comes back to the flow that she was in. */
static const struct problem *
lead_to(struct request *rq, const char *path)
{
    const char *tx =
        text_eq(rq->method, "GET") && param_is_declared(rq, "tx") ? param(rq, "tx") : NULL;

    respond_redirect(rq, tx != NULL ? arena_printf(rq->arena, "%s?tx=%s", path, tx) : path);
    return &problem_answered;
}

static const struct problem *
judge(struct request *rq, enum staff_verb verb)
{
    const struct sitting *sitting = rq->staff;

    if (verb == STAFF_VERB_open)
        return NULL;
    if (verb == STAFF_VERB_unset)
        return denied(rq, "unset", &problem_staff_denied);
    if (sitting->moved)
        return denied(rq, "moved", &problem_staff_moved);
    if (!sitting->live)
        return lead_to(rq, "/staff/sign-in");
    if (sitting_is_locked(sitting) && verb != STAFF_VERB_lock)
        return lead_to(rq, "/staff/lock");
    if (!staff_may(sitting->staff.roles, verb))
        return denied(rq, staff_verb_name(verb), &problem_staff_denied);
    return NULL;
}

const struct problem *
guard_staff(struct request *rq)
{
    struct sitting *sitting = arena_alloc(rq->arena, sizeof(*sitting));
    const struct sitting_shown shown = { cookie_find(rq, "counter"), cookie_find(rq, "staff"),
                                         rq->client_certificate };
    enum err err = sitting_load(rq->ctx, &shown, sitting);

    if (err != OK)
        return problem_of(err);
    rq->staff = sitting;
    rq->ctx->channel = "counter";
    if (sitting->at_counter)
        rq->ctx->counter_id = sitting->counter.counter_id;
    if (sitting->live)
        rq->ctx->staff_id = sitting->row.staff_id;
    return judge(rq, route_verb(rq->route));
}
