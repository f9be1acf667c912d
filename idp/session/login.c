/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/login.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/person/attempts.h"
#include "idp/person/credentials.h"
#include "idp/person/phone_code.h"
#include "idp/person/vault.h"

static const struct problem *
failed(struct ctx *ctx, const char *person_id, const char *reason, const struct problem *problem)
{
    metric_add(METRIC_LOGINS_FAILED, 1);
    audit_refusal(ctx, &(struct audit_record) {
                           .event = AUDIT_LOGIN_FAILED, .reason = reason, .person_id = person_id });
    return problem;
}

/* Who has this phone and may log in; NULL when nobody, and nobody is told. */
static enum err
person_who_may(struct ctx *ctx, const char *phone, const char **person_id)
{
    struct stored_person row;
    enum err err = person_find_by_phone(ctx, phone, person_id);

    if (err == OK)
        err = store_person_load(ctx->store, ctx->arena, *person_id, &row);
    if (err == ERR_NOT_FOUND || (err == OK && row.state != PERSON_ACTIVE))
        *person_id = NULL;
    return err == ERR_NOT_FOUND ? OK : err;
}

/* Counted before it is looked at. Over the cap the person is treated as unknown: same answer, same
 * cost. */
static enum err
lock_check(struct ctx *ctx, const char *phone, const char **person_id)
{
    bool allowed;
    bool address_allowed;
    int64_t count;
    enum err err = attempt_take(ctx, ATTEMPT_PASSWORD, phone, &allowed, &count);

    if (err == OK)
        err = attempt_take(ctx, ATTEMPT_PASSWORD_ADDRESS, ctx->address, &address_allowed, NULL);
    if (err != OK)
        return err;
    if (count == attempt_rule(ATTEMPT_PASSWORD)->cap)
        audit_refusal(ctx,
                      &(struct audit_record) { .event = AUDIT_LOCK_SET, .person_id = *person_id });
    if (!allowed || !address_allowed) {
        metric_add(METRIC_LOGINS_LOCKED, 1);
        *person_id = NULL;
    }
    return OK;
}

const struct problem *
login_by_password(struct ctx *ctx, const char *phone, const char *password, struct proof *out)
{
    const char *known;
    enum err err = person_who_may(ctx, phone, &known);
    const char *person_id = known;

    if (err == OK)
        err = lock_check(ctx, phone, &person_id);
    if (err == OK)
        err = password_check_of(ctx, person_id, password);
    if (err == ERR_FORGED)
        return failed(ctx, known, "password", &problem_login_failed);
    if (err != OK)
        return problem_of(err);
    attempts_forget(ctx, ATTEMPT_PASSWORD, phone);
    attempt_give_back(ctx, ATTEMPT_PASSWORD_ADDRESS,
                      ctx->address); /* a whole service hall shares one address */
    *out = (struct proof) { .person_id = person_id, .amr = "pwd" };
    return NULL;
}

const struct problem *
login_by_code(struct ctx *ctx, const char *flow, const char *phone, const char *typed,
              struct proof *out)
{
    struct phone_code code = { .flow = flow, .purpose = "login", .phone = phone };
    const struct problem *problem = phone_code_check(ctx, &code, typed);
    const char *person_id;
    enum err err;

    if (problem != NULL)
        return problem;
    err = person_who_may(ctx, phone, &person_id);
    if (err != OK)
        return problem_of(err);
    if (person_id == NULL)
        return failed(ctx, NULL, "sms", &problem_phone_unknown);
    *out = (struct proof) { .person_id = person_id, .amr = "sms" };
    return NULL;
}
