/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/credentials.h"

#include "idp/audit/audit.h"
#include "idp/base/log.h"
#include "idp/context/change.h"
#include "idp/person/vault.h"
#include "idp/tables/credential.h"
#include "policies/password_rules.h"
#include "policies/phone.h"

/* `phone` NULL: the number that she has. */
static const struct problem *
rules_check(struct ctx *ctx, const char *person_id, const char *phone, const char *password)
{
    struct person person;
    enum err err = person_load(ctx, person_id, &person);

    if (err != OK)
        return problem_of(err);
    return password_check(password, phone_national(phone != NULL ? phone : person.phone),
                          person.identity_number);
}

const struct problem *
password_choice_begin(struct ctx *ctx, const char *person_id, const char *password,
                      struct password_choice *out)
{
    struct credential_key key = credential_password(person_id);
    struct stored_credential present;
    const struct problem *problem = rules_check(ctx, person_id, NULL, password);
    enum err err;

    *out = (struct password_choice) { person_id, password, .err = ERR_BUSY };
    if (problem != NULL)
        return problem;
    err = store_credential_find(ctx->store, ctx->arena, &key, &present);
    if (err == OK)
        return &problem_transaction_order;
    return err == ERR_NOT_FOUND ? NULL : problem_of(err);
}

static void
choice_hash(struct ctx *ctx, void *state)
{
    struct password_choice *choice = state;

    choice->err = password_hash(ctx->services->hash, ctx->arena, &ctx->keys->pepper,
                                choice->password, &choice->phc);
}

const struct ask ask_password_choice = { LANE_HASH, choice_hash };

static enum err
choose(struct ctx *ctx, void *state)
{
    const struct password_choice *choice = state;
    struct credential_key key = credential_password(choice->person_id);
    enum err err = store_credential_insert(ctx->store, &key, choice->phc, ctx->now);

    if (err == OK)
        err = audit_write(ctx,
                          &(struct audit_record) { .event = AUDIT_PASSWORD_SET,
                                                   .reason = "first",
                                                   .subject = subject_person(choice->person_id) });
    return err;
}

const struct problem *
password_choice_end(struct ctx *ctx, struct password_choice *choice)
{
    enum err err = choice->err;

    if (err == OK)
        err = change(ctx, choose, choice);
    return err == ERR_CONFLICT ? &problem_transaction_order : problem_of(err);
}

const struct problem *
password_renewal_begin(struct ctx *ctx, const char *person_id, const char *phone,
                       const char *password, struct password_choice *out)
{
    *out = (struct password_choice) { person_id, password, .err = ERR_BUSY };
    return rules_check(ctx, person_id, phone, password);
}

enum err
password_renewal_put(struct ctx *ctx, const struct password_choice *choice)
{
    struct credential_key key = credential_password(choice->person_id);

    return store_credential_put(ctx->store, &key, choice->phc, ctx->now);
}

enum err
password_is_chosen(struct ctx *ctx, const char *person_id, bool *out)
{
    struct credential_key key = credential_password(person_id);
    struct stored_credential present;
    enum err err = store_credential_find(ctx->store, ctx->arena, &key, &present);

    *out = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
password_check_begin(struct ctx *ctx, const char *person_id, const char *password,
                     struct password_check *out)
{
    struct credential_key key = credential_password(person_id);
    struct stored_credential credential = { .secret = NULL };
    enum err err = OK;

    *out = (struct password_check) { person_id, password, .err = ERR_BUSY };
    if (person_id != NULL)
        err = store_credential_find(ctx->store, ctx->arena, &key, &credential);
    out->phc = credential.secret;
    return err == ERR_NOT_FOUND ? OK : err;
}

/* A hash of another cost is made anew at once: the password is at hand only now. */
static void
check_hash(struct ctx *ctx, void *state)
{
    struct password_check *check = state;
    const struct password_cost *cost = ctx->services->hash;

    check->err = password_verify(cost, &ctx->keys->pepper, check->phc, check->password);
    if (check->err != OK || !password_needs_rehash(cost, check->phc))
        return;
    if (password_hash(cost, ctx->arena, &ctx->keys->pepper, check->password, &check->renewed) != OK)
        check->renewed = NULL;
}

const struct ask ask_password_check = { LANE_HASH, check_hash };

/* A password that was changed meanwhile is not the one that was checked, and stays. */
static enum err
renew(struct ctx *ctx, void *state)
{
    const struct password_check *check = state;
    struct credential_key key = credential_password(check->person_id);

    return store_credential_renew(
        ctx->store, &key, &(struct credential_form) { check->phc, check->renewed }, ctx->now);
}

enum err
password_check_end(struct ctx *ctx, const struct password_check *check)
{
    struct password_check checked = *check;
    enum err err = OK;

    if (check->err == OK && check->renewed != NULL)
        err = change(ctx, renew, &checked);
    if (err != OK) /* the old hash still works; next login tries again */
        log_line(LOG_WARN, "password.not_rehashed", log_text("error", err_name(err)));
    return check->err;
}
