/* SPDX-License-Identifier: Apache-2.0 */
/* THE table of what can be asked. */
#ifndef PROTOCOLS_ROUTES_H
#define PROTOCOLS_ROUTES_H

#include "protocols/http/request.h"

/* On which thread. INLINE endpoints never block; one that finds it must
 * returns &problem_on_worker. */
enum route_run {
    RUN_ON_WORKER,
    RUN_INLINE
};

/* How this route says no. */
enum route_refuse {
    REFUSE_PAGE,
    REFUSE_OAUTH,
    REFUSE_BEARER,
    REFUSE_TEXT
};

/* Run in this order before the endpoint. */
enum route_guard {
    GUARD_PARAMETERS = 1, /* none twice (RFC 6749, 3.1 and 3.2), none beyond its bound */
    GUARD_FORM_BODY = 2,  /* a body must be a form */
    GUARD_PARTNER = 4, /* client authentication (protocols/oauth2/client_auth.h) sets rq->partner */
    GUARD_SAME_ORIGIN = 8 /* Origin, when sent, must be ours (browser forms) */
};

struct route {
    const char *method; /* GET also serves HEAD */
    const char *path;   /* exact */
    const struct problem *(*endpoint)(struct request *rq);
    enum route_run run;
    enum route_refuse refuse;
    unsigned guards;
    const struct field *fields; /* all it reads (fields.h) */
};

extern const struct route public_routes[]; /* ended by a NULL method */
extern const struct route admin_routes[];

/*
 * The route, or NULL. *allow then tells a 405 from a 404: NULL when no route has that path, else
 * the Allow header (in the arena).
 */
const struct route *route_find(const struct route *table, struct arena *arena, const char *method,
                               const char *path, const char **allow);

#endif
