/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/newcomer.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/code_limits.h"
#include "idp/person/phone_holder.h"
#include "idp/person/registration.h"
#include "idp/person/vault.h"
#include "idp/staff/citizen.h"
#include "idp/staff/reset_link.h"
#include "idp/staff/staff_act.h"
#include "idp/tables/consent.h"
#include "keys/handle.h"
#include "keys/secret.h"
#include "policies/name.h"
#include "policies/phone.h"
#include "policies/staff_rules.h"

#define ID_BYTES 16

struct admitting {
    const struct sitting *sitting;
    const struct newcomer *newcomer;
    const char *person_id;
    const char *name;
    struct identity_number identity;
    const char *phone; /* E.164; "": none */
};

/* --- What was typed --- */

static bool
is_child(const struct ctx *ctx, const struct identity_number *identity)
{
    return age_on(identity->birth_date, time_beijing_date(ctx->now)) < STAFF_OWN_ACCOUNT_YEARS;
}

/* A child has no login, so there is nothing to send. */
static const struct problem *
phone_judge(struct ctx *ctx, struct admitting *admitting, const char *typed)
{
    struct phone_holder holder;
    const struct problem *problem;
    enum err err;

    admitting->phone = "";
    if (text_is_empty(typed))
        return NULL;
    if (!reset_link_is_offered(ctx))
        return &problem_reset_closed;
    if (is_child(ctx, &admitting->identity))
        return &problem_guardian_required;
    problem = phone_check(ctx->arena, typed, &admitting->phone);
    if (problem != NULL)
        return problem;
    err = phone_holder_find(ctx, admitting->person_id, admitting->phone, &holder);
    if (err != OK)
        return problem_of(err);
    return holder.person_id != NULL && holder.lately ? &problem_phone_anothers : NULL;
}

static bool
typed_judge(struct ctx *ctx, struct admitting *admitting, struct newcomer_faults *faults)
{
    const struct newcomer *newcomer = admitting->newcomer;
    const struct proofing *proofing = &newcomer->proofing;
    int32_t today = time_beijing_date(ctx->now);

    *faults = (struct newcomer_faults) { .name = name_check(ctx->arena, newcomer->name,
                                                            &admitting->name) };
    faults->number = identity_number_check(proofing->number, today, &admitting->identity);
    if (faults->number == NULL) {
        faults->paper = paper_check(proofing->paper, proofing->looks, &admitting->identity, today);
        faults->phone = phone_judge(ctx, admitting, newcomer->phone);
    }
    return faults->name == NULL && faults->number == NULL && faults->paper == NULL &&
           faults->phone == NULL;
}

/* --- The account --- */

static const char *
id_of_form(struct ctx *ctx)
{
    struct digest digest = digest_keyed_texts(&ctx->keys->index, "staff.newcomer", ctx->form, NULL);

    return arena_printf(ctx->arena, "p_%s",
                        base64url_encode(ctx->arena, bytes_of(digest.bytes, ID_BYTES)));
}

/* The key first: it decides who is the first. */
static enum err
account_put(struct ctx *ctx, const struct admitting *admitting)
{
    struct digest identity = identity_digest(ctx, admitting->identity.text);
    enum err err = store_person_key_insert(ctx->store, PERSON_KEY_IDENTITY, &identity,
                                           admitting->person_id, ctx->now);

    if (err != OK)
        return err;
    return person_insert(ctx, &(struct person) { .person_id = admitting->person_id,
                                                 .state = PERSON_ACTIVE,
                                                 .name = admitting->name,
                                                 .identity_number = admitting->identity.text,
                                                 .phone = "", /* she proves it by the link */
                                                 .birth_date = admitting->identity.birth_date });
}

static enum err
consent_put(struct ctx *ctx, const struct admitting *admitting)
{
    enum err err = store_consent_insert(
        ctx->store, &(struct stored_consent) { .person_id = admitting->person_id,
                                               .purpose = PURPOSE_REGISTRATION,
                                               .partner_id = "",
                                               .scope = "",
                                               .text_digest = admitting->newcomer->notice,
                                               .channel = ctx->channel,
                                               .given_at = ctx->now });

    if (err == OK)
        err = audit_write(
            ctx, &(struct audit_record) { .event = AUDIT_CONSENT_GIVEN,
                                          .reason = PURPOSE_REGISTRATION,
                                          .subject = subject_person(admitting->person_id) });
    return err;
}

static enum err
admission_tell(struct ctx *ctx, const struct admitting *admitting)
{
    enum err err =
        audit_write(ctx, &(struct audit_record) { .event = AUDIT_PERSON_REGISTERED,
                                                  .reason = "counter",
                                                  .subject = subject_person(admitting->person_id),
                                                  .sid = admitting->sitting->row.sid });

    if (err == OK)
        err = staff_act_note(ctx, &(struct staff_act) { .person_id = admitting->person_id,
                                                        .what = STAFF_ACT_registered });
    if (err == OK && !text_is_empty(admitting->phone))
        err = reset_link_put(ctx, admitting->person_id, admitting->phone);
    return err;
}

static enum err
admit(struct ctx *ctx, void *state)
{
    const struct admitting *admitting = state;
    const struct proofing *proofing = &admitting->newcomer->proofing;
    enum err err = account_put(ctx, admitting);

    if (err == OK)
        err = proofing_note(ctx, admitting->sitting, admitting->person_id,
                            paper_told(ctx->arena, proofing->paper, proofing->looks));
    if (err == OK)
        err = consent_put(ctx, admitting);
    return err == OK ? admission_tell(ctx, admitting) : err;
}

/* Who has the number already: this very form, or another account. */
static const struct problem *
admitted_before(struct ctx *ctx, const struct admitting *admitting, bool *is_same)
{
    const char *person_id;
    enum err err = person_find_by_identity(ctx, admitting->identity.text, &person_id);

    *is_same = err == OK && text_eq(person_id, admitting->person_id);
    if (err != OK)
        return err == ERR_NOT_FOUND ? NULL : problem_of(err);
    return *is_same ? NULL : &problem_already_registered;
}

static const struct problem *
admit_once(struct ctx *ctx, struct admitting *admitting)
{
    bool is_same;
    const struct problem *problem = admitted_before(ctx, admitting, &is_same);
    enum err err;

    if (problem != NULL || is_same)
        return problem;
    problem = text_is_empty(admitting->phone) ? NULL : code_limits_take(ctx, admitting->phone);
    if (problem != NULL)
        return problem;
    err = change(ctx, admit, admitting);
    if (err != OK && !text_is_empty(admitting->phone))
        code_limits_give_back(ctx, admitting->phone);
    if (err != ERR_CONFLICT)
        return problem_of(err);
    problem = admitted_before(ctx, admitting, &is_same);
    return problem != NULL || is_same ? problem : &problem_try_again;
}

const struct problem *
newcomer_register(struct ctx *ctx, const struct sitting *sitting, const struct newcomer *newcomer,
                  struct newcomer_faults *faults, const char **person_id)
{
    struct admitting admitting = { .sitting = sitting,
                                   .newcomer = newcomer,
                                   .person_id = id_of_form(ctx) };
    struct digest identity;

    *person_id = admitting.person_id;
    if (!typed_judge(ctx, &admitting, faults))
        return NULL;
    identity = identity_digest(ctx, admitting.identity.text);
    if (!staff_is_person(&sitting->staff, &identity))
        return admit_once(ctx, &admitting);
    citizen_denied(ctx, "self", "");
    return &problem_staff_self;
}
