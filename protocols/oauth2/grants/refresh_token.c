/* SPDX-License-Identifier: Apache-2.0 */
/* grant_type=refresh_token (RFC 6749, 6; RFC 9700, 4.14.2; OpenID Connect Core, 12). */
#include "idp/base/text.h"
#include "idp/session/grant.h"
#include "idp/session/token.h"
#include "idp/tables/grant.h"
#include "policies/claim_rule.h"
#include "policies/scope.h"
#include "protocols/oauth2/grants/grants.h"

/*
 * What the new access token is for; NULL: what the grant is for. A wider scope is refused before
 * anything rotates, so that the family stays as it was; what was left out when the grant began is
 * left out here too. Single claims are no scopes, and stay.
 */
static const struct problem *
scope_judge(struct request *rq, const char *refresh_token, const char **narrowed)
{
    const struct partner_profile *profile = &rq->partner->profile;
    struct scope_bounds bounds = { profile->scope, profile->strict_scope, false };
    const char *asked = param(rq, "scope");
    const struct problem *problem;
    struct refresh refresh;
    struct stored_grant grant;

    if (asked == NULL || refresh_token_open(rq->ctx, refresh_token, &refresh) != OK ||
        store_grant_load(rq->ctx->store, rq->arena, refresh.grant_id, &grant) != OK)
        return NULL; /* grant_refresh() says what is wrong */
    bounds.of_staff = subject_is_staff(grant.approval.subject);
    problem = scope_check(rq->arena, asked, &bounds, narrowed);
    if (problem != NULL)
        return problem;
    if (!text_list_within(*narrowed, grant.approval.scope))
        return &problem_scope_too_wide;
    *narrowed = granted_join(rq->arena, *narrowed, granted_claims(rq->arena, grant.approval.scope));
    return NULL;
}

const struct problem *
grant_refresh_token(struct request *rq)
{
    const struct refreshing refreshing = { rq->partner, param(rq, "refresh_token"), rq->proof_key };
    const char *narrowed = NULL;
    struct stored_grant grant;
    struct token_answer answer = { .approval = &grant.approval,
                                   .grant = &grant,
                                   .nonce = "",
                                   .flags = TOKENS_ID | TOKENS_REFRESH };
    const struct problem *problem;

    if (refreshing.refresh_token == NULL)
        return &problem_refresh_token_missing;
    problem = scope_judge(rq, refreshing.refresh_token, &narrowed);
    if (problem == NULL)
        problem = grant_refresh(rq->ctx, &refreshing, &grant);
    if (problem != NULL)
        return problem;
    answer.scope = narrowed != NULL ? narrowed : grant.approval.scope;
    problem = answer_device_secret(rq, &answer);
    return problem != NULL ? problem : answer_tokens(rq, &answer);
}
