/* SPDX-License-Identifier: Apache-2.0 */
/* THE table of what can be asked. */
#ifndef PROTOCOLS_ROUTES_H
#define PROTOCOLS_ROUTES_H

#include "policies/staff_rules.h"
#include "protocols/http/cors.h"
#include "protocols/http/request.h"

/* On which thread a route runs. */
enum route_run {
    RUN_ON_WORKER,
    RUN_INLINE,      /* on the epoll thread: it never blocks and uses no store */
    RUN_INLINE_FIRST /* the same, but a guard or the endpoint may go on by request_on_worker() */
};

/* How a route says no. */
enum route_refuse {
    REFUSE_PAGE,
    REFUSE_OAUTH,
    REFUSE_BEARER,
    REFUSE_TEXT
};

/* What must hold before the endpoint runs (guards.h). */
enum route_guard {
    GUARD_PARAMETERS = 1,
    GUARD_FORM_BODY = 2,
    GUARD_JSON_BODY = 4,
    GUARD_SAME_ORIGIN = 8,
    GUARD_PARTNER = 16,
    GUARD_BEARER = 32,
    GUARD_SESSION = 64,
    GUARD_NO_PERSON = 128,
    GUARD_STAFF = 256
};

/* The guard of the staff listener's routes, and what such a route does (policies/staff_verb.def). */
#define STAFF_VERB_SHIFT 16
#define STAFF_MAY(verb) (GUARD_STAFF | (unsigned)(verb) << STAFF_VERB_SHIFT)

struct route {
    const char *method; /* GET also serves HEAD; POST, PUT, DELETE */
    const char *path;   /* exact, or with one variable part: "/people/{id}" */
    const struct problem *(*endpoint)(struct request *rq);
    enum route_run run;
    enum route_refuse refuse;
    unsigned guards;            /* of enum route_guard; at the staff listener STAFF_MAY(…) */
    const struct field *fields; /* all it reads (fields.h) */
    enum cors cors;             /* which pages of others may read its answers (http/cors.h) */
};

extern const struct route public_routes[]; /* ended by a NULL method */
extern const struct route admin_routes[];
extern const struct route staff_routes[];

/* Bytes of the variable part; a longer one is no path of ours. */
#define PATH_PART_MAX_BYTES 320

/*
 * The first route of that method and path, or NULL. *allow then tells a 405 from a 404: NULL when no
 * route has that path, else the Allow header (in the arena).
 */
const struct route *route_find(const struct route *table, struct arena *arena, const char *method,
                               const char *path, const char **allow);

/* STAFF_VERB_unset where it names none. */
enum staff_verb route_verb(const struct route *route);

/* What the path has in place of the route's {…}; NULL when that has none. */
const char *route_path_part(const struct route *route, struct arena *arena, const char *path);

#endif
