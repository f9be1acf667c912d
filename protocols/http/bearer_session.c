/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/bearer_session.h"

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/session/token.h"
#include "idp/tables/grant.h"

static bool
holds(const struct request *rq, const struct bearer_rule *rule)
{
    const struct partner *app = registry_find(rq->ctx->services->registry, rq->access->client_id);

    return app != NULL && text_list_has(rule->channels, app->profile.channel) &&
           text_list_has(rq->access->scope, rule->scope) && !text_is_empty(rq->access->grant_id);
}

const struct problem *
bearer_session(struct request *rq, const struct bearer_rule *rule, struct session *out)
{
    struct stored_grant grant;
    enum err err;

    if (!holds(rq, rule))
        return rule->otherwise;
    err = store_grant_load(rq->ctx->store, rq->arena, rq->access->grant_id, &grant);
    if (err == ERR_NOT_FOUND ||
        (err == OK && (grant.ended_at != 0 || !text_is_empty(grant.approval.actor))))
        return &problem_bearer_invalid;
    if (err == OK)
        err = session_find(rq->ctx, grant.approval.sid, out);
    if (err != OK)
        return problem_of(err);
    return out->live ? NULL : &problem_bearer_invalid;
}
