/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of guards: what must hold before an endpoint runs. A route names those it wants, and
 * dispatch runs them in the table's order.
 */
#ifndef PROTOCOLS_GUARDS_H
#define PROTOCOLS_GUARDS_H

#include "protocols/routes.h"

/* What a guard needs. */
enum guard_needs {
    NEEDS_NOTHING,         /* it may stand on any route */
    NEEDS_STORE_SOMETIMES, /* it goes on by request_on_worker(): not on a route RUN_INLINE */
    NEEDS_STORE            /* it wants rq->ctx->store: on a route RUN_ON_WORKER only */
};

struct guard {
    enum route_guard bit;
    const char *name;
    const struct problem *(*check)(struct request *rq);
    enum guard_needs needs;
};

/* In the order in which they run; ended by a NULL name. */
extern const struct guard all_guards[];

#endif
