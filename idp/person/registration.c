/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/registration.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/agreement.h"
#include "idp/person/evidence.h"
#include "idp/person/phone_holder.h"
#include "idp/person/vault.h"
#include "idp/tables/bank.h"
#include "keys/handle.h"
#include "policies/bank_card.h"

#define ADULT_ENOUGH_YEARS 14 /* PIPL art. 31 */
#define PERSON_ID_BYTES 16

const struct problem *
registration_phone_free(struct ctx *ctx, const char *phone)
{
    struct phone_holder holder;
    enum err err = phone_holder_find(ctx, "", phone, &holder);

    if (err != OK)
        return problem_of(err);
    return holder.person_id != NULL && holder.lately ? &problem_phone_taken : NULL;
}

const char *
registration_person_id(struct ctx *ctx, const char *flow, const char *phone)
{
    struct digest digest = digest_keyed_texts(&ctx->keys->index, "person.id", flow, phone, NULL);

    return arena_printf(ctx->arena, "p_%s",
                        base64url_encode(ctx->arena, bytes_of(digest.bytes, PERSON_ID_BYTES)));
}

static struct agreement
agreement_to(const char *person_id, const char *purpose, const struct digest *text)
{
    return (struct agreement) {
        .subject = { person_id, purpose, "" },
        .scope = "",
        .text = *text,
    };
}

const struct problem *
registration_consent(struct ctx *ctx, const char *person_id, const struct digest *text,
                     const struct digest *form)
{
    const struct agreement both[] = {
        agreement_to(person_id, PURPOSE_REGISTRATION, text),
        agreement_to(person_id, PURPOSE_BANK_CHECK, text),
    };

    return problem_of(agreements_give(ctx, both, sizeof(both) / sizeof(both[0]), form));
}

const struct problem *
applicant_identity(struct ctx *ctx, const char *typed, struct applicant *out)
{
    int32_t today = time_beijing_date(ctx->now);
    const struct problem *problem = identity_number_check(typed, today, &out->identity);

    if (problem != NULL)
        return problem;
    if (age_on(out->identity.birth_date, today) >= ADULT_ENOUGH_YEARS)
        return NULL;
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_MINOR_BLOCKED });
    return &problem_guardian_required;
}

static const struct problem *
bank_consent_check(struct ctx *ctx, const char *person_id)
{
    struct consent_subject subject = { person_id, PURPOSE_BANK_CHECK, "" };
    struct stored_consent given;
    enum err err = store_consent_find(ctx->store, ctx->arena, &subject, &given);

    return err == ERR_NOT_FOUND ? &problem_transaction_order : problem_of(err);
}

struct creating {
    const struct applicant *applicant;
    const char *order_id;
    const struct problem *taken; /* what a conflict of the statement under way means */
};

/* ERR_CONFLICT: somebody has it, and uses it. */
static enum err
phone_key_insert(struct ctx *ctx, const struct applicant *applicant)
{
    struct digest phone = phone_digest(ctx, applicant->phone);
    struct phone_holder holder;
    enum err err = phone_holder_find(ctx, applicant->person_id, applicant->phone, &holder);

    if (err == OK && holder.person_id != NULL)
        err = holder.lately ? ERR_CONFLICT
                            : phone_holder_dispossess(ctx, holder.person_id, "registered");
    if (err != OK)
        return err;
    return store_person_key_insert(ctx->store, PERSON_KEY_PHONE, &phone, applicant->person_id,
                                   ctx->now);
}

