/* SPDX-License-Identifier: Apache-2.0 */
/* Whose card a request with an access token is about: hers who logged in for it, and nobody else's. */
#ifndef PROTOCOLS_CARD_HOLDER_H
#define PROTOCOLS_CARD_HOLDER_H

#include "idp/person/card.h"
#include "idp/session/session.h"
#include "protocols/http/request.h"

/* The session that the token was born in, while both live. problem_ecard_scope: it lacks the scope card. */
const struct problem *holder_session(struct request *rq, struct session *out);

/* The same, and the login is worth l3 by now: problem_ecard_level. */
const struct problem *holder_session_by_card(struct request *rq, struct session *out);

/* {}: what it is about is said by the token alone. problem_ecard_member. */
const struct problem *holder_body_is_empty(const struct request *rq);

/* 200 with what her card is: state, level, region, valid_to and issued_at. Never its number. */
const struct problem *holder_answer(struct request *rq, const struct card *card);

#endif
