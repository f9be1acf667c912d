/* SPDX-License-Identifier: Apache-2.0 */
/* Enrolment: the factor becomes hers. */
#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/staff/enrolment.h"
#include "idp/staff/factor.h"
#include "idp/staff/sitting_end.h"
#include "idp/staff/tries.h"
#include "idp/tables/spent.h"
#include "idp/tables/staff_factor.h"
#include "keys/secret.h"
#include "policies/staff_rules.h"

struct factor_enrolling {
    const struct staff_enrolment *enrolment;
    struct stored_staff row;
    struct digest code;
    struct factor_proof proof;
};

void
staff_enrolment_secret(struct ctx *ctx, const struct staff_enrolment *enrolment,
                       struct totp_secret *out)
{
    struct digest digest = digest_keyed_texts(&ctx->keys->index, "staff.totp.new", enrolment->once,
                                              enrolment->staff_id, NULL);

    memcpy(out->bytes, digest.bytes, sizeof(out->bytes));
    secret_wipe(&digest, sizeof(digest));
}

static bool
digest_read(struct ctx *ctx, const char *text, struct digest *out)
{
    struct bytes bytes;

    if (text == NULL || base64url_decode(ctx->arena, text, strlen(text), &bytes) != OK ||
        bytes.size != sizeof(out->bytes))
        return false;
    memcpy(out->bytes, bytes.at, sizeof(out->bytes));
    return true;
}

/* One secret of all that were given makes the first one, and none when there is one. */
static enum err
first_take(struct ctx *ctx, struct factor_enrolling *enrolling)
{
    struct digest once = digest_keyed_texts(&ctx->keys->index, "staff.first", "", NULL);
    bool open;
    enum err err = bootstrap_is_open(ctx, &open);

    if (err == OK && !open)
        err = ERR_NOT_FOUND;
    if (err == OK)
        err = store_spent_insert(ctx->store, &once, "", ctx->now + STAFF_CODE_S);
    if (err == OK)
        err = store_staff_code(ctx->store, enrolling->row.staff_id, &enrolling->code,
                               ctx->now + STAFF_CODE_S);
    return err == ERR_CONFLICT ? ERR_NOT_FOUND : err;
}

static enum err
enrol(struct ctx *ctx, void *state)
{
    struct factor_enrolling *enrolling = state;
    enum err err = enrolling->enrolment->is_first ? first_take(ctx, enrolling) : OK;

    if (err == OK)
        err = store_staff_enrol(ctx->store, &enrolling->row, &enrolling->code);
    if (err == OK)
        err = staff_factor_spend(ctx, &enrolling->proof, "");
    if (err == OK)
        err = audit_write(ctx, &(struct audit_record) {
                                   .event = AUDIT_STAFF_ENROLLED,
                                   .reason = enrolling->proof.is_code ? "otp" : "certificate",
                                   .subject = { SUBJECT_STAFF, enrolling->row.staff_id } });
    return err;
}

/* ERR_REFUSED: she has not shown it. */
static enum err
factor_read(struct ctx *ctx, struct factor_enrolling *enrolling)
{
    const struct staff_enrolment *enrolment = enrolling->enrolment;
    struct totp_secret secret;
    enum err err;

    enrolling->row.enrolled_at = ctx->now;
    if (enrolment->typed == NULL) {
        if (text_is_empty(enrolment->certificate))
            return ERR_REFUSED;
        enrolling->row.certificate = enrolment->certificate;
        return OK;
    }
    staff_enrolment_secret(ctx, enrolment, &secret);
    err = staff_totp_check(ctx, enrolling->row.staff_id, &secret, enrolment->typed,
                           &enrolling->proof);
    if (err == OK)
        err = staff_totp_seal(ctx, enrolling->row.staff_id, &secret, &enrolling->row.totp_sealed);
    secret_wipe(&secret, sizeof(secret));
    return err;
}

/* By the first press of the same form. */
static bool
is_done(const struct factor_enrolling *enrolling)
{
    return enrolling->row.code.size == 0 &&
           enrolling->row.enrolled_at >= enrolling->enrolment->begun_at;
}

static const struct problem *
enrol_counted(struct ctx *ctx, struct factor_enrolling *enrolling)
{
    enum err err = factor_read(ctx, enrolling);

    if (err == OK)
        err = change(ctx, enrol, enrolling);
    if (err == ERR_NOT_FOUND) { /* used up, given anew or over meanwhile */
        staff_tries_give_back(ctx, enrolling->row.staff_id);
        return &problem_staff_code_wrong;
    }
    if (err != OK)
        return staff_factor_refused(ctx, &enrolling->row, err);
    staff_tries_give_back(ctx, enrolling->row.staff_id);
    return problem_of(sitting_end_of(ctx, enrolling->row.staff_id, SITTING_ENDED_ENROLLED));
}

const struct problem *
staff_enrol(struct ctx *ctx, const struct staff_enrolment *enrolment)
{
    struct factor_enrolling enrolling = { .enrolment = enrolment };
    const struct problem *problem;
    enum err err = store_staff_load(ctx->store, ctx->arena, enrolment->staff_id, &enrolling.row);

    if (err == OK && !digest_read(ctx, enrolment->code, &enrolling.code))
        err = ERR_NOT_FOUND;
    if (err == ERR_NOT_FOUND)
        return &problem_staff_code_wrong;
    if (err != OK)
        return problem_of(err);
    if (is_done(&enrolling))
        return NULL;
    problem = staff_tries_take(ctx, enrolment->staff_id);
    return problem != NULL ? problem : enrol_counted(ctx, &enrolling);
}
