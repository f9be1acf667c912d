/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/acting_grant.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/session/actor.h"
#include "idp/staff/acting_end.h"
#include "policies/scope.h"

/* --- What it is --- */

/* What was asked for, of what the business has. The partner has all of that (policies/partner_rules_business.c). */
static const struct problem *
scope_of(struct ctx *ctx, const struct partner *partner, const struct business *business,
         struct acting_grant *grant)
{
    const struct scope_bounds bounds = { business->scope, partner->profile.strict_scope, false };
    const char *asked = grant->wish->scope != NULL ? grant->wish->scope : business->scope;
    const struct problem *problem = scope_check(ctx->arena, asked, &bounds, &grant->approval.scope);

    if (problem != NULL)
        return problem;
    return scope_has_openid(grant->approval.scope) ? NULL : &problem_scope_openid_missing;
}

const struct problem *
acting_grant_make(struct ctx *ctx, const struct partner *partner, const struct business *business,
                  const struct stored_acting *row, struct acting_grant *grant)
{
    const struct staff_actor actor = { .sub = grant->wish->sub,
                                       .agency = row->agency,
                                       .counter_id = row->counter_id,
                                       .business = row->business,
                                       .reason = row->reason };
    struct approval *approval = &grant->approval;
    const struct problem *problem = scope_of(ctx, partner, business, grant);

    if (problem != NULL)
        return problem;
    approval->subject = subject_person(row->person_id);
    approval->actor = actor_of_staff(ctx->arena, &actor);
    approval->partner_id = row->partner_id;
    approval->sid = row->sid;
    approval->claims = "";
    approval->bound_key = grant->wish->bound_key;
    approval->until = row->until;
    return problem_of(grant_make(ctx, approval, grant->beginning.grant));
}

/* --- It begins --- */

enum err
acting_grant_begin(struct ctx *ctx, struct acting_grant *grant)
{
    const struct approval *approval = &grant->beginning.grant->approval;
    enum err err = grant_room_look(ctx, &grant->beginning);

    if (err == OK && grant->beginning.full != NULL)
        err = ERR_FULL;
    if (err == OK)
        err = grant_begin(ctx, &grant->beginning);
    if (err == OK)
        err = audit_write(ctx, &(struct audit_record) { .event = AUDIT_CODE_REDEEMED,
                                                        .subject = approval->subject,
                                                        .partner_id = approval->partner_id,
                                                        .sid = approval->sid });
    return err;
}

const struct problem *
acting_grant_begun(struct ctx *ctx, struct acting_grant *grant)
{
    bool holds = false;
    enum err err = grant_begun(ctx, &grant->beginning, &holds);

    if (err != OK)
        return problem_of(err);
    return holds ? NULL : acting_rejected(ctx, "sitting", &problem_acting_actor);
}

/* Whoever locks the counter, ends the sitting or stops the citizen ends what she finds; we look once ours is there: so one of the
 * two sees the other. */
const struct problem *
acting_holds(struct ctx *ctx, const struct stored_acting *row)
{
    struct sitting sitting;
    bool active = false;
    enum err err = acting_sitting_find(ctx, row->sid, &sitting);

    if (err == OK)
        err = subject_is_active(ctx, subject_person(row->person_id), &active);
    if (err == OK && sitting.live && !sitting_is_locked(&sitting) && active)
        return NULL;
    if (err == OK)
        err = acting_end(ctx, row->acting_id, "undone");
    return err != OK ? problem_of(err) : acting_rejected(ctx, "sitting", &problem_acting_actor);
}
