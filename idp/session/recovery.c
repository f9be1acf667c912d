/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/recovery.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/evidence.h"
#include "idp/person/vault.h"
#include "idp/tables/bank.h"
#include "policies/bank_card.h"

const struct problem *
recovery_begin(struct ctx *ctx, const struct applicant *applicant, struct bank_asking *out)
{
    const struct bank_question question = applicant_question(applicant);

    return bank_proof_begin(ctx, &question, out);
}

static const struct problem *
rejected(struct ctx *ctx, const char *person_id, const char *reason, const struct problem *problem)
{
    metric_add(METRIC_RECOVERIES_NOBODY, 1);
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_RECOVERY_REJECTED,
                                             .reason = reason,
                                             .subject = subject_person(person_id) });
    return problem;
}

struct proven {
    const struct applicant *applicant;
    const char *person_id;
    const char *order_id;
    bool card_is_anothers;
};

/* ERR_FORGED: it proved somebody else. */
static enum err
card_claim(struct ctx *ctx, struct proven *proven)
{
    const char *card_no = proven->applicant->card_no;
    struct digest digest = card_digest(ctx, card_no);
    struct stored_bank_card card;
    enum err err = store_bank_card_find(ctx->store, ctx->arena, &digest, &card);

    proven->card_is_anothers = err == OK && !text_eq(card.person_id, proven->person_id);
    if (proven->card_is_anothers)
        return ERR_FORGED;
    if (err != ERR_NOT_FOUND)
        return err;
    card = (struct stored_bank_card) {
        .digest = digest,
        .person_id = proven->person_id,
        .issuer_bin = bank_card_issuer_bin(ctx->arena, card_no),
        .last_four = bank_card_last_four(card_no),
        .created_at = ctx->now,
    };
    return store_bank_card_insert(ctx->store, &card);
}

static enum err
note(struct ctx *ctx, void *state)
{
    struct proven *proven = state;
    enum err err = card_claim(ctx, proven);

    if (err != OK)
        return err;
    return evidence_add_once(ctx, proven->person_id, EVIDENCE_BANK_CARD, proven->order_id);
}

/* A proof is evidence, whatever becomes of the recovery. */
static const struct problem *
evidence_note(struct ctx *ctx, struct proven *proven)
{
    enum err err = change(ctx, note, proven);

    if (proven->card_is_anothers) {
        audit_note(ctx, &(struct audit_record) { .event = AUDIT_BANK_CARD_REUSED });
        return &problem_bank_card_unusable;
    }
    return err == ERR_CONFLICT ? NULL : problem_of(err); /* pressed twice: it is noted */
}

const struct problem *
recovery_find(struct ctx *ctx, const struct applicant *applicant, const char *order_id,
              const char **person_id)
{
    struct proven proven = { .applicant = applicant, .order_id = order_id };
    const struct problem *problem;
    int64_t state;
    enum err err = person_find_by_identity(ctx, applicant->identity.text, &proven.person_id);

    if (err == ERR_NOT_FOUND)
        return rejected(ctx, NULL, "no_account", &problem_recovery_no_account);
    if (err == OK)
        err = store_person_state(ctx->store, proven.person_id, &state);
    if (err != OK)
        return problem_of(err);
    if (state != PERSON_ACTIVE)
        return rejected(ctx, proven.person_id, "state", &problem_account_stopped);
    problem = evidence_note(ctx, &proven);
    if (problem == NULL)
        *person_id = proven.person_id;
    return problem;
}

const struct problem *
recovery_end(struct ctx *ctx, const struct applicant *applicant, struct bank_asking *asking,
             const char **person_id)
{
    const char *order_id;
    const struct problem *problem = bank_proof_end(ctx, asking, &order_id);

    if (problem == NULL)
        return recovery_find(ctx, applicant, order_id, person_id);
    if (!problem_is_temporary(problem))
        metric_add(METRIC_RECOVERIES_BANK, 1);
    return problem;
}
