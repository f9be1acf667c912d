/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/code.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/partner/consent.h"
#include "idp/session/grant.h"
#include "idp/session/grant_end.h"
#include "idp/session/session.h"
#include "idp/tables/person.h"
#include "idp/tables/spent.h"
#include "keys/handle.h"
#include "keys/seal.h"
#include "policies/assurance.h"
#include "policies/pkce.h"

#define CODE_CONTEXT "code.1"
/* A spent code is remembered longer than it lives: a replay must still find
 * the grant it has to end. */
#define SPENT_FOR_S 3600

static const struct pack_field fields[] = {
    PACKED_TEXT(struct code, id),
    PACKED_TEXT(struct code, approval.partner_id),
    PACKED_TEXT(struct code, redirect_uri),
    PACKED_TEXT(struct code, approval.scope),
    PACKED_TEXT(struct code, nonce),
    PACKED_TEXT(struct code, challenge),
    PACKED_TEXT(struct code, approval.claims),
    PACKED_TEXT(struct code, approval.subject.id),
    PACKED_TEXT(struct code, approval.sid),
    PACKED_TEXT(struct code, approval.acr),
    PACKED_TEXT(struct code, approval.amr),
    PACKED_INT(struct code, approval.auth_time),
    PACKED_INT(struct code, approval.until),
    PACKED_INT(struct code, issued_at),
    PACKED_INT_SINCE(1, struct code, approval.subject.kind),
    PACKED_TEXT_SINCE(1, struct code, approval.actor),
    PACKED_TEXT_SINCE(1, struct code, approval.bound_key),
    PACKED_END,
};

enum err
code_issue(struct ctx *ctx, struct code *code, const char **out)
{
    enum err err = id_new(ctx->env, ctx->arena, "", &code->id);

    if (err != OK)
        return err;
    code->issued_at = ctx->now;
    return seal_text(&ctx->keys->seal, ctx->env, ctx->arena, CODE_CONTEXT,
                     pack(ctx->arena, fields, ctx->settings->upgrade.sealed_layout, code), out);
}

static enum err
code_open(struct ctx *ctx, const char *text, struct code *out)
{
    struct bytes plain;
    enum err err = seal_text_open(&ctx->keys->seal, ctx->arena, CODE_CONTEXT, text, &plain);

    if (err != OK)
        return err;
    *out = (struct code) { 0 };
    return unpack(ctx->arena, fields, plain, out) == OK ? OK : ERR_FORGED;
}

static bool
verifier_fits(struct ctx *ctx, const char *challenge, const char *verifier)
{
    struct digest digest;

    if (challenge[0] == '\0')
        return verifier == NULL; /* a verifier without a challenge: somebody took the challenge out
                                    (RFC 9700, 4.8.2) */
    if (verifier == NULL || pkce_verifier_check(verifier) != NULL)
        return false;
    digest = digest_of_text(verifier);
    return text_eq(base64url_encode(ctx->arena, digest_view(&digest)), challenge);
}

/* The session it was issued in must still be there, the person in good
 * standing, and the consent given. */
static enum err
subject_check(struct ctx *ctx, const struct redemption *redemption, const struct code *code,
              bool *holds)
{
    enum err err = session_carries(ctx, &code->approval, holds);

    if (err == OK && *holds)
        err = subject_is_active(ctx, code->approval.subject, holds);
    if (err != OK || !*holds)
        return err;
    return approval_covered(ctx, redemption->partner, &code->approval, holds);
}

/* Why the code is refused, as a word for the audit trail; NULL when it is good. */
static enum err
code_judge(struct ctx *ctx, const struct redemption *redemption, const struct code *code,
           const char **reason)
{
    bool holds = true;
    enum err err = OK;

    *reason = NULL;
    if (!text_eq(code->approval.partner_id, redemption->partner->profile.partner_id) ||
        code->issued_at < redemption->partner->since)
        *reason = "client";
    else if (ctx->now - code->issued_at > ctx->settings->life.code_s ||
             handed_out_too_early(ctx, code->issued_at))
        *reason = "expired";
    else if (!text_eq(code->redirect_uri, redemption->redirect_uri))
        *reason = "redirect_uri";
    else if (!verifier_fits(ctx, code->challenge, redemption->code_verifier))
        *reason = "pkce";
    else if (code->approval.bound_key[0] != '\0' &&
             !text_eq(code->approval.bound_key, redemption->proof_key))
        *reason = "dpop";
    else
        err = subject_check(ctx, redemption, code, &holds);
    if (!holds)
        *reason = "subject";
    return err;
}

