/* SPDX-License-Identifier: Apache-2.0 */
/* POST /oauth2/device_authorization: a device asks for a person (RFC 8628, 3.1 and 3.2). */
#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/session/device_code.h"
#include "policies/dpop.h"
#include "policies/scope.h"
#include "protocols/endpoints.h"
#include "protocols/http/dpop.h"
#include "protocols/http/respond.h"

/* As at the authorization endpoint: no person without openid. */
static const struct problem *
scope_judge(struct request *rq, const char **scope)
{
    const struct partner_profile *profile = &rq->partner->profile;
    const struct scope_bounds bounds = { profile->scope, profile->strict_scope, false };
    const struct problem *problem = scope_check(rq->arena, param(rq, "scope"), &bounds, scope);

    if (problem != NULL)
        return problem;
    return scope_has_openid(*scope) ? NULL : &problem_scope_openid_missing;
}

/* By a proof, by its thumbprint alone (RFC 9449, 10), or both, which must then agree (10.1). */
static const struct problem *
key_judge(struct request *rq, const char **bound_key)
{
    const char *named = param(rq, "dpop_jkt");
    const struct problem *problem = dpop_check(rq, NULL);

    if (problem != NULL)
        return problem;
    if (named != NULL && !dpop_thumbprint_is_well_formed(rq->arena, named))
        return &problem_dpop_key_malformed;
    if (named != NULL && rq->proof_key != NULL && !text_eq(named, rq->proof_key))
        return &problem_dpop_proof_invalid;
    *bound_key = named != NULL ? named : rq->proof_key != NULL ? rq->proof_key : "";
    return NULL;
}

static const struct problem *
answer(struct request *rq, const struct device_codes *codes)
{
    struct buf json = buf_new(rq->arena, 1024);
    const char *page = arena_printf(rq->arena, "%s/device", rq->ctx->settings->server.issuer);

    emit_object(&json, NULL);
    emit_text(&json, "device_code", codes->device_code);
    emit_text(&json, "user_code", codes->user_code);
    emit_text(&json, "verification_uri", page);
    emit_text(&json, "verification_uri_complete",
              arena_printf(rq->arena, "%s?user_code=%s", page, codes->user_code));
    emit_int(&json, "expires_in", codes->expires_in_s);
    emit_int(&json, "interval", codes->interval_s);
    if (!text_is_empty(codes->match_number))
        emit_text(&json, "match_number", codes->match_number);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}

const struct problem *
endpoint_device_authorization(struct request *rq)
{
    struct device_asking asking = { .partner = rq->partner };
    struct device_codes codes;
    const struct problem *problem;

    if (!text_list_has(rq->partner->profile.grant_types, DEVICE_GRANT))
        return &problem_grant_type_not_allowed;
    problem = scope_judge(rq, &asking.scope);
    if (problem == NULL)
        problem = key_judge(rq, &asking.bound_key);
    if (problem == NULL)
        problem = device_code_issue(rq->ctx, &asking, &codes);
    return problem != NULL ? problem : answer(rq, &codes);
}
