/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/correction.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/card/life.h"
#include "idp/context/change.h"
#include "idp/person/evidence.h"
#include "idp/person/notice.h"
#include "idp/session/stop.h"
#include "idp/staff/citizen.h"
#include "idp/staff/look.h"
#include "idp/staff/staff_act.h"
#include "policies/name.h"

/* --- Proposing --- */

/* What is proposed: the paper, what was looked at, and what is right, in one sealed text. */
static const char *
content_of(struct ctx *ctx, const struct proofing *proofing, const char *value)
{
    return arena_printf(ctx->arena, "%s\n%s",
                        paper_told(ctx->arena, proofing->paper, proofing->looks), value);
}

static const struct problem *
number_free(struct ctx *ctx, const char *number)
{
    const char *person_id;
    enum err err = person_find_by_identity(ctx, number, &person_id);

    if (err == OK)
        return &problem_correction_taken;
    return err == ERR_NOT_FOUND ? NULL : problem_of(err);
}

static const struct problem *
name_judge(struct ctx *ctx, const struct citizen *citizen, const struct correction *correction,
           const struct identity_number *identity, const char **value)
{
    const struct problem *problem = name_check(ctx->arena, correction->name, value);

    if (problem != NULL)
        return problem;
    if (!text_eq(identity->text, citizen->person.identity_number))
        return &problem_proof_number;
    return text_eq(*value, citizen->person.name) ? &problem_correction_same : NULL;
}

static const struct problem *
number_judge(struct ctx *ctx, const struct citizen *citizen, const struct identity_number *identity,
             const char **value)
{
    *value = arena_text(ctx->arena, identity->text);
    if (text_eq(*value, citizen->person.identity_number))
        return &problem_correction_same;
    return number_free(ctx, *value);
}

/* Is it right, and on that paper? */
static const struct problem *
correction_judge(struct ctx *ctx, const struct citizen *citizen,
                 const struct correction *correction, const char **value)
{
    const struct proofing *proofing = &correction->proofing;
    struct identity_number identity;
    int32_t today = time_beijing_date(ctx->now);
    const struct problem *problem = identity_number_check(proofing->number, today, &identity);

    if (problem == NULL)
        problem = correction->kind == PROPOSAL_NUMBER
                      ? number_judge(ctx, citizen, &identity, value)
                      : name_judge(ctx, citizen, correction, &identity, value);
    return problem != NULL ? problem
                           : paper_check(proofing->paper, proofing->looks, &identity, today);
}

const struct problem *
correction_propose(struct ctx *ctx, const struct sitting *sitting, const char *person_id,
                   const struct correction *correction)
{
    struct proposal_wish wish = { .kind = correction->kind,
                                  .person_id = person_id,
                                  .reason = correction->reason };
    struct citizen citizen;
    const char *value;
    const char *proposal_id;
    const struct problem *problem = citizen_serve(ctx, &sitting->staff, person_id, &citizen);

    if (problem != NULL)
        return problem;
    if (citizen.person.state != PERSON_ACTIVE)
        return &problem_account_stopped;
    problem = correction_judge(ctx, &citizen, correction, &value);
    if (problem == NULL)
        problem = staff_reason_check(ctx->arena, correction->reason, &citizen.person);
    if (problem != NULL)
        return problem;
    wish.region = citizen.region;
    wish.content = content_of(ctx, &correction->proofing, value);
    return proposal_make(ctx, sitting, &wish, &proposal_id);
}

/* --- Carrying out --- */

struct correcting {
    const struct sitting *sitting;
    struct proposal_use use;
    struct person person;
    const char *told; /* of the paper */
    const char *value;
    bool taken;
};

/* ERR_INVALID: it is no such text. */
static enum err
content_read(struct ctx *ctx, const char *content, const char **told, const char **value)
{
    const char *end = strchr(content, '\n');

    if (end == NULL)
        return ERR_INVALID;
    *told = arena_copy(ctx->arena, content, (size_t)(end - content));
    *value = end + 1;
    return OK;
}

enum err
correction_value(struct ctx *ctx, const struct stored_proposal *proposal, const char **out)
{
    const char *content;
    const char *told;
    enum err err = proposal_content(ctx, proposal, &content);

    *out = "";
    if (err != OK || text_is_empty(content))
        return err;
    return content_read(ctx, content, &told, out);
}

