/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/login.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/person/device.h"
#include "idp/person/phone_code.h"
#include "idp/person/vault.h"
#include "idp/session/login_count.h"
#include "idp/session/login_guard.h"

static const struct problem *
failed(struct ctx *ctx, const char *person_id, const char *reason, const struct problem *problem)
{
    login_count(ctx, problem == &problem_login_failed ? LOGIN_BY_PASSWORD : LOGIN_BY_SMS,
                LOGIN_FAILED);
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_LOGIN_FAILED,
                                             .reason = reason,
                                             .subject = subject_person(person_id) });
    return problem;
}

/* NULL in place of who may not log in, and nobody is told. */
static enum err
who_may(struct ctx *ctx, enum err found, const char **person_id)
{
    int64_t state = 0;
    enum err err = found;

    if (err == OK)
        err = store_person_state(ctx->store, *person_id, &state);
    if (err == ERR_NOT_FOUND || (err == OK && state != PERSON_ACTIVE))
        *person_id = NULL;
    return err == ERR_NOT_FOUND ? OK : err;
}

/* Who has no number any more counts by her identity number. */
static enum err
counted_of(struct ctx *ctx, const char *person_id, struct password_login *out)
{
    struct person person;
    enum err err = person_load(ctx, person_id, &person);

    if (err != OK)
        return err;
    out->phone = text_is_empty(person.phone) ? NULL : person.phone;
    out->counted_as = out->phone != NULL ? out->phone : person.identity_number;
    return OK;
}

static enum err
name_look_up(struct ctx *ctx, const struct login_name *name, struct password_login *out,
             const char **person_id)
{
    enum err err;

    out->phone = name->phone;
    out->counted_as = name->phone != NULL ? name->phone : name->identity_number;
    if (name->phone != NULL)
        return who_may(ctx, person_find_by_phone(ctx, name->phone, person_id), person_id);
    err = person_find_by_identity(ctx, name->identity_number, person_id);
    if (err == OK)
        err = counted_of(ctx, *person_id, out);
    return who_may(ctx, err, person_id);
}

static const struct problem *
check_begin(struct ctx *ctx, const char *person_id, const char *password,
            struct password_login *out)
{
    const struct problem *problem = login_guard_take(ctx, out->counted_as, person_id);
    enum err err;

    if (problem != NULL)
        return problem;
    err = password_check_begin(ctx, person_id, password, &out->check);
    if (err == OK)
        return NULL;
    login_guard_give_back(ctx, out->counted_as);
    return problem_of(err);
}

const struct problem *
password_login_begin(struct ctx *ctx, const struct login_name *name, const char *password,
                     struct password_login *out)
{
    const char *person_id;
    enum err err = name_look_up(ctx, name, out, &person_id);

    return err != OK ? problem_of(err) : check_begin(ctx, person_id, password, out);
}

const struct problem *
password_proof_begin(struct ctx *ctx, const char *person_id, const char *password,
                     struct password_login *out)
{
    enum err err = counted_of(ctx, person_id, out);

    return err != OK ? problem_of(err) : check_begin(ctx, person_id, password, out);
}

const struct problem *
password_login_end(struct ctx *ctx, const struct password_login *login, struct proof *out)
{
    enum err err = password_check_end(ctx, &login->check);

    if (err == ERR_FORGED)
        return failed(ctx, login->check.person_id, "password", &problem_login_failed);
    if (err != OK) {
        login_guard_give_back(ctx, login->counted_as);
        return problem_of(err);
    }
    login_guard_passed(ctx, login->counted_as);
    *out =
        (struct proof) { .person_id = login->check.person_id, .amr = "pwd", .phone = login->phone };
    return NULL;
}

#define CONFIRM_EVERY_S 86400

/* ERR_EXPIRED: the number may have a new owner, whom a code does not make the old one. */
static enum err
number_judge(struct ctx *ctx, const char *person_id, const char *phone)
{
    struct stored_person row;
    enum err err = store_person_load(ctx->store, ctx->arena, person_id, &row);
    int64_t age_s;

    if (err != OK)
        return err;
    age_s = ctx->now - row.phone_verified_at;
    if (age_s >= ctx->settings->life.phone_s && !device_knows(ctx, phone))
        return ERR_EXPIRED;
    if (age_s < CONFIRM_EVERY_S)
        return OK;
    return store_person_confirm_phone(ctx->store, person_id, ctx->now);
}

/* Who holds the phone may be told that it has no account. */
static const struct problem *
proof_by_phone(struct ctx *ctx, const char *phone, bool repeated, struct proof *out)
{
    const char *person_id;
    enum err err = who_may(ctx, person_find_by_phone(ctx, phone, &person_id), &person_id);

    if (err == OK && person_id == NULL)
        return failed(ctx, NULL, "sms", &problem_phone_unknown);
    if (err == OK)
        err = number_judge(ctx, person_id, phone);
    if (err == ERR_EXPIRED)
        return failed(ctx, person_id, "phone_stale", &problem_phone_stale);
    if (err != OK)
        return problem_of(err);
    *out = (struct proof) { .way = LOGIN_BY_SMS,
                            .person_id = person_id,
                            .amr = "sms",
                            .phone = phone,
                            .repeated = repeated };
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