/* The keys first: they decide who is the first, before anything else is written. */
static enum err
keys_insert(struct ctx *ctx, struct creating *creating)
{
    const struct applicant *applicant = creating->applicant;
    struct digest identity = identity_digest(ctx, applicant->identity.text);
    struct stored_bank_card card = {
        .digest = card_digest(ctx, applicant->card_no),
        .person_id = applicant->person_id,
        .issuer_bin = bank_card_issuer_bin(ctx->arena, applicant->card_no),
        .last_four = bank_card_last_four(applicant->card_no),
        .created_at = ctx->now,
    };
    enum err err;

    creating->taken = &problem_already_registered;
    err = store_person_key_insert(ctx->store, PERSON_KEY_IDENTITY, &identity, applicant->person_id,
                                  ctx->now);
    if (err != OK)
        return err;
    creating->taken = &problem_phone_taken;
    err = phone_key_insert(ctx, applicant);
    if (err != OK)
        return err;
    creating->taken = &problem_bank_card_unusable;
    return store_bank_card_insert(ctx->store, &card);
}

static enum err
account_insert(struct ctx *ctx, const struct creating *creating)
{
    const struct applicant *applicant = creating->applicant;
    enum err err = person_insert(ctx, &(struct person) {
                                          .person_id = applicant->person_id,
                                          .state = PERSON_ACTIVE,
                                          .name = applicant->name,
                                          .identity_number = applicant->identity.text,
                                          .phone = applicant->phone,
                                          .birth_date = applicant->identity.birth_date,
                                          .phone_verified_at = ctx->now,
                                      });

    if (err == OK)
        err = evidence_add(ctx, applicant->person_id, EVIDENCE_PHONE, "");
    if (err == OK)
        err = evidence_add(ctx, applicant->person_id, EVIDENCE_BANK_CARD, creating->order_id);
    if (err == OK)
        err = audit_write(
            ctx, &(struct audit_record) { .event = AUDIT_PERSON_REGISTERED,
                                          .reason = "bank_card",
                                          .subject = subject_person(applicant->person_id) });
    return err;
}

static enum err
create(struct ctx *ctx, void *state)
{
    enum err err = keys_insert(ctx, state);

    return err == OK ? account_insert(ctx, state) : err;
}

/* Somebody has the key. When it is this very flow (a double click), all is well. */
static const struct problem *
conflict_explained(struct ctx *ctx, const struct creating *creating)
{
    struct digest identity = identity_digest(ctx, creating->applicant->identity.text);
    const char *person_id;
    enum err err =
        store_person_key_find(ctx->store, ctx->arena, PERSON_KEY_IDENTITY, &identity, &person_id);
    bool registered = err == OK;

    if (err != OK && err != ERR_NOT_FOUND)
        return problem_of(err);
    if (registered && text_eq(person_id, creating->applicant->person_id))
        return NULL;
    audit_note(ctx, &(struct audit_record) { .event = registered || creating->taken !=
                                                                        &problem_bank_card_unusable
                                                          ? AUDIT_PERSON_DUPLICATE
                                                          : AUDIT_BANK_CARD_REUSED });
    return registered ? &problem_already_registered : creating->taken;
}

struct bank_question
applicant_question(const struct applicant *applicant)
{
    return (struct bank_question) {
        .name = applicant->name,
        .identity_number = applicant->identity.text,
        .card_no = applicant->card_no,
        .phone = applicant->bank_phone,
    };
}

const struct problem *
registration_begin(struct ctx *ctx, const struct applicant *applicant, struct bank_asking *out)
{
    const struct bank_question question = applicant_question(applicant);
    const struct problem *problem = bank_consent_check(ctx, applicant->person_id);

    return problem != NULL ? problem : bank_proof_begin(ctx, &question, out);
}

const struct problem *
registration_end(struct ctx *ctx, const struct applicant *applicant, struct bank_asking *asking)
{
    struct creating creating = { .applicant = applicant };
    const struct problem *problem = bank_proof_end(ctx, asking, &creating.order_id);
    enum err err;

    if (problem != NULL)
        return problem;
    err = change(ctx, create, &creating);
    if (err == ERR_CONFLICT)
        return conflict_explained(ctx, &creating);
    if (err == OK)
        metric_add(METRIC_REGISTRATION_BANK, 1);
    return problem_of(err);
}
