/* SPDX-License-Identifier: Apache-2.0 */
/* Token exchange by the second app of a vendor (OpenID Connect Native SSO 1.0, 4). */
#include "idp/base/text.h"
#include "idp/session/native_sso.h"
#include "policies/scope.h"
#include "protocols/oauth2/grants/grants.h"

/* What outlives the login or lets a third app in comes of a login of the app's own. */
#define NOT_SHARED "offline_access device_sso"

static const char *
without(struct arena *arena, const char *list, const char *unwanted)
{
    struct buf left = buf_new(arena, 64);
    const char *word;
    size_t size;

    while ((word = text_next_word(&list, &size)) != NULL) {
        if (text_list_holds(unwanted, word, size))
            continue;
        buf_text(&left, left.size > 0 ? " " : "");
        buf_bytes(&left, word, size);
    }
    return left.at;
}

/* What is not said is what the app is registered for (4.2). */
static const struct problem *
scope_take(struct request *rq, const char **scope)
{
    const struct partner_profile *profile = &rq->partner->profile;
    const struct scope_bounds bounds = { profile->scope, profile->strict_scope, false };
    const char *asked = param(rq, "scope");
    const struct problem *problem =
        scope_check(rq->arena, asked != NULL ? asked : profile->scope, &bounds, scope);

    if (problem != NULL)
        return problem;
    *scope = without(rq->arena, *scope, NOT_SHARED);
    return scope_has_openid(*scope) ? NULL : &problem_scope_openid_missing;
}

const struct problem *
exchange_native_sso(struct request *rq)
{
    struct sibling sibling = {
        .partner = rq->partner,
        .id_token = param(rq, "subject_token"),
        .device_secret = param(rq, "actor_token"),
        .proof_key = rq->proof_key,
    };
    struct stored_grant grant;
    struct token_answer answer = { .approval = &grant.approval,
                                   .grant = &grant,
                                   .nonce = "",
                                   .flags = TOKENS_ID | TOKENS_REFRESH,
                                   .issued_token_type = TOKEN_TYPE_ACCESS };
    const struct problem *problem;

    if (!text_eq(param(rq, "audience"), rq->ctx->settings->server.issuer) ||
        param(rq, "resource") != NULL)
        return &problem_exchange_target_invalid;
    problem = scope_take(rq, &sibling.scope);
    if (problem == NULL)
        problem = native_sso_grant(rq->ctx, &sibling, &grant);
    if (problem != NULL)
        return problem;
    answer.scope = grant.approval.scope;
    return answer_tokens(rq, &answer);
}
