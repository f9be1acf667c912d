/* SPDX-License-Identifier: Apache-2.0 */
/* The guard of the staff listener's routes (a row of protocols/guards.c). */
#ifndef PROTOCOLS_STAFF_GUARD_H
#define PROTOCOLS_STAFF_GUARD_H

#include "protocols/http/request.h"

/*
 * rq->staff is who sits at this counter. What the route does (its verb) is for whom policies/staff_verb.def says, and refused
 * to all when it says nothing: whoever has not signed in is led to where she does, and with a locked counter to
 * where it is opened. STAFF_VERB_open lets everybody through: such an endpoint looks itself.
 */
const struct problem *guard_staff(struct request *rq);

#endif
