/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/phone_code.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/log.h"
#include "idp/connect/sms.h"
#include "idp/context/trace.h"
#include "idp/person/code_limits.h"
#include "idp/tables/one_time_code.h"
#include "keys/handle.h"
#include "policies/typed.h"

#define CODE_DIGITS 6
#define CODE_LIFE_S 300
#define CODE_TRIES 5

static struct digest
code_id(const struct ctx *ctx, const struct phone_code *code)
{
    return digest_keyed_texts(&ctx->keys->index, "code.id", code->flow, code->purpose, code->phone,
                              NULL);
}

/* Keyed: six digits could be found by trying all. */
static struct digest
code_digest(const struct ctx *ctx, const struct phone_code *code, const char *digits)
{
    return digest_keyed_texts(&ctx->keys->index, "code", code->flow, code->phone, digits, NULL);
}

static const struct problem *
code_make(struct ctx *ctx, const struct phone_code *code, const char **digits)
{
    struct stored_code row = {
        .code_id = code_id(ctx, code),
        .tries_left = CODE_TRIES,
        .expires_at = ctx->now + CODE_LIFE_S,
    };
    enum err err = digits_new(ctx->env, ctx->arena, CODE_DIGITS, digits);

    if (err != OK)
        return problem_of(err);
    row.code_digest = code_digest(ctx, code, *digits);
    err = store_one_time_code_put(ctx->store, &row);
    return err == ERR_CONFLICT ? &problem_sms_too_soon : problem_of(err);
}

const struct problem *
phone_code_begin(struct ctx *ctx, const struct phone_code *code, struct code_sending *out)
{
    const struct problem *problem = code_limits_take(ctx, code->phone);

    *out = (struct code_sending) { .code = *code, .err = ERR_BUSY };
    if (problem != NULL)
        return problem;
    problem = code_make(ctx, code, &out->digits);
    if (problem != NULL)
        code_limits_give_back(ctx, code->phone);
    return problem;
}

static void
code_send(struct ctx *ctx, void *state)
{
    struct code_sending *sending = state;

    const struct sms_code message = { .phone = sending->code.phone,
                                      .digits = sending->digits,
                                      .purpose = sending->code.purpose,
                                      .partner = ctx->partner_name,
                                      .traceparent = trace_onward(ctx) };

    sending->err = sms_send_code(ctx->services->sms, ctx->arena, &message, ctx->now);
}

const struct ask ask_phone_code = { LANE_SMS, code_send };

/* Nobody has this code: who presses again is not told that one is on its way. */
static const struct problem *
not_sent(struct ctx *ctx, const struct code_sending *sending)
{
    const struct stored_code row = { .code_id = code_id(ctx, &sending->code),
                                     .code_digest =
                                         code_digest(ctx, &sending->code, sending->digits) };
    enum err err = store_one_time_code_remove(ctx->store, &row);

    if (err != OK)
        log_line(LOG_WARN, "code.not_removed", log_text("error", err_name(err)));
    code_limits_give_back(ctx, sending->code.phone);
    return &problem_sms_not_sent;
}

const struct problem *
phone_code_end(struct ctx *ctx, const struct code_sending *sending)
{
    if (sending->err != OK && sending->err != ERR_UNKNOWN) /* unknown: it may well arrive */
        return not_sent(ctx, sending);
    audit_note(
        ctx, &(struct audit_record) { .event = AUDIT_CODE_SENT, .reason = sending->code.purpose });
    return NULL;
}

static const struct problem *
refused(struct ctx *ctx, const struct phone_code *code, const struct problem *problem)
{
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_CODE_FAILED, .reason = code->purpose });
    return problem;
}

enum err
phone_code_is_out(struct ctx *ctx, const struct phone_code *code, bool *out)
{
    struct digest id = code_id(ctx, code);

    return store_one_time_code_is_out(ctx->store, &id, ctx->now, out);
}

static bool
is_code(const char *typed, char digits[static CODE_DIGITS + 1])
{
    return typed != NULL && typed_ascii(typed, digits, CODE_DIGITS + 1) &&
           strlen(digits) == CODE_DIGITS && typed_is_digits(digits);
}

const struct problem *
phone_code_check(struct ctx *ctx, const struct phone_code *code, const char *typed, bool *repeated)
{
    struct digest id = code_id(ctx, code);
    struct digest expected;
    struct digest presented;
    int64_t tries_left;
    char digits[CODE_DIGITS + 1];
    enum err err;

    if (!is_code(typed, digits))
        return &problem_sms_code_malformed;
    presented = code_digest(ctx, code, digits);
    err = store_one_time_code_try(ctx->store, &id, &presented, ctx->now, &expected, &tries_left);
    if (err == ERR_NOT_FOUND)
        return refused(ctx, code, &problem_sms_code_wrong);
    if (err != OK)
        return problem_of(err);
    if (!digest_eq(&expected, &presented))
        return refused(ctx, code,
                       tries_left > 0 ? &problem_sms_code_wrong : &problem_sms_code_dead);
    if (repeated != NULL)
        *repeated = tries_left < 0;
    return problem_of(store_one_time_code_spend(ctx->store, &id, ctx->now + REPEAT_S));
}