static enum err
number_put(struct ctx *ctx, struct correcting *correcting)
{
    struct identity_number identity;
    enum err err;

    if (identity_number_check(correcting->value, time_beijing_date(ctx->now), &identity) != NULL)
        return ERR_INVALID;
    correcting->taken = true;
    err = person_set_identity(ctx, &correcting->person, identity.text, identity.birth_date);
    correcting->taken = err == ERR_CONFLICT;
    return err;
}

static enum err
value_put(struct ctx *ctx, struct correcting *correcting)
{
    const char *person_id = correcting->person.person_id;
    enum err err = correcting->use.kind == PROPOSAL_NUMBER
                       ? number_put(ctx, correcting)
                       : person_set_name(ctx, &correcting->person, correcting->value);

    if (err == OK)
        err = evidence_withdraw(ctx, person_id);
    if (err == OK)
        err = proofing_note(ctx, correcting->sitting, person_id, correcting->told);
    return err;
}

static enum err
corrected_tell(struct ctx *ctx, const struct correcting *correcting)
{
    const char *person_id = correcting->person.person_id;
    bool is_number = correcting->use.kind == PROPOSAL_NUMBER;
    enum err err = audit_write(
        ctx, &(struct audit_record) { .event = AUDIT_PERSON_CORRECTED,
                                      .reason = arena_printf(ctx->arena, "%s %s",
                                                             is_number ? "number" : "name",
                                                             correcting->use.proposal_id),
                                      .subject = subject_person(person_id),
                                      .sid = correcting->sitting->row.sid });

    if (err == OK)
        err = staff_act_note(
            ctx, &(struct staff_act) { .person_id = person_id, .what = STAFF_ACT_corrected });
    return err == OK ? notice_put(ctx, person_id, correcting->person.phone,
                                  is_number ? NOTICE_NUMBER : NOTICE_NAME)
                     : err;
}

/* Her row is held: nobody changes her credentials meanwhile; with another number whatever was begun before is over. */
static enum err
correct(struct ctx *ctx, void *state)
{
    struct correcting *correcting = state;
    const char *person_id = correcting->use.person_id;
    enum err err = correcting->use.kind == PROPOSAL_NUMBER
                       ? store_person_secure(ctx->store, person_id, TIME_NEVER, ctx->now)
                       : store_person_hold(ctx->store, person_id, TIME_NEVER);

    correcting->taken = false;
    correcting->use.proposal_id = NULL;
    if (err == OK)
        err = proposal_take(ctx, &correcting->use);
    if (err == OK)
        err = person_load(ctx, person_id, &correcting->person);
    if (err == OK)
        err = content_read(ctx, correcting->use.content, &correcting->told, &correcting->value);
    if (err == OK)
        err = value_put(ctx, correcting);
    return err == OK ? corrected_tell(ctx, correcting) : err;
}

/* What stood on the number that she had. Asked for again it goes on where it was interrupted. */
static const struct problem *
number_follow(struct ctx *ctx, const char *person_id, unix_s at)
{
    const struct problem *problem = card_close(ctx, person_id);

    if (problem != NULL && problem != &problem_ecard_none && problem != &problem_ecard_not_active)
        return problem;
    return problem_of(
        person_end(ctx, person_id, &(struct person_ending) { "corrected", "", at + 1 }));
}

/* *at: when the form did it, which may have been before. */
static enum err
correct_once(struct ctx *ctx, struct correcting *correcting, unix_s *at)
{
    const struct staff_act act = { .person_id = correcting->use.person_id,
                                   .what = STAFF_ACT_corrected };
    enum err err = staff_act_noted_at(ctx, &act, at);

    if (err != ERR_NOT_FOUND)
        return err;
    *at = ctx->now;
    return change(ctx, correct, correcting);
}

const struct problem *
correction_make(struct ctx *ctx, const struct sitting *sitting, const char *person_id,
                enum proposal_kind kind)
{
    struct correcting correcting = {
        .sitting = sitting,
        .use = { .kind = kind, .staff_id = sitting->staff.staff_id, .person_id = person_id }
    };
    struct citizen citizen;
    const struct problem *problem = citizen_serve(ctx, &sitting->staff, person_id, &citizen);
    unix_s at;
    enum err err;

    if (problem != NULL)
        return problem;
    err = correct_once(ctx, &correcting, &at);
    if (err == ERR_NOT_FOUND)
        return &problem_proposal_over;
    if (err == ERR_CONFLICT && correcting.taken)
        return &problem_correction_taken;
    if (err != OK)
        return problem_of(err);
    return kind == PROPOSAL_NUMBER ? number_follow(ctx, person_id, at) : NULL;
}
