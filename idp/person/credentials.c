/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/credentials.h"

#include "idp/audit/audit.h"
#include "idp/base/log.h"
#include "idp/person/vault.h"
#include "idp/store/credential.h"
#include "policies/password_rules.h"
#include "policies/phone.h"

static const struct problem *
rules_check(struct ctx *ctx, const char *person_id, const char *password)
{
    struct person person;
    enum err err = person_load(ctx, person_id, &person);

    if (err != OK)
        return problem_of(err);
    return password_check(password, phone_national(person.phone), person.identity_number);
}

struct choosing {
    struct ctx *ctx;
    const char *person_id;
    const char *phc;
};

static enum err
choose(struct store *st, void *state)
{
    struct choosing *choosing = state;
    struct ctx *ctx = choosing->ctx;
    enum err err =
        store_credential_put(st, choosing->person_id, CREDENTIAL_PASSWORD, choosing->phc, ctx->now);

    if (err == OK)
        err = audit_write(ctx, &(struct audit_record) { .event = AUDIT_PASSWORD_SET,
                                                        .reason = "first",
                                                        .person_id = choosing->person_id });
    return err;
}

const struct problem *
password_choose(struct ctx *ctx, const char *person_id, const char *password)
{
    struct choosing choosing = { .ctx = ctx, .person_id = person_id };
    struct stored_credential present;
    const struct problem *problem = rules_check(ctx, person_id, password);
    enum err err;

    if (problem != NULL)
        return problem;
    err = store_credential_find(ctx->store, ctx->arena, person_id, CREDENTIAL_PASSWORD, &present);
    if (err != ERR_NOT_FOUND)
        return err == OK ? &problem_transaction_order : problem_of(err);
    err =
        password_hash(ctx->services->hash, ctx->arena, &ctx->keys->pepper, password, &choosing.phc);
    if (err == OK)
        err = store_change(ctx->store, choose, &choosing);
    return err == ERR_CONFLICT ? &problem_transaction_order : problem_of(err);
}

static void
rehash(struct ctx *ctx, const char *person_id, const char *password)
{
    const char *phc;
    enum err err =
        password_hash(ctx->services->hash, ctx->arena, &ctx->keys->pepper, password, &phc);

    if (err == OK)
        err = store_credential_put(ctx->store, person_id, CREDENTIAL_PASSWORD, phc, ctx->now);
    if (err != OK) /* the old hash still works; next login tries again */
        log_line(LOG_WARN, "password.not_rehashed", log_text("error", err_name(err)));
}

enum err
password_check_of(struct ctx *ctx, const char *person_id, const char *password)
{
    struct stored_credential credential = { .secret = NULL };
    enum err err = OK;

    if (person_id != NULL)
        err = store_credential_find(ctx->store, ctx->arena, person_id, CREDENTIAL_PASSWORD,
                                    &credential);
    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    err = password_verify(ctx->services->hash, &ctx->keys->pepper, credential.secret, password);
    if (err == OK && password_needs_rehash(credential.secret))
        rehash(ctx, person_id, password);
    return err;
}
