/* SPDX-License-Identifier: Apache-2.0 */
/* A request's life between the engine and the endpoint. */
#ifndef PROTOCOLS_DISPATCH_H
#define PROTOCOLS_DISPATCH_H

#include "protocols/routes.h"

/*
 * Find the route and set rq->route. false: the answer (404 or 405) has been made. Needs method,
 * path and headers only, so the engine calls it before it reads a body.
 */
bool dispatch_route(const struct route *table, struct request *rq);

/*
 * Run guards and endpoint and make the answer, whatever it is: rq->response is filled afterwards,
 * security headers included. false: an INLINE route needs a worker; call again there with a store.
 */
bool dispatch_run(struct request *rq);

/* Answer with a refusal of the engine's own (too large, too busy), in the form that the route
 * speaks. */
void dispatch_refuse(struct request *rq, const struct problem *problem);

#endif
