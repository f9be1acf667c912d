/* SPDX-License-Identifier: Apache-2.0 */
/* POST /oauth2/token: the token endpoint (RFC 6749, 3.2). */
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "protocols/endpoints.h"
#include "protocols/oauth2/grants/grants.h"

static const struct {
    const char *type;
    const struct problem *(*run)(struct request *rq);
    bool needs_store;
} grants[] = {
    { "authorization_code", grant_authorization_code, true },
    { "refresh_token", grant_refresh_token, true },
    { "client_credentials", grant_client_credentials, false },
};

const struct problem *
endpoint_token(struct request *rq)
{
    const char *type = param(rq, "grant_type");

    if (type == NULL)
        return &problem_grant_type_missing;
    for (size_t i = 0; i < sizeof(grants) / sizeof(grants[0]); i++) {
        if (!text_eq(type, grants[i].type))
            continue;
        if (!text_list_has(rq->partner->profile.grant_types, type))
            return &problem_grant_type_not_allowed;
        if (grants[i].needs_store && rq->ctx->store == NULL)
            return &problem_on_worker;
        return grants[i].run(rq);
    }
    return &problem_grant_type_unsupported;
}
