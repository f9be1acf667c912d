/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/survival.h"

#include "idp/audit/audit.h"
#include "idp/context/change.h"
#include "idp/staff/citizen.h"
#include "idp/staff/proofing.h"
#include "idp/staff/staff_act.h"
#include "idp/tables/survival.h"
#include "keys/handle.h"
#include "policies/survival.h"

static enum err
confirm(struct ctx *ctx, void *state)
{
    struct stored_survival *survival = state;
    enum err err = staff_act_note(
        ctx, &(struct staff_act) { .person_id = survival->person_id, .what = STAFF_ACT_confirmed });

    if (err == OK)
        err = store_survival_insert(ctx->store, survival);
    if (err == OK)
        err = audit_write(
            ctx, &(struct audit_record) { .event = AUDIT_SURVIVAL_CONFIRMED,
                                          .reason = "counter",
                                          .subject = subject_person(survival->person_id) });
    return err;
}

const struct problem *
survival_confirm(struct ctx *ctx, const struct sitting *sitting, const char *person_id)
{
    struct stored_survival survival = { .person_id = person_id,
                                        .how = SURVIVAL_AT_COUNTER,
                                        .confirmed_at = ctx->now,
                                        .until = survival_until(ctx->now),
                                        .staff_id = sitting->staff.staff_id,
                                        .counter_id = sitting->counter.counter_id };
    struct citizen citizen;
    const struct problem *problem = citizen_serve(ctx, &sitting->staff, person_id, &citizen);
    enum err err;

    if (problem == NULL && citizen.person.state != PERSON_ACTIVE)
        problem = &problem_account_stopped;
    if (problem == NULL)
        problem = proofing_check(ctx, sitting, person_id);
    if (problem != NULL)
        return problem;
    err = id_new(ctx->env, ctx->arena, "su_", &survival.survival_id);
    if (err == OK)
        err = change(ctx, confirm, &survival);
    return err == ERR_CONFLICT ? NULL : problem_of(err); /* pressed twice */
}
