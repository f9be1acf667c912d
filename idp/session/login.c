/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/login.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/person/phone_code.h"
#include "idp/person/vault.h"
#include "idp/session/login_guard.h"

static const struct problem *
failed(struct ctx *ctx, const char *person_id, const char *reason, const struct problem *problem)
{
    metric_add(METRIC_LOGINS_FAILED, 1);
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_LOGIN_FAILED,
                                             .reason = reason,
                                             .subject = subject_person(person_id) });
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

const struct problem *
password_login_begin(struct ctx *ctx, const char *phone, const char *password,
                     struct password_login *out)
{
    const struct problem *problem;
    const char *person_id;
    enum err err = person_who_may(ctx, phone, &person_id);

    out->phone = phone;
    if (err != OK)
        return problem_of(err);
    problem = login_guard_take(ctx, phone, person_id);
    if (problem != NULL)
        return problem;
    err = password_check_begin(ctx, person_id, password, &out->check);
    if (err == OK)
        return NULL;
    login_guard_give_back(ctx, phone);
    return problem_of(err);
}

const struct problem *
password_login_end(struct ctx *ctx, const struct password_login *login, struct proof *out)
{
    enum err err = password_check_end(ctx, &login->check);

    if (err == ERR_FORGED)
        return failed(ctx, login->check.person_id, "password", &problem_login_failed);
    if (err != OK) {
        login_guard_give_back(ctx, login->phone);
        return problem_of(err);
    }
    login_guard_passed(ctx, login->phone);
    *out =
        (struct proof) { .person_id = login->check.person_id, .amr = "pwd", .phone = login->phone };
    return NULL;
}

/* Who holds the phone may be told that it has no account. */
static const struct problem *
proof_by_phone(struct ctx *ctx, const char *phone, bool repeated, struct proof *out)
{
    const char *person_id;
    enum err err = person_who_may(ctx, phone, &person_id);

    if (err != OK)
        return problem_of(err);
    if (person_id == NULL)
        return failed(ctx, NULL, "sms", &problem_phone_unknown);
    *out = (struct proof) {
        .person_id = person_id, .amr = "sms", .phone = phone, .repeated = repeated
    };
    return NULL;
}

const struct problem *
login_by_code(struct ctx *ctx, const char *flow, const char *phone, const char *typed,
              struct proof *out)
{
    struct phone_code code = { .flow = flow, .purpose = "login", .phone = phone };
    bool repeated = false;
    const struct problem *problem = phone_code_check(ctx, &code, typed, &repeated);

    return problem != NULL ? problem : proof_by_phone(ctx, phone, repeated, out);
}

const struct problem *
login_by_proven_phone(struct ctx *ctx, const char *phone, struct proof *out)
{
    return proof_by_phone(ctx, phone, true, out);
}
