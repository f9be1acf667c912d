/* SPDX-License-Identifier: Apache-2.0 */
/* A request's life between the engine and the endpoint. */
#ifndef PROTOCOLS_DISPATCH_H
#define PROTOCOLS_DISPATCH_H

#include "protocols/routes.h"

/*
 * Find the route and set rq->route. false: the answer (404, 405, or 204 to a preflight) has been
 * made. Needs method, path and headers only, so the engine calls it before it reads a body. What is
 * public stands under the issuer's path, which is taken off rq->path: all that is behind knows the
 * paths of routes only.
 */
bool dispatch_route(const struct route *table, struct request *rq);

enum dispatched {
    DISPATCH_ANSWERED,  /* rq->response is filled, security headers included */
    DISPATCH_ON_WORKER, /* go on: call again on a worker, with a store */
    DISPATCH_PARKED     /* rq->parked says what for: dispatch_ask() on its lane, then call again */
};

/*
 * Runs the guards and the endpoint, or what follows an ask, until the request is answered, parked
 * or in need of a worker.
 */
enum dispatched dispatch_run(struct request *rq);

/* Runs what the request is parked for. It may take long and uses no store. */
void dispatch_ask(struct request *rq);

/* Answer with a refusal of the engine's own (too large, too busy), in the
 * form that the route speaks. */
void dispatch_refuse(struct request *rq, const struct problem *problem);

/*
 * The same for a request that nobody has read: rq has method, path (raw; perhaps empty) and what tells
 * the language. Its query and body are as good as absent.
 */
void dispatch_refuse_unread(const struct route *table, struct request *rq,
                            const struct problem *problem);

#endif
