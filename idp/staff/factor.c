/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/factor.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/staff/tries.h"
#include "idp/tables/spent.h"
#include "keys/seal.h"
#include "keys/secret.h"

#define LEVEL_CODE 3
#define LEVEL_CERTIFICATE 4

static const char *
totp_context(struct ctx *ctx, const char *staff_id)
{
    return arena_printf(ctx->arena, "staff.totp.%s", staff_id);
}

enum err
staff_totp_seal(struct ctx *ctx, const char *staff_id, const struct totp_secret *secret,
                struct bytes *out)
{
    return seal(&ctx->keys->data, ctx->env, ctx->arena, totp_context(ctx, staff_id),
                bytes_of(secret->bytes, sizeof(secret->bytes)), out);
}

/* ERR_REFUSED: she has none. */
static enum err
totp_open(struct ctx *ctx, const struct stored_staff *staff, struct totp_secret *out)
{
    struct bytes plain;
    enum err err;

    if (staff->totp_sealed.size == 0)
        return ERR_REFUSED;
    err = seal_open(&ctx->keys->data, ctx->arena, totp_context(ctx, staff->staff_id),
                    staff->totp_sealed, &plain);
    if (err == OK && plain.size != sizeof(out->bytes))
        err = ERR_FORGED;
    if (err != OK) {
        log_line(LOG_ERROR, "vault.tampered", log_text("column", "totp_sealed"),
                 log_text("staff", staff->staff_id));
        return err;
    }
    memcpy(out->bytes, plain.at, sizeof(out->bytes));
    return OK;
}

bool
staff_has_certificate(const struct stored_staff *staff, const char *certificate)
{
    return !text_is_empty(staff->certificate) && text_eq(staff->certificate, certificate);
}

/* --- Checking --- */

/* The code is part of it: another secret has another one in the same half minute. */
static struct digest
code_spent(struct ctx *ctx, const char *staff_id, const struct totp_secret *secret, int64_t step)
{
    char code[TOTP_DIGITS + 1];
    struct digest digest;

    totp_code(secret, step, code);
    digest = digest_keyed_texts(&ctx->keys->index, "staff.totp", staff_id,
                                arena_printf(ctx->arena, "%lld", (long long)step), code, NULL);
    secret_wipe(code, sizeof(code));
    return digest;
}

enum err
staff_totp_check(struct ctx *ctx, const char *staff_id, const struct totp_secret *secret,
                 const char *code, struct factor_proof *out)
{
    const char *sid;
    int64_t step = 0;
    enum err err;

    if (!totp_fits(secret, code, ctx->now, &step))
        return ERR_REFUSED;
    *out = (struct factor_proof) {
        .amr = "pwd otp",
        .level = LEVEL_CODE,
        .is_code = true,
        .spent = code_spent(ctx, staff_id, secret, step),
        .until = (step + TOTP_WINDOW + 2) * TOTP_STEP_S, /* a while behind its last moment */
    };
    err = store_spent_find(ctx->store, ctx->arena, &out->spent, &sid);
    if (err == OK)
        return ERR_CONFLICT;
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
code_check(struct ctx *ctx, const struct stored_staff *staff, const char *code,
           struct factor_proof *out)
{
    struct totp_secret secret;
    enum err err = totp_open(ctx, staff, &secret);

    if (err == OK)
        err = staff_totp_check(ctx, staff->staff_id, &secret, code, out);
    secret_wipe(&secret, sizeof(secret));
    return err;
}

enum err
staff_factor_check(struct ctx *ctx, const struct stored_staff *staff,
                   const struct factor_shown *shown, struct factor_proof *out)
{
    if (staff->enrolled_at == 0)
        return ERR_REFUSED;
    if (shown->code != NULL)
        return code_check(ctx, staff, shown->code, out);
    if (!staff_has_certificate(staff, shown->certificate))
        return ERR_REFUSED;
    *out = (struct factor_proof) { .amr = "pwd swk", .level = LEVEL_CERTIFICATE };
    return OK;
}

enum err
staff_factor_spend(struct ctx *ctx, const struct factor_proof *proof, const char *sid)
{
    return proof->is_code ? store_spent_insert(ctx->store, &proof->spent, sid, proof->until) : OK;
}

const struct problem *
staff_factor_refused(struct ctx *ctx, const struct stored_staff *staff, enum err err)
{
    if (err != ERR_REFUSED && err != ERR_CONFLICT)
        return problem_of(err);
    metric_add(METRIC_STAFF_SIGN_IN_FAILED, 1);
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_STAFF_FAILED,
                                             .reason = err == ERR_CONFLICT ? "used" : "factor",
                                             .subject = { SUBJECT_STAFF, staff->staff_id } });
    return err == ERR_CONFLICT ? &problem_staff_factor_used : &problem_staff_factor_wrong;
}

/* --- By itself --- */

struct factor_spending {
    const struct factor_proof *proof;
    const char *sid;
};

static enum err
spend(struct ctx *ctx, void *state)
{
    const struct factor_spending *spending = state;

    return staff_factor_spend(ctx, spending->proof, spending->sid);
}

const struct problem *
staff_factor_prove(struct ctx *ctx, const struct stored_staff *staff,
                   const struct factor_shown *shown, const char *sid)
{
    struct factor_proof proof;
    struct factor_spending spending = { &proof, sid };
    const struct problem *problem = staff_tries_take(ctx, staff->staff_id);
    enum err err;

    if (problem != NULL)
        return problem;
    err = staff_factor_check(ctx, staff, shown, &proof);
    if (err == OK)
        err = change(ctx, spend, &spending);
    if (err != OK)
        return staff_factor_refused(ctx, staff, err);
    staff_tries_passed(ctx, staff->staff_id);
    return NULL;
}