struct redeeming {
    struct ctx *ctx;
    const struct code *code;
    const char *reason; /* why it is only burnt; NULL: a grant comes of it */
    struct grant_beginning beginning;
};

static enum err
audit_code(const struct redeeming *redeeming, enum audit_event event, const char *reason)
{
    const struct approval *approval = &redeeming->code->approval;

    return audit_write(redeeming->ctx, &(struct audit_record) { .event = event,
                                                                .reason = reason,
                                                                .subject = approval->subject,
                                                                .partner_id = approval->partner_id,
                                                                .sid = approval->sid });
}

static enum err
burn(const struct redeeming *redeeming, const struct digest *id, const char *reason)
{
    enum err err =
        store_spent_insert(redeeming->ctx->store, id, "", redeeming->code->issued_at + SPENT_FOR_S);

    return err == OK ? audit_code(redeeming, AUDIT_CODE_REJECTED, reason) : err;
}

static enum err
redeem(struct redeeming *redeeming, const struct digest *id)
{
    struct ctx *ctx = redeeming->ctx;
    enum err err = store_spent_insert(ctx->store, id, redeeming->beginning.grant->grant_id,
                                      redeeming->code->issued_at + SPENT_FOR_S);

    if (err == OK)
        err = grant_begin(ctx, &redeeming->beginning);
    return err == OK ? audit_code(redeeming, AUDIT_CODE_REDEEMED, NULL) : err;
}

static enum err
spend(struct ctx *ctx, void *state)
{
    struct redeeming *redeeming = state;
    struct digest id = digest_of_text(redeeming->code->id);
    enum err err;

    if (redeeming->reason != NULL)
        return burn(redeeming, &id, redeeming->reason);
    err = grant_room_look(ctx, &redeeming->beginning);
    if (err != OK)
        return err;
    return redeeming->beginning.full != NULL ? burn(redeeming, &id, "limit")
                                             : redeem(redeeming, &id);
}

/* It was spent before. If a grant came of it, two have the code: end the
 * grant (RFC 6749, 4.1.2). */
static const struct problem *
replayed(struct ctx *ctx, const struct code *code)
{
    struct digest id = digest_of_text(code->id);
    const char *grant_id;
    enum err err = store_spent_find(ctx->store, ctx->arena, &id, &grant_id);

    if (err == OK && grant_id[0] != '\0')
        err = grant_end(ctx, grant_id, "replay");
    if (err != OK && err != ERR_NOT_FOUND)
        return problem_of(err);
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_CODE_REPLAYED,
                                             .subject = code->approval.subject,
                                             .partner_id = code->approval.partner_id,
                                             .sid = code->approval.sid });
    return &problem_code_invalid;
}

/* A partner that proves itself at every refresh may change its key meanwhile (RFC 9449, 5). */
static const char *
key_of_refresh(const struct redemption *redemption)
{
    return redemption->partner->is_public && redemption->proof_key != NULL ? redemption->proof_key
                                                                           : "";
}

const struct problem *
code_redeem(struct ctx *ctx, const struct redemption *redemption, struct stored_grant *out,
            const char **nonce)
{
    struct code code;
    struct redeeming redeeming = { .ctx = ctx, .code = &code, .beginning.grant = out };
    const struct problem *malformed =
        redemption->code_verifier != NULL ? pkce_verifier_check(redemption->code_verifier) : NULL;
    enum err err = code_open(ctx, redemption->code, &code);
    bool holds = false;

    if (err != OK)
        return malformed != NULL ? malformed : &problem_code_invalid;
    err = code_judge(ctx, redemption, &code, &redeeming.reason);
    code.approval.bound_key = key_of_refresh(redemption);
    if (err == OK && redeeming.reason == NULL)
        err = grant_make(ctx, &code.approval, out);
    if (err == OK)
        err = change(ctx, spend, &redeeming);
    if (err == ERR_CONFLICT)
        return replayed(ctx, &code);
    if (err != OK)
        return problem_of(err);
    *nonce = code.nonce;
    if (redeeming.reason != NULL)
        return malformed != NULL ? malformed : &problem_code_invalid;
    if (redeeming.beginning.full != NULL)
        return redeeming.beginning.full;
    err = grant_begun(ctx, &redeeming.beginning, &holds);
    if (err != OK)
        return problem_of(err);
    return holds ? NULL : &problem_code_invalid;
}
