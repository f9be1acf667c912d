/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST /card/issue, /card/renew, /card/close, /card/loss/report and /card/password/set: what a terminal or an app does
 * for the person who is logged in there, by her access token with the scope card (docs/adr/0053).
 */
#include "idp/card/life.h"

#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/card/card_password.h"
#include "idp/card/loss.h"
#include "policies/channel.h"
#include "protocols/card/holder.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"

#define TYPED_MAX_BYTES 64

static const struct problem *
by_card(struct request *rq, struct session *out)
{
    const struct problem *problem = holder_body_is_empty(rq);

    return problem != NULL ? problem : holder_session_by_card(rq, out);
}

const struct problem *
endpoint_card_issue(struct request *rq)
{
    struct session session;
    struct card card;
    const struct problem *problem = by_card(rq, &session);

    if (problem == NULL)
        problem = card_issue(rq->ctx, session.row.subject.id, &card);
    return problem != NULL ? problem : holder_answer(rq, &card);
}

const struct problem *
endpoint_card_renew(struct request *rq)
{
    struct session session;
    struct card card;
    const struct problem *problem = by_card(rq, &session);

    if (problem == NULL)
        problem = card_renew(rq->ctx, session.row.subject.id, &card);
    return problem != NULL ? problem : holder_answer(rq, &card);
}

const struct problem *
endpoint_card_close(struct request *rq)
{
    struct session session;
    const struct problem *problem = by_card(rq, &session);

    if (problem == NULL)
        problem = card_close(rq->ctx, session.row.subject.id);
    return problem != NULL ? problem : respond_empty(rq, 204);
}

/* --- Lost --- */

/* Whoever is logged in as she may stop her card: that harms nobody for longer than it takes to find out. */
const struct problem *
endpoint_card_loss_report(struct request *rq)
{
    struct session session;
    struct card card;
    const struct problem *problem = holder_body_is_empty(rq);

    if (problem == NULL)
        problem = holder_session(rq, &session);
    if (problem == NULL)
        problem = card_lose(
            rq->ctx,
            &(struct loss_report) { session.row.subject.id, CARD_LOSS_PROVISIONAL,
                                    text_eq(session.row.channel, channels[CHANNEL_terminal].name)
                                        ? LOSS_AT_TERMINAL
                                        : LOSS_IN_APP },
            &card);
    return problem != NULL ? problem : holder_answer(rq, &card);
}

/* --- Its password --- */

static const struct problem *
password_hashed(struct request *rq, void *state)
{
    const struct problem *problem = card_password_set_end(rq->ctx, state);

    return problem != NULL ? problem : respond_empty(rq, 204);
}

static const struct problem *
password_set(struct request *rq, const struct session *session, const char *typed)
{
    struct card_password_setting *setting = arena_alloc(rq->arena, sizeof(*setting));
    const char *person_id = session->row.subject.id;
    const struct problem *problem;
    bool may = false;
    enum err err = card_password_may_reset(rq->ctx, person_id, session->row.level, &may);

    if (err != OK)
        return problem_of(err);
    if (!may)
        return &problem_card_password_proof;
    problem = card_password_set_begin(rq->ctx, person_id, typed, true, setting);
    return problem != NULL
               ? problem
               : request_ask(rq, &ask_card_password_set, setting, password_hashed, setting);
}

const struct problem *
endpoint_card_password_set(struct request *rq)
{
    struct session session;
    const char *typed = "";
    const struct problem *problem = holder_session(rq, &session);

    if (problem != NULL)
        return problem;
    if (json_object_size(rq->json) != 1 ||
        member_text(rq->json, "password", TYPED_MAX_BYTES, &typed) != OK)
        return &problem_ecard_member;
    return password_set(rq, &session, typed);
}
