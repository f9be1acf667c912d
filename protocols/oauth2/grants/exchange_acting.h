/* SPDX-License-Identifier: Apache-2.0 */
/* Token exchange by which a member of staff acts for a citizen (RFC 8693; docs/adr/0060): what all kinds of subject share. */
#ifndef PROTOCOLS_OAUTH2_GRANTS_EXCHANGE_ACTING_H
#define PROTOCOLS_OAUTH2_GRANTS_EXCHANGE_ACTING_H

#include "idp/staff/acting.h"
#include "protocols/http/request.h"

/* In the request's arena. */
struct acting_asking {
    struct acting_actor actor;
    struct acting_order order; /* person, proof and what follows: of the kind of subject */
    struct acting_wish wish;
};

/* The actor token and the parameters that go with each kind; ctx is then of the member of staff. */
const struct problem *acting_asking_read(struct request *rq, struct acting_asking *out);

/* The order is whole: it begins, and the tokens are the answer. */
const struct problem *acting_asking_begin(struct request *rq, const struct acting_asking *asking);

/* The answer with the tokens of an acting that has its grant. */
const struct problem *acting_answer(struct request *rq, const struct stored_grant *grant);

#endif
