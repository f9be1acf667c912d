/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/look.h"

#include "idp/audit/audit.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/attempts.h"
#include "idp/staff/staff_act.h"
#include "policies/reason.h"

/* No id of ours: who is not there is looked for as if she were. */
#define NOBODY "p_nobody"

/* --- How often --- */

static struct attempt_line
line_of(const struct ctx *ctx, enum attempt_kind kind)
{
    return (struct attempt_line) { .kind = kind, .subject = ctx->staff_id, .form = ctx->form };
}

static const struct problem *
full(struct ctx *ctx, enum attempt_kind kind)
{
    const char *what = attempt_rule(ctx->settings, kind).name;

    log_line(LOG_ERROR, "staff.reads_full", log_text("staff", ctx->staff_id),
             log_text("counter", ctx->counter_id), log_text("counted", what));
    metric_add(METRIC_STAFF_READS_FULL, 1);
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_STAFF_READS_FULL,
                                             .reason = what,
                                             .subject = { SUBJECT_STAFF, ctx->staff_id } });
    return &problem_staff_reads_full;
}

static const struct problem *
count(struct ctx *ctx, enum attempt_kind kind)
{
    struct attempt_line line = line_of(ctx, kind);
    struct attempt_verdict verdict;
    enum err err = attempts_take(ctx, &line, 1, &verdict);

    if (err != OK)
        return problem_of(err);
    return verdict.allowed ? NULL : full(ctx, kind);
}

/* Whoever was looked for in vain is counted apart. *kind: of the line that is full, or ATTEMPT_NONE. */
static enum err
lines_read(struct ctx *ctx, enum attempt_kind *kind)
{
    static const enum attempt_kind kinds[] = { ATTEMPT_STAFF_READ, ATTEMPT_STAFF_MISS };
    enum err err = OK;

    *kind = ATTEMPT_NONE;
    for (size_t i = 0; err == OK && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct attempt_line line = line_of(ctx, kinds[i]);
        int64_t wait_s = 0;

        err = attempt_wait(ctx, &line, &wait_s);
        if (wait_s > 0)
            *kind = kinds[i];
    }
    return err;
}

/* --- The record --- */

struct looking {
    struct staff_act act;
    enum audit_event event;
};

static enum err
look(struct ctx *ctx, void *state)
{
    const struct looking *looking = state;
    enum err err = staff_act_note(ctx, &looking->act);

    if (err != OK)
        return err;
    return audit_write(
        ctx, &(struct audit_record) { .event = looking->event,
                                      .reason = looking->act.reason,
                                      .subject = subject_person(looking->act.person_id) });
}

/* Counted and written down. The same form once more was both before. */
static const struct problem *
look_note(struct ctx *ctx, struct looking *looking)
{
    const struct problem *problem = count(ctx, ATTEMPT_STAFF_READ);
    enum err err;

    if (problem != NULL)
        return problem;
    err = change(ctx, look, looking);
    if (err == OK)
        metric_add(METRIC_STAFF_READS, 1);
    return err == ERR_CONFLICT ? NULL : problem_of(err);
}

/* --- Finding --- */

static enum err
by_card(struct ctx *ctx, const struct stored_staff *staff, const struct find_name *name,
        const char **person_id)
{
    const char *region = text_is_empty(name->card_region) ? staff->region : name->card_region;
    struct digest key = physical_card_key(ctx, region, name->card_no);
    struct digest holder;
    enum err err = store_physical_card_holder(ctx->store, &key, &holder);

    return err == OK ? person_find_by_holder(ctx, &holder, person_id) : err;
}

static enum err
person_id_of(struct ctx *ctx, const struct stored_staff *staff, const struct find_name *name,
             const char **person_id)
{
    enum err err;

    if (name->identity_number != NULL)
        err = person_find_by_identity(ctx, name->identity_number, person_id);
    else if (name->phone != NULL)
        err = person_find_by_phone(ctx, name->phone, person_id);
    else
        err = by_card(ctx, staff, name, person_id);
    if (err == ERR_NOT_FOUND)
        *person_id = NOBODY;
    return err == ERR_NOT_FOUND ? OK : err;
}

/* A full line says so whoever was looked for, so that it tells of nobody whether she is there; but not to the form that filled
 * it, sent again. */
static const struct problem *
lines_check(struct ctx *ctx, const struct staff_act *act)
{
    enum attempt_kind kind;
    unix_s at;
    enum err err = lines_read(ctx, &kind);

    if (err == OK)
        err = staff_act_noted_at(ctx, act, &at);
    if (err == OK)
        return NULL;
    if (err != ERR_NOT_FOUND)
        return problem_of(err);
    return kind != ATTEMPT_NONE ? full(ctx, kind) : NULL;
}

const struct problem *
staff_find(struct ctx *ctx, const struct stored_staff *staff, const struct find_name *name,
           struct citizen *out)
{
    struct looking looking = { .act.what = STAFF_ACT_found, .event = AUDIT_STAFF_FOUND };
    const struct problem *problem;
    const struct problem *missed;
    enum err err = person_id_of(ctx, staff, name, &looking.act.person_id);

    if (err != OK)
        return problem_of(err);
    problem = lines_check(ctx, &looking.act);
    if (problem == NULL)
        problem = citizen_see(ctx, staff, looking.act.person_id, out);
    if (problem == NULL)
        return look_note(ctx, &looking);
    if (problem != &problem_citizen_unknown)
        return problem;
    missed = count(ctx, ATTEMPT_STAFF_MISS);
    return missed != NULL ? missed : problem;
}

/* --- Unmasking --- */

const struct problem *
staff_reason_check(struct arena *arena, const char *reason, const struct person *person)
{
    return reason_judge(arena, reason, STAFF_REASON_MAX, person->name) == REASON_GOOD
               ? NULL
               : &problem_staff_reason_invalid;
}

const struct problem *
staff_unmask(struct ctx *ctx, const struct stored_staff *staff, const char *person_id,
             const char *reason, unix_s *at)
{
    struct looking looking = {
        .act = { .person_id = person_id, .what = STAFF_ACT_unmasked, .reason = reason },
        .event = AUDIT_STAFF_UNMASKED,
    };
    struct citizen citizen;
    const struct problem *problem = citizen_serve(ctx, staff, person_id, &citizen);
    enum err err;

    if (problem == NULL)
        problem = staff_reason_check(ctx->arena, reason, &citizen.person);
    if (problem == NULL)
        problem = look_note(ctx, &looking);
    if (problem != NULL)
        return problem;
    *at = ctx->now;
    err = staff_act_noted_at(ctx, &looking.act, at);
    return err == ERR_NOT_FOUND ? NULL : problem_of(err);
}
