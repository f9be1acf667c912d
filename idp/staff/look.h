/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A member of staff looks for a person, and at her data unmasked. Each look is counted, audited, and told to the person, before
 * anything is shown (docs/adr/0062).
 */
#ifndef IDP_STAFF_LOOK_H
#define IDP_STAFF_LOOK_H

#include "idp/staff/citizen.h"
#include "policies/find_name.h"

#define STAFF_REASON_MAX 200 /* characters */

/*
 * By exactly that. problem_citizen_unknown as in citizen_see(); problem_staff_reads_full: she has looked at, or for, too many
 * within an hour. Not inside a transaction.
 */
const struct problem *staff_find(struct ctx *ctx, const struct stored_staff *staff,
                                 const struct find_name *name, struct citizen *out);

/*
 * From *at on her data may be shown unmasked, for as long as a form is repeated (REPEAT_S). The same form sent again gives the
 * time of the first. problem_staff_reason_invalid; problem_staff_self; and those of staff_find().
 */
const struct problem *staff_unmask(struct ctx *ctx, const struct stored_staff *staff,
                                   const char *person_id, const char *reason, unix_s *at);

/* problem_staff_reason_invalid: it is too short or too long, or holds personal data. */
const struct problem *staff_reason_check(struct arena *arena, const char *reason,
                                         const struct person *person);

#endif
