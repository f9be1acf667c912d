/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST /card/codes: a code of her card for the app on the telephone that it is opened on. POST /card/link
 * and POST /card/unlink: opens it there, and undoes that. Who she is says the access token of her app
 * alone (docs/adr/0051).
 */
#include "idp/base/emit.h"
#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/card/link.h"
#include "idp/card/show.h"
#include "idp/session/session.h"
#include "idp/session/token.h"
#include "policies/channel.h"
#include "protocols/endpoints.h"
#include "protocols/http/bearer_session.h"
#include "protocols/http/respond.h"

#define PURPOSE_MAX_BYTES 16

static const struct bearer_rule by_her_app = { "card", "app", &problem_ecard_scope };

/* The guard has seen a proof by the key that the token is bound to; "": it is bound to none. */
static struct card_linking
linking_of(const struct request *rq, const struct session *session)
{
    return (struct card_linking) { .session = &session->row, .bound_key = rq->access->bound_key };
}

/* --- POST /card/codes --- */

/* What for, and nothing else: whose card it is says the token. */
static const struct problem *
purpose_asked(const struct request *rq, enum card_purpose *out)
{
    const char *name;

    if (json_object_size(rq->json) != 1 ||
        member_text(rq->json, "purpose", PURPOSE_MAX_BYTES, &name) != OK)
        return &problem_card_code_member;
    *out = card_purpose_named(name);
    return *out != CARD_PURPOSE_NONE ? NULL : &problem_card_code_member;
}

static const struct problem *
tell(struct request *rq, const struct card_shown *shown, enum card_purpose purpose)
{
    struct buf json = buf_new(rq->arena, 512);

    emit_object(&json, NULL);
    emit_text(&json, "code", shown->code);
    emit_int(&json, "expires_in", shown->expires_in);
    emit_text(&json, "purpose", card_purpose_rule(purpose)->name);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}

static const struct problem *
show(struct request *rq, const struct session *session, enum card_purpose purpose)
{
    struct card_shown shown = { .code = NULL };
    struct card card;
    enum err err = card_find(rq->ctx, session->row.subject.id, &card);
    struct card_linking linking = linking_of(rq, session);
    const struct problem *problem;

    if (err == ERR_NOT_FOUND)
        return &problem_ecard_none;
    if (err != OK)
        return problem_of(err);
    problem = card_link_check(rq->ctx, &linking, card.row.card_id);
    if (problem != NULL)
        return problem;
    problem = card_code_show(
        rq->ctx,
        &(struct card_showing) {
            .card = &card, .session = &session->row, .purpose = purpose, .in_app = true },
        &shown);
    return problem != NULL ? problem : tell(rq, &shown, purpose);
}

const struct problem *
endpoint_card_codes(struct request *rq)
{
    enum card_purpose purpose = CARD_PURPOSE_NONE;
    struct session session = { .live = false };
    const struct problem *problem = purpose_asked(rq, &purpose);

    if (problem == NULL)
        problem = bearer_session(rq, &by_her_app, &session);
    return problem != NULL ? problem : show(rq, &session, purpose);
}

/* --- POST /card/link, /card/unlink --- */

static const struct problem *
nothing_asked(const struct request *rq)
{
    return json_object_size(rq->json) == 0 ? NULL : &problem_card_link_member;
}

const struct problem *
endpoint_card_link(struct request *rq)
{
    struct session session = { .live = false };
    const struct problem *problem = nothing_asked(rq);
    struct card_linking linking;

    if (problem == NULL)
        problem = bearer_session(rq, &by_her_app, &session);
    if (problem != NULL)
        return problem;
    linking = linking_of(rq, &session);
    problem = card_link(rq->ctx, &linking);
    return problem != NULL ? problem : respond_empty(rq, 204);
}

/* She may be at another telephone than the card is opened on: the one that was lost. */
const struct problem *
endpoint_card_unlink(struct request *rq)
{
    struct session session = { .live = false };
    const struct problem *problem = nothing_asked(rq);
    enum err err;

    if (problem == NULL)
        problem = bearer_session(rq, &by_her_app, &session);
    if (problem != NULL)
        return problem;
    if (!card_link_is_fresh(rq->ctx, &session.row))
        return &problem_card_unlink_proof;
    err = card_unlink(rq->ctx, session.row.subject.id, channels[CHANNEL_app].name, "person");
    return err == OK ? respond_empty(rq, 204) : problem_of(err);
}
