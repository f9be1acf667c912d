/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/card/holder.h"

#include "idp/base/emit.h"
#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/card/life.h"
#include "idp/partner/registry.h"
#include "idp/session/token.h"
#include "idp/tables/grant.h"
#include "policies/channel.h"
#include "protocols/http/respond.h"

#define SCOPE "card"

/* The scope lets every partner be told of the card; what is done with it is done where she stands
 * herself. */
static bool
is_her_device(const struct request *rq)
{
    const struct partner *partner =
        registry_find(rq->ctx->services->registry, rq->access->client_id);

    return partner != NULL && (text_eq(partner->profile.channel, channels[CHANNEL_app].name) ||
                               text_eq(partner->profile.channel, channels[CHANNEL_terminal].name));
}

const struct problem *
holder_session(struct request *rq, struct session *out)
{
    struct stored_grant grant;
    enum err err;

    if (!text_list_has(rq->access->scope, SCOPE) || text_is_empty(rq->access->grant_id) ||
        !is_her_device(rq))
        return &problem_ecard_scope;
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

const struct problem *
holder_session_by_card(struct request *rq, struct session *out)
{
    const struct problem *problem = holder_session(rq, out);

    if (problem != NULL)
        return problem;
    return out->row.level >= CARD_ISSUE_LEVEL ? NULL : &problem_ecard_level;
}

const struct problem *
holder_body_is_empty(const struct request *rq)
{
    return json_object_size(rq->json) == 0 ? NULL : &problem_ecard_member;
}

static const char *
day_told(struct request *rq, int64_t day)
{
    return arena_printf(rq->arena, "%04lld-%02lld-%02lld", (long long)day / 10000,
                        (long long)day / 100 % 100, (long long)day % 100);
}

const struct problem *
holder_answer(struct request *rq, const struct card *card)
{
    struct buf json = buf_new(rq->arena, 256);

    emit_object(&json, NULL);
    emit_text(&json, "state", card_effective_name(card->state));
    emit_int(&json, "level", card->row.own_state == ECARD_L2 ? 2 : 1);
    emit_text(&json, "region", card->row.region);
    emit_text(&json, "valid_to", day_told(rq, card->row.valid_to));
    emit_int(&json, "issued_at", card->row.issued_at);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}
