/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/card_password.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/attempts.h"
#include "idp/person/card.h"
#include "idp/person/evidence.h"
#include "idp/person/notice.h"
#include "idp/person/vault.h"
#include "idp/tables/credential.h"
#include "idp/tables/evidence.h"
#include "policies/card_password.h"
#include "policies/phone.h"

#define PROVEN_S 900 /* as long as a proof is good for another password (identity_step.c) */
#define LEVEL_BY_CARD 3

static enum err
credential_find(struct ctx *ctx, const char *person_id, struct stored_credential *out)
{
    struct credential_key key = credential_card_password(person_id);

    return store_credential_find(ctx->store, ctx->arena, &key, out);
}

enum err
card_password_set_at(struct ctx *ctx, const char *person_id, unix_s *out)
{
    struct stored_credential found;
    enum err err = credential_find(ctx, person_id, &found);

    *out = err == OK ? found.updated_at : 0;
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
card_password_is_set(struct ctx *ctx, const char *person_id, bool *out)
{
    unix_s set_at = 0;
    enum err err = card_password_set_at(ctx, person_id, &set_at);

    *out = set_at != 0;
    return err;
}

static enum err
tell(struct ctx *ctx, const char *person_id, enum notice notice)
{
    struct person person;
    enum err err = person_load(ctx, person_id, &person);

    return err == OK ? notice_put(ctx, person_id, person.phone, notice) : err;
}

/* --- Is it hers? --- */

static struct attempt_line
line_of(const char *person_id)
{
    return (struct attempt_line) { ATTEMPT_CARD_PASSWORD, person_id, NULL, NULL };
}

static enum err
lock_tell(struct ctx *ctx, void *state)
{
    return tell(ctx, state, NOTICE_CARD_PASSWORD_LOCKED);
}

/* The try that uses up what is free; it may still be the right one. */
static enum err
locked(struct ctx *ctx, const char *person_id)
{
    char *whose = arena_text(ctx->arena, person_id);

    audit_note(ctx, &(struct audit_record) { .event = AUDIT_CARD_PASSWORD_LIMIT,
                                             .subject = subject_person(person_id),
                                             .partner_id = ctx->partner_id });
    return change(ctx, lock_tell, whose);
}

static const struct problem *
try_take(struct ctx *ctx, const char *person_id)
{
    struct attempt_line line = line_of(person_id);
    struct attempt_verdict verdict;
    enum err err = attempts_take(ctx, &line, 1, &verdict);

    if (err == OK && !verdict.allowed) {
        metric_add(METRIC_CARD_PASSWORD_LOCKED, 1);
        return &problem_card_password_locked;
    }
    if (err == OK && verdict.filled != ATTEMPT_NONE)
        err = locked(ctx, person_id);
    return problem_of(err);
}

const struct problem *
card_password_ask_begin(struct ctx *ctx, const char *person_id, const char *typed,
                        struct card_password_asking *out)
{
    struct stored_credential found;
    const struct problem *problem;
    enum err err;

    *out = (struct card_password_asking) { .person_id = person_id, .err = ERR_BUSY };
    problem = card_password_read(ctx->arena, typed, &out->digits);
    if (problem != NULL)
        return problem;
    err = credential_find(ctx, person_id, &found);
    if (err == ERR_NOT_FOUND)
        return &problem_card_password_none;
    if (err != OK)
        return problem_of(err);
    out->phc = found.secret;
    return try_take(ctx, person_id);
}

static void
asking_hash(struct ctx *ctx, void *state)
{
    struct card_password_asking *asking = state;

    asking->err =
        password_verify(ctx->services->hash, &ctx->keys->pepper, asking->phc, asking->digits);
}

const struct ask ask_card_password = { LANE_HASH, asking_hash };

const struct problem *
card_password_ask_end(struct ctx *ctx, struct card_password_asking *asking)
{
    struct attempt_line line = line_of(asking->person_id);

    if (asking->err == OK) {
        metric_add(METRIC_CARD_PASSWORD_RIGHT, 1);
        attempts_passed(ctx, &line, 1);
        return NULL;
    }
    if (asking->err == ERR_FORGED) {
        metric_add(METRIC_CARD_PASSWORD_WRONG, 1);
        return &problem_card_password_wrong;
    }
    attempts_give_back(ctx, &line, 1);
    return problem_of(asking->err);
}

/* --- Another one --- */

/* Also by the number of the physical card, where she has one. */
static enum err
card_number_find(struct ctx *ctx, const char *person_id, const char **out)
{
    struct card card;
    enum err err = card_find(ctx, person_id, &card);

    *out = NULL;
    if (err == OK && card.physical.number_sealed.size > 0)
        err = physical_number_open(ctx, &card.physical, out);
    return err == ERR_NOT_FOUND ? OK : err;
}

static const struct problem *
rules_check(struct ctx *ctx, const char *person_id, const char *digits)
{
    struct card_holder_numbers holder;
    struct person person;
    enum err err = person_load(ctx, person_id, &person);

    if (err == OK)
        err = card_number_find(ctx, person_id, &holder.card_no);
    if (err != OK)
        return problem_of(err);
    holder.identity_number = person.identity_number;
    holder.phone = phone_national(person.phone);
    return card_password_judge(digits, &holder);
}

const struct problem *
card_password_set_begin(struct ctx *ctx, const char *person_id, const char *typed, bool reset,
                        struct card_password_setting *out)
{
    const struct problem *problem;
    bool is_set = false;
    enum err err = card_password_is_set(ctx, person_id, &is_set);

    *out = (struct card_password_setting) { .person_id = person_id,
                                            .reason = !is_set ? "first"
                                                      : reset ? "reset"
                                                              : "changed",
                                            .err = ERR_BUSY };
    if (err != OK)
        return problem_of(err);
    problem = card_password_read(ctx->arena, typed, &out->digits);
    return problem != NULL ? problem : rules_check(ctx, person_id, out->digits);
}

static void
setting_hash(struct ctx *ctx, void *state)
{
    struct card_password_setting *setting = state;

    setting->err = password_hash(ctx->services->hash, ctx->arena, &ctx->keys->pepper,
                                 setting->digits, &setting->phc);
}

const struct ask ask_card_password_set = { LANE_HASH, setting_hash };

static enum err
put(struct ctx *ctx, void *state)
{
    const struct card_password_setting *setting = state;
    struct credential_key key = credential_card_password(setting->person_id);
    enum err err = store_credential_put(ctx->store, &key, setting->phc, ctx->now);

    if (err == OK)
        err =
            audit_write(ctx, &(struct audit_record) { .event = AUDIT_CARD_PASSWORD_SET,
                                                      .reason = setting->reason,
                                                      .subject = subject_person(setting->person_id),
                                                      .partner_id = ctx->partner_id });
    return err == OK ? tell(ctx, setting->person_id, NOTICE_CARD_PASSWORD) : err;
}

const struct problem *
card_password_set_end(struct ctx *ctx, struct card_password_setting *setting)
{
    struct attempt_line line = line_of(setting->person_id);
    enum err err = setting->err;

    if (err == OK)
        err = change(ctx, put, setting);
    if (err == OK)
        attempts_passed(ctx, &line, 1);
    return problem_of(err);
}

static bool
is_fresh_bank_check(const struct ctx *ctx, const struct stored_evidence *row)
{
    return row->kind == EVIDENCE_BANK_CARD && row->withdrawn_at == 0 &&
           ctx->now - row->proven_at < PROVEN_S;
}

enum err
card_password_may_reset(struct ctx *ctx, const char *person_id, int64_t level, bool *out)
{
    struct evidence_list list = { .count = 0 };
    enum err err = OK;

    *out = level >= LEVEL_BY_CARD;
    if (!*out)
        err = store_evidence_list(ctx->store, ctx->arena, person_id, &list);
    for (size_t i = 0; err == OK && i < list.count; i++)
        *out = *out || is_fresh_bank_check(ctx, &list.at[i]);
    return err;
}
