/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/enrolment.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/staff/factor.h"
#include "idp/staff/people.h"
#include "idp/staff/sitting_end.h"
#include "idp/staff/tries.h"
#include "idp/tables/spent.h"
#include "idp/tables/staff_factor.h"
#include "keys/handle.h"
#include "keys/seal.h"
#include "keys/secret.h"
#include "policies/staff_rules.h"
#include "policies/typed.h"

#define CODE_DIGITS 20
#define GROUP_DIGITS 5
#define BOOTSTRAP_CONTEXT "staff.bootstrap.1"
#define SECURITY_ADMIN "security_admin"

static enum err
audit_of(struct ctx *ctx, enum audit_event event, const char *reason, const char *staff_id)
{
    return audit_write(ctx, &(struct audit_record) { .event = event,
                                                     .reason = reason,
                                                     .subject = { SUBJECT_STAFF, staff_id } });
}

/* --- Codes --- */

static struct digest
code_digest(const struct ctx *ctx, const char *staff_id, const char *digits)
{
    return digest_keyed_texts(&ctx->keys->index, "staff.code", staff_id, digits, NULL);
}

struct code_giving {
    const char *staff_id;
    struct digest digest;
    unix_s until;
};

static enum err
give(struct ctx *ctx, void *state)
{
    const struct code_giving *giving = state;
    enum err err = store_staff_code(ctx->store, giving->staff_id, &giving->digest, giving->until);

    return err == OK ? audit_of(ctx, AUDIT_STAFF_CODE, NULL, giving->staff_id) : err;
}

static const char *
in_groups(struct arena *arena, const char *digits)
{
    struct buf out = buf_new(arena, 32);

    for (size_t i = 0; digits[i] != '\0'; i++) {
        if (i > 0 && i % GROUP_DIGITS == 0)
            buf_char(&out, '-');
        buf_char(&out, digits[i]);
    }
    return out.at;
}

const struct problem *
staff_code_give(struct ctx *ctx, const struct stored_staff *by, const char *staff_id,
                struct staff_code *out)
{
    struct code_giving giving = { .staff_id = staff_id, .until = ctx->now + STAFF_CODE_S };
    struct stored_staff staff;
    const char *digits;
    enum err err = store_staff_load(ctx->store, ctx->arena, staff_id, &staff);

    if (err == ERR_NOT_FOUND)
        return &problem_staff_unknown;
    if (err == OK && by != NULL && !staff_may_enrol(by, &staff)) {
        audit_note(ctx, &(struct audit_record) { .event = AUDIT_STAFF_DENIED,
                                                 .reason = "code",
                                                 .subject = { SUBJECT_STAFF, staff_id } });
        return &problem_staff_denied;
    }
    if (err == OK)
        err = digits_new(ctx->env, ctx->arena, CODE_DIGITS, &digits);
    if (err != OK)
        return problem_of(err);
    giving.digest = code_digest(ctx, staff_id, digits);
    err = change(ctx, give, &giving);
    if (err == OK)
        *out = (struct staff_code) { in_groups(ctx->arena, digits), giving.until };
    return problem_of(err);
}

static bool
code_fits(struct ctx *ctx, const struct stored_staff *staff, const char *typed, struct digest *out)
{
    char digits[CODE_DIGITS + 1];
    struct digest kept;

    if (typed == NULL || staff->code.size != sizeof(kept.bytes) || staff->code_until <= ctx->now ||
        !typed_ascii(typed, digits, sizeof(digits)))
        return false;
    memcpy(kept.bytes, staff->code.at, sizeof(kept.bytes));
    *out = code_digest(ctx, staff->staff_id, digits);
    return digest_eq(&kept, out);
}

static const struct problem *
failed(struct ctx *ctx, const char *staff_id, const char *reason, const struct problem *problem)
{
    metric_add(METRIC_STAFF_SIGN_IN_FAILED, 1);
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_STAFF_FAILED,
                                             .reason = reason,
                                             .subject = { SUBJECT_STAFF, staff_id } });
    return problem;
}

const struct problem *
staff_code_check(struct ctx *ctx, const struct stored_staff *staff, const char *typed,
                 struct digest *out)
{
    const struct problem *problem = staff_tries_take(ctx, staff->staff_id);

    if (problem != NULL)
        return problem;
    if (!code_fits(ctx, staff, typed, out))
        return failed(ctx, staff->staff_id, "code", &problem_staff_code_wrong);
    staff_tries_give_back(ctx, staff->staff_id);
    return NULL;
}

/* --- The first one --- */

enum err
bootstrap_is_open(struct ctx *ctx, bool *out)
{
    bool enrolled = true;
    enum err err = store_staff_any_enrolled(ctx->store, &enrolled);

    *out = !enrolled;
    return err;
}

static enum err
give_first(struct ctx *ctx, void *state)
{
    (void)state;
    return audit_of(ctx, AUDIT_STAFF_CODE, "bootstrap", "");
}

enum err
bootstrap_give(struct ctx *ctx, const char **text, unix_s *until)
{
    bool open;
    const char *end = arena_printf(ctx->arena, "%lld", (long long)ctx->now + STAFF_CODE_S);
    enum err err = bootstrap_is_open(ctx, &open);

    if (err == OK && !open)
        err = ERR_REFUSED;
    if (err == OK)
        err = seal_text(&ctx->keys->seal, ctx->env, ctx->arena, BOOTSTRAP_CONTEXT,
                        bytes_of_text(end), text);
    if (err == OK)
        err = change(ctx, give_first, NULL);
    if (err == OK)
        *until = ctx->now + STAFF_CODE_S;
    return err;
}

static bool
secret_is_good(struct ctx *ctx, const char *typed)
{
    struct bytes plain;
    int64_t until = 0;

    return typed != NULL &&
           seal_text_open(&ctx->keys->seal, ctx->arena, BOOTSTRAP_CONTEXT, typed, &plain) == OK &&
           text_to_int(arena_copy(ctx->arena, plain.at, plain.size), 0, INT64_MAX, &until) == OK &&
           ctx->now < until;
}

const struct problem *
bootstrap_check(struct ctx *ctx, const struct stored_staff *staff, const char *typed,
                struct digest *out)
{
    const struct problem *problem = staff_tries_take(ctx, staff->staff_id);

    if (problem != NULL)
        return problem;
    if (!secret_is_good(ctx, typed))
        return failed(ctx, staff->staff_id, "code", &problem_staff_code_wrong);
    staff_tries_give_back(ctx, staff->staff_id);
    if (!text_list_has(staff->roles, SECURITY_ADMIN))
        return failed(ctx, staff->staff_id, "roles", &problem_staff_roles_missing);
    *out = digest_keyed_texts(&ctx->keys->index, BOOTSTRAP_CONTEXT, typed, NULL);
    return NULL;
}
