/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/card/holder.h"

#include "idp/base/emit.h"
#include "idp/base/json.h"
#include "idp/card/life.h"
#include "protocols/http/bearer_session.h"
#include "protocols/http/respond.h"

const struct problem *
holder_session(struct request *rq, struct session *out)
{
    /* The scope lets every partner be told of the card; what is done with it is done where she stands herself. */
    static const struct bearer_rule by_her_device = { "card", "app terminal",
                                                      &problem_ecard_scope };

    return bearer_session(rq, &by_her_device, out);
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
