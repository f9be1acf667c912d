/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/sign_in.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/staff/groups.h"
#include "idp/staff/sitting.h"
#include "idp/staff/tries.h"
#include "idp/tables/staff_factor.h"
#include "policies/staff_id.h"
#include "policies/staff_password.h"

static const struct problem *
failed(struct ctx *ctx, const char *name, const char *reason, const struct problem *problem)
{
    const char *staff_id = staff_id_canonical(ctx->arena, name);

    metric_add(METRIC_STAFF_SIGN_IN_FAILED, 1);
    audit_note(ctx, &(struct audit_record) {
                        .event = AUDIT_STAFF_FAILED,
                        .reason = reason,
                        .subject = { SUBJECT_STAFF, staff_id != NULL ? staff_id : "" } });
    return problem;
}

/* --- Asking --- */

const struct problem *
staff_sign_in_begin(struct ctx *ctx, const char *name, const char *password,
                    struct staff_sign_in *out)
{
    const char *staff_id = staff_id_canonical(ctx->arena, name != NULL ? name : "");

    *out =
        (struct staff_sign_in) { .name = staff_id != NULL ? staff_id : name, .password = password };
    if (text_is_empty(name) || staff_password_is_blank(password))
        return failed(ctx, name != NULL ? name : "", "empty", &problem_staff_password_missing);
    return staff_tries_take(ctx, out->name);
}

static void
ask(struct ctx *ctx, void *state)
{
    struct staff_sign_in *sign_in = state;

    directory_sign_in(ctx->services->directory, ctx->arena, sign_in->name, sign_in->password,
                      &sign_in->answer);
}

const struct ask ask_staff_sign_in = { LANE_DIRECTORY, ask };

/* --- What it said --- */

const struct problem *
staff_sign_in_refused(struct ctx *ctx, const char *name, enum directory_outcome outcome)
{
    static const struct problem *const told[DIRECTORY_OUTCOMES] = {
        [DIRECTORY_UNAVAILABLE] = &problem_staff_directory_down,
        [DIRECTORY_EMPTY] = &problem_staff_password_missing,
        [DIRECTORY_WRONG] = &problem_staff_sign_in_failed,
        [DIRECTORY_AMBIGUOUS] = &problem_staff_ambiguous,
        [DIRECTORY_LOCKED] = &problem_staff_password_locked,
        [DIRECTORY_EXPIRED] = &problem_staff_password_expired,
        [DIRECTORY_DISABLED] = &problem_staff_disabled,
        [DIRECTORY_FAULT] = &problem_staff_directory_down,
        [DIRECTORY_WEAK] = &problem_staff_password_weak,
        [DIRECTORY_REUSED] = &problem_staff_password_reused,
        [DIRECTORY_KEPT] = &problem_staff_password_kept,
    };

    if (told[outcome] == NULL)
        return NULL;
    if (outcome != DIRECTORY_WRONG && outcome != DIRECTORY_LOCKED)
        staff_tries_give_back(ctx, name);
    return failed(ctx, name, directory_outcome_name(outcome), told[outcome]);
}

struct row_telling {
    struct stored_staff told;
    struct stored_staff *out;
};

static enum err
tell(struct ctx *ctx, void *state)
{
    struct row_telling *telling = state;
    enum err err = store_staff_said(ctx->store, &telling->told);

    return err == OK
               ? store_staff_load(ctx->store, ctx->arena, telling->told.staff_id, telling->out)
               : err;
}

/* Her row, as the directory says now. ERR_REFUSED: none of her groups stands for anything, or they do not go together. */
static enum err
row_told(struct ctx *ctx, const struct directory_person *person, struct stored_staff *out)
{
    struct row_telling telling = { .told = { .staff_id = person->staff_id,
                                             .state = STAFF_ACTIVE,
                                             .checked_at = ctx->now,
                                             .created_at = ctx->now },
                                   .out = out };
    enum err err = groups_read(ctx, person, &telling.told);

    telling.told.person_key = staff_person_key(ctx, person);
    if (err == OK)
        err = staff_name_seal(ctx, person->staff_id,
                              text_is_empty(person->display_name) ? person->staff_id
                                                                  : person->display_name,
                              &telling.told.name_sealed);
    return err == OK ? change(ctx, tell, &telling) : err;
}

const struct problem *
staff_sign_in_end(struct ctx *ctx, const struct staff_sign_in *sign_in, struct stored_staff *out)
{
    const struct directory_answer *answer = &sign_in->answer;
    const struct problem *problem = staff_sign_in_refused(ctx, sign_in->name, answer->outcome);
    enum err err;

    if (problem != NULL)
        return problem;
    staff_tries_give_back(ctx, sign_in->name); /* the second factor has yet to come */
    if (answer->outcome == DIRECTORY_MUST_CHANGE || !staff_password_is_strong(sign_in->password))
        return failed(ctx, sign_in->name, "must_change", &problem_staff_password_change);
    err = row_told(ctx, &answer->person, out);
    if (err == ERR_REFUSED)
        return failed(ctx, sign_in->name, "roles", &problem_staff_roles_missing);
    if (err != OK)
        return problem_of(err);
    if (out->state != STAFF_ACTIVE)
        return failed(ctx, sign_in->name, "stopped", &problem_staff_stopped);
    return NULL;
}
