/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/proofing.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/evidence.h"
#include "idp/staff/citizen.h"
#include "idp/staff/staff_act.h"
#include "idp/tables/evidence.h"
#include "keys/handle.h"
#include "keys/secret.h"
#include "policies/staff_rules.h"

#define SITTING_BYTES 12

/* The counter, and the sitting so that nobody can tell its id. */
static const char *
reference_of(struct ctx *ctx, const struct sitting *sitting)
{
    struct digest digest =
        digest_keyed_texts(&ctx->keys->index, "proofing", sitting->row.sid, NULL);

    return arena_printf(ctx->arena, "%s.%s", sitting->counter.counter_id,
                        base64url_encode(ctx->arena, bytes_of(digest.bytes, SITTING_BYTES)));
}

enum err
proofing_note(struct ctx *ctx, const struct sitting *sitting, const char *person_id,
              const char *told)
{
    return evidence_add_document(ctx, person_id, reference_of(ctx, sitting), told);
}

struct proof_making {
    const struct sitting *sitting;
    const char *person_id;
    const char *told;
};

static enum err
prove(struct ctx *ctx, void *state)
{
    const struct proof_making *proving = state;
    enum err err = staff_act_note(
        ctx, &(struct staff_act) { .person_id = proving->person_id, .what = STAFF_ACT_proved });

    if (err == OK)
        err = proofing_note(ctx, proving->sitting, proving->person_id, proving->told);
    if (err == OK)
        err =
            audit_write(ctx, &(struct audit_record) { .event = AUDIT_STAFF_PROVED,
                                                      .reason = proving->told,
                                                      .subject = subject_person(proving->person_id),
                                                      .sid = proving->sitting->row.sid });
    return err;
}

static const struct problem *
number_refused(struct ctx *ctx, const char *person_id)
{
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_STAFF_PROOF_REFUSED,
                                             .reason = "number",
                                             .subject = subject_person(person_id) });
    return &problem_proof_number;
}

static const struct problem *
paper_judge(struct ctx *ctx, const struct citizen *citizen, const struct proofing *proofing)
{
    struct identity_number identity;
    int32_t today = time_beijing_date(ctx->now);
    const struct problem *problem = identity_number_check(proofing->number, today, &identity);

    if (problem != NULL)
        return problem;
    if (!text_eq(identity.text, citizen->person.identity_number))
        return number_refused(ctx, citizen->person.person_id);
    return paper_check(proofing->paper, proofing->looks, &identity, today);
}

const struct problem *
proofing_record(struct ctx *ctx, const struct sitting *sitting, const char *person_id,
                const struct proofing *proofing)
{
    struct proof_making proving = { sitting, person_id,
                                    paper_told(ctx->arena, proofing->paper, proofing->looks) };
    struct citizen citizen;
    const struct problem *problem = citizen_serve(ctx, &sitting->staff, person_id, &citizen);
    enum err err;

    if (problem != NULL)
        return problem;
    if (citizen.person.state != PERSON_ACTIVE)
        return &problem_account_stopped;
    problem = paper_judge(ctx, &citizen, proofing);
    if (problem != NULL)
        return problem;
    err = change(ctx, prove, &proving);
    return err == ERR_CONFLICT ? NULL : problem_of(err); /* pressed twice */
}

enum err
proofing_stands(struct ctx *ctx, const struct sitting *sitting, const char *person_id, bool *out)
{
    const char *reference = reference_of(ctx, sitting);
    struct evidence_list list;
    enum err err = store_evidence_list(ctx->store, ctx->arena, person_id, &list);

    *out = false;
    for (size_t i = 0; err == OK && i < list.count; i++)
        if (list.at[i].kind == EVIDENCE_COUNTER && list.at[i].withdrawn_at == 0 &&
            ctx->now - list.at[i].proven_at < STAFF_PROOF_S &&
            text_eq(list.at[i].reference, reference))
            *out = true;
    return err;
}

const struct problem *
proofing_check(struct ctx *ctx, const struct sitting *sitting, const char *person_id)
{
    bool stands;
    enum err err = proofing_stands(ctx, sitting, person_id, &stands);

    if (err != OK)
        return problem_of(err);
    return stands ? NULL : &problem_proof_needed;
}
