/* SPDX-License-Identifier: Apache-2.0 */
/* Acting for who has put her card into the counter's reader and typed its PIN: the card office is asked (docs/adr/0060). */
#include "idp/base/text.h"
#include "idp/person/evidence.h"
#include "idp/session/card_login.h"
#include "policies/assurance.h"
#include "protocols/oauth2/grants/card_reading_token.h"
#include "protocols/oauth2/grants/exchange_acting.h"
#include "protocols/oauth2/grants/grants.h"

struct card_asking_at_counter {
    struct acting_asking asking;
    struct card_login login;
};

static const struct problem *
answered(struct request *rq, void *state)
{
    struct card_asking_at_counter *asked = state;
    struct acting_order *order = &asked->asking.order;
    struct standing standing;
    struct proof proof;
    const struct problem *problem = card_login_end(rq->ctx, &asked->login, &proof);
    enum err err;

    if (problem != NULL)
        return problem;
    err = evidence_standing(rq->ctx, proof.person_id, &standing);
    if (err != OK)
        return problem_of(err);
    order->person_id = proof.person_id;
    order->proof = ACTING_BY_CARD;
    order->acr = acr_of_level(login_level(standing.level, proof.amr));
    order->amr = proof.amr;
    order->auth_time = rq->now;
    return acting_asking_begin(rq, &asked->asking);
}

const struct problem *
exchange_acting_card(struct request *rq)
{
    struct card_asking_at_counter *asked = arena_alloc(rq->arena, sizeof(*asked));
    struct card_check check = { .pin = param(rq, "pin") };
    const struct business *business;
    const struct problem *problem = acting_asking_read(rq, &asked->asking);

    if (problem == NULL) /* nobody's PIN is asked for what is refused anyway */
        problem = acting_business(rq->ctx, &asked->asking.order, &business);
    if (problem != NULL)
        return problem;
    if (check.pin == NULL || !card_pin_is_well_formed(check.pin))
        return &problem_card_pin_malformed;
    problem =
        card_reading_take(rq, param(rq, "subject_token"), rq->ctx->counter_id, &check.reading);
    if (problem == NULL)
        problem = card_login_begin(rq->ctx, &check, &asked->login);
    if (problem != NULL)
        return problem;
    return request_ask(rq, &ask_card, &asked->login, answered, asked);
}
