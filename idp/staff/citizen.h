/* SPDX-License-Identifier: Apache-2.0 */
/* A person as a member of staff has to do with her: whom she may look at, and whom she may serve (docs/adr/0062). */
#ifndef IDP_STAFF_CITIZEN_H
#define IDP_STAFF_CITIZEN_H

#include "idp/base/problem.h"
#include "idp/person/card.h"
#include "idp/person/vault.h"
#include "idp/tables/staff.h"

struct citizen {
    struct person person;
    bool has_card; /* so `card` is set */
    struct card card;
    const char *region; /* of her electronic card, else of her physical one; "": none is known */
    bool is_self;       /* she is that member of staff, as far as the directory has told */
};

/*
 * Whom that member of staff may look at. problem_citizen_unknown: there is no such person, or she is of another region, which
 * cannot be told apart by what is said, nor by what it costs. Not inside a transaction.
 */
const struct problem *citizen_see(struct ctx *ctx, const struct stored_staff *staff,
                                  const char *person_id, struct citizen *out);

/* Whom she may do something for: problem_staff_self besides, for nobody serves herself. */
const struct problem *citizen_serve(struct ctx *ctx, const struct stored_staff *staff,
                                    const char *person_id, struct citizen *out);

/* Is the person of that identity number, by its digest (identity_digest()), the member of staff herself? */
bool staff_is_person(const struct stored_staff *staff, const struct digest *identity);

/* "staff.deny" with that word, of that person, in the audit trail. */
void citizen_denied(struct ctx *ctx, const char *reason, const char *person_id);

#endif
