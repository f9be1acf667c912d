/* SPDX-License-Identifier: Apache-2.0 */
/* Token exchange for a card code (RFC 8693; docs/adr/0052): its holder is the subject, who scans it the actor. */
#include "idp/base/text.h"
#include "idp/card/serve.h"
#include "idp/partner/consent.h"
#include "policies/scope.h"
#include "protocols/oauth2/grants/grants.h"

/* What outlives the quarter of an hour, or lets others in, is not had by a code. */
#define NOT_BY_CODE "offline_access device_sso qr_login"
/* That it is she again is what showing a code says. */
#define SHOWN "openid"

static const struct problem *
scope_asked(struct request *rq, const char **scope)
{
    const struct partner_profile *profile = &rq->partner->profile;
    const struct scope_bounds bounds = { profile->scope, profile->strict_scope, false };
    const char *asked = param(rq, "scope");
    const struct problem *problem =
        scope_check(rq->arena, asked != NULL ? asked : profile->scope, &bounds, scope);

    if (problem != NULL)
        return problem;
    return scope_has_openid(*scope) ? NULL : &problem_scope_openid_missing;
}

/* Of those, what she has allowed this partner to know. */
static enum err
scope_allowed(struct request *rq, const char *holder_id, const char *asked, const char **out)
{
    const char *allowed = SHOWN;
    const char *word;
    size_t size;

    while ((word = text_next_word(&asked, &size)) != NULL) {
        const char *scope = arena_copy(rq->arena, word, size);
        bool covers = false;
        enum err err = text_list_has(NOT_BY_CODE, scope)
                           ? OK
                           : consent_covers(rq->ctx, rq->partner, holder_id, scope, &covers);

        if (err != OK)
            return err;
        if (covers)
            allowed = text_list_union(rq->arena, allowed, scope);
    }
    *out = allowed;
    return OK;
}

static const struct problem *
serve(struct request *rq, struct card_scan *scan, const char *scope)
{
    struct stored_grant grant;
    struct card_serving serving = { .scan = scan,
                                    .bound_key = rq->proof_key != NULL ? rq->proof_key : "" };
    enum err err = scope_allowed(rq, scan->holder_id, scope, &serving.scope);
    const struct problem *problem;

    if (err != OK)
        return problem_of(err);
    problem = card_serve(rq->ctx, &serving, &grant);
    if (problem != NULL)
        return card_code_told(problem);
    return answer_tokens(rq, &(struct token_answer) { .approval = &grant.approval,
                                                      .grant = &grant,
                                                      .scope = grant.approval.scope,
                                                      .nonce = "",
                                                      .issued_token_type = TOKEN_TYPE_ACCESS });
}

const struct problem *
exchange_card_code(struct request *rq)
{
    const struct card_scan_order order = { .code = param(rq, "subject_token"),
                                           .partner = rq->partner,
                                           .purpose = CARD_PURPOSE_serve };
    const char *audience = param(rq, "audience");
    const char *scope = NULL;
    struct card_scan scan;
    const struct problem *problem;

    if ((audience != NULL && !text_eq(audience, rq->ctx->settings->server.issuer)) ||
        param(rq, "resource") != NULL)
        return &problem_exchange_target_invalid;
    problem = scope_asked(rq, &scope);
    if (problem != NULL)
        return problem;
    problem = card_scan_begin(rq->ctx, &order, &scan);
    if (problem == NULL)
        problem = card_scan_look(rq->ctx, &scan);
    return problem != NULL ? card_code_told(problem) : serve(rq, &scan, scope);
}
