/* SPDX-License-Identifier: Apache-2.0 */
/* A request as endpoints see it: clean bytes, parsed once, and the answer that is being made. */
#ifndef PROTOCOLS_HTTP_REQUEST_H
#define PROTOCOLS_HTTP_REQUEST_H

#include <stdbool.h>

#include "idp/base/problem.h"
#include "idp/work/ask.h"
#include "protocols/http/params.h"

#define RESPONSE_MAX_HEADERS 24
/* Of "/path?query": the gate refuses more. */
#define REQUEST_TARGET_MAX_BYTES 12288

struct access;
struct partner;
struct route;
struct document;

/* The headers that any endpoint looks at. NULL when absent. The gate has
 * refused duplicates of each. */
struct request_headers {
    const char *host;
    const char *authorization;
    const char *cookie;
    const char *content_type;
    const char *accept_language;
    const char *user_agent;
    const char *origin;
    const char *traceparent;
    const char *if_none_match;
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
    int status; /* 0 until answered */
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
    const struct ask *ask;
    void *asked;
    const struct problem *(*then)(struct request *rq, void *state); /* NULL: not parked */
    void *state;
};

struct request {
    struct ctx *ctx;
    struct arena *arena; /* == ctx->arena */
    unix_s now;          /* == ctx->now */
    const char *method;
    const char *path; /* decoded, without the query */
    struct request_headers headers;
    struct params query;
    struct params form; /* of an application/x-www-form-urlencoded body */
    struct bytes body;
    const struct route *route;
    const struct field *fields;    /* what may be read; NULL: anything (no route was looked for) */
    const struct partner *partner; /* set by the partner guard: authenticated */
    const struct access *access;   /* what the bearer token says, once it has been opened */
    enum language language;        /* of the person, for pages */
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

/* What an endpoint that parked its request returns. */
extern const struct problem problem_parked;

/*
 * Endpoints read parameters by these alone, and only what their route declares: a debug build
 * aborts on a name that `fields` lacks. A value beyond its bound is never seen, whoever asks.
 *
 * param: of the form for POST, else of the query. NULL when absent or empty (RFC 6749, 3.1: a
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

/*
 * An INLINE endpoint that finds it needs the store (rq->ctx->store == NULL) returns this: the same
 * endpoint is then run again from its start on a worker.
 */
extern const struct problem problem_on_worker;

#endif
