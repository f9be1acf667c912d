/* SPDX-License-Identifier: Apache-2.0 */
/* A request as endpoints see it: clean bytes, parsed once, and the answer that is being made. */
#ifndef PROTOCOLS_HTTP_REQUEST_H
#define PROTOCOLS_HTTP_REQUEST_H

#include <stdbool.h>

#include "idp/base/problem.h"
#include "idp/context/ask.h"
#include "protocols/http/params.h"

#define RESPONSE_MAX_HEADERS 24
/* Of "/path?query": the gate refuses more. */
#define REQUEST_TARGET_MAX_BYTES 12288

struct access;
struct json_t;
struct partner;
struct route;
struct session;
struct sitting;
struct stored_terminal;
struct document;

/* The headers that endpoints look at: header.def. NULL when absent. The gate has refused or chosen
 * among duplicates of each. */
struct request_headers {
#define HEADER(member, name, care) const char *member;
#include "protocols/http/header.def"
#undef HEADER
};

struct header {
    const char *name;
    const char *value;
};

/* A parameter that a route reads; protocols/fields.h has them all. */
struct field {
    const char *name;               /* NULL ends a list */
    size_t max;                     /* bytes of the decoded value */
    const struct problem *too_long; /* NULL: problem_field_too_long */
};

struct response {
    int status;                    /* 0 until answered */
    const struct problem *problem; /* what it tells, for the log; NULL: none */
    struct header headers[RESPONSE_MAX_HEADERS];
    size_t header_count;
    bool broken; /* a header was refused: respond_finish() makes it a 500 */
    struct bytes body;
    const struct document
        *document; /* a prepared answer (documents.h) instead of status, headers and body */
};

struct request;

/* What a request waits for, and what it goes on with. */
struct parked {
    const struct ask *ask; /* NULL: for a worker only */
    void *asked;
    const struct problem *(*then)(struct request *rq, void *state); /* NULL: not parked */
    void *state;
};

/* For the page that says why it stops here: how she gets on. */
struct stop {
    const struct partner *partner; /* that the transaction names; NULL: none */
    const char *way_on;            /* one of our addresses, with the transaction; NULL: none */
};

struct request {
    struct ctx *ctx;
    struct arena *arena; /* == ctx->arena */
    unix_s now;          /* == ctx->now */
    const char *method;
    const char *path;      /* decoded, without the query */
    const char *path_part; /* what stands for {…} in the route's path; NULL: it has none */
    struct request_headers headers;
    struct params query;
    struct params form; /* of an application/x-www-form-urlencoded body */
    const struct params
        *typed; /* of a form that is shown again (protocols/flow/mistake.h); NULL: of none */
    struct bytes body;
    const struct route *route;
    const struct field *fields; /* what may be read; NULL: anything (no route was looked for) */
    /* What guards have found (protocols/guards.h); NULL without the guard. */
    const struct partner *partner; /* authenticated */
    const struct stored_terminal
        *terminal;               /* of that partner, which authenticated in its name; NULL: none */
    const struct access *access; /* what the bearer token says */
    const char *proof_key; /* thumbprint of the key of a DPoP proof that holds; NULL: no proof */
    const struct session *session; /* of the browser's cookie; perhaps not live */
    const struct sitting
        *staff; /* of the staff listener: who sits at this counter; perhaps nobody */
    const char *
        client_certificate; /* SHA-256 of the one that the connection has proven, in hexadecimal; NULL: none */
    const struct json_t *json; /* the body, an object */
    enum language language;    /* of the person, for pages */
    size_t guards_taken;       /* how many rows of the guards' table have had their turn */
    bool endpoint_begun;
    bool at_staff;    /* of the staff listener, whose origin is another (settings.h, staff.url) */
    struct stop stop; /* of the transaction that was opened (protocols/flow/flow.h) */
    struct parked parked;
    struct response response;
};

/*
 * The end of an endpoint's first part: `return request_ask(…)`. The request is parked, holding no
 * worker, while ask->run(ctx, asked) runs on its lane; `then` goes on on a worker and answers. Both
 * states live in the arena. Where the lane has no place, `then` is called at once.
 */
const struct problem *request_ask(struct request *rq, const struct ask *ask, void *asked,
                                  const struct problem *(*then)(struct request *rq, void *state),
                                  void *state);

/*
 * The same for a guard or an endpoint of a route RUN_INLINE_FIRST that needs the store: `then` goes
 * on on a worker, at once where this thread is one. Nothing before it is done again.
 */
const struct problem *
request_on_worker(struct request *rq,
                  const struct problem *(*then)(struct request *rq, void *state), void *state);

/* What these two return to dispatch when the request goes on elsewhere. */
extern const struct problem problem_parked;
extern const struct problem problem_on_worker;

/* No refusal: who was asked for something has made the whole answer instead. */
extern const struct problem problem_answered;

/* Does a body of this method mean anything? */
bool method_has_body(const char *method);

/*
 * Endpoints read parameters by these alone, and only what their route declares: a debug build
 * aborts on a name that `fields` lacks. No caller ever sees a value beyond its bound. param() reads
 * the form for a method with a body, else the query. NULL when absent or empty (RFC 6749, 3.1: a
 * parameter without a value is treated as omitted).
 */
const char *param(const struct request *rq, const char *name);

/* What a person put into a form of ours, never into an address: "" when
 * the field was left empty. */
const char *param_typed(const struct request *rq, const char *name);

/* Does it stand in the address, whatever the method? Empty counts as absent. */
bool param_is_in_query(const struct request *rq, const char *name);

/* Is it one of the route's? For code that serves all of them. */
bool param_is_declared(const struct request *rq, const char *name);

/* True when a name stands twice in the query, in the form, or once in each. */
bool request_has_repeats(const struct request *rq);

/* The problem of the first value beyond its bound, or NULL. */
const struct problem *request_bounds_check(const struct request *rq);

#endif
