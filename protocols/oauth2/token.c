/* SPDX-License-Identifier: Apache-2.0 */
/* POST /oauth2/token: the token endpoint (RFC 6749, 3.2). */
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/tables/terminal.h"
#include "protocols/endpoints.h"
#include "protocols/http/dpop.h"
#include "protocols/oauth2/grants/grants.h"

static const struct grant {
    const char *type;
    const struct problem *(*run)(struct request *rq);
    bool needs_store;
} grants[] = {
#define GRANT_TYPE(type, run, needs_store) { type, run, needs_store },
#include "policies/grant_type.def"
#undef GRANT_TYPE
};

static const struct grant *
grant_find(const char *type)
{
    for (size_t i = 0; i < sizeof(grants) / sizeof(grants[0]); i++) {
        if (text_eq(type, grants[i].type))
            return &grants[i];
    }
    return NULL;
}

/* What a terminal is given is bound to the one key that it has. */
static const struct problem *
proof_check(struct request *rq)
{
    const struct problem *problem = dpop_check(rq, NULL);

    if (problem != NULL || rq->terminal == NULL)
        return problem;
    return text_eq(rq->proof_key, rq->terminal->thumbprint) ? NULL : &problem_terminal_proof_key;
}

static const struct problem *
run_on_worker(struct request *rq, void *state)
{
    const struct problem *problem = proof_check(rq);

    (void)state;
    return problem != NULL ? problem : grant_find(param(rq, "grant_type"))->run(rq);
}

const struct problem *
endpoint_token(struct request *rq)
{
    const char *type = param(rq, "grant_type");
    const struct grant *grant;

    if (type == NULL)
        return &problem_grant_type_missing;
    grant = grant_find(type);
    if (grant == NULL)
        return &problem_grant_type_unsupported;
    if (!text_list_has(rq->partner->profile.grant_types, type))
        return &problem_grant_type_not_allowed;
    if ((rq->partner->profile.dpop_bound || rq->terminal != NULL) && rq->headers.dpop == NULL)
        return &problem_dpop_missing;
    if (grant->needs_store || rq->headers.dpop != NULL)
        return request_on_worker(rq, run_on_worker, NULL);
    return grant->run(rq);
}
