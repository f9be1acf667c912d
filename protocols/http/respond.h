/* SPDX-License-Identifier: Apache-2.0 */
/* The answers there are. Each returns NULL so that an endpoint ends with `return respond_…`. */
#ifndef PROTOCOLS_HTTP_RESPOND_H
#define PROTOCOLS_HTTP_RESPOND_H

#include "idp/base/buf.h"
#include "protocols/http/request.h"

/* A header of the answer. The value must be free of CR, LF and NUL: anything else is
 * a bug and becomes a 500. */
void respond_header(struct request *rq, const char *name, const char *value);

const struct problem *respond_empty(struct request *rq, int status);
/* application/json with Cache-Control: no-store. */
const struct problem *respond_json(struct request *rq, int status, const struct buf *json);
const struct problem *respond_text(struct request *rq, int status, const char *content_type,
                                   struct bytes body);
/* 303 See Other: after a POST, and for every redirect of ours. A location that begins with a slash is
 * the path of a route, and led to under the issuer's path. */
const struct problem *respond_redirect(struct request *rq, const char *location);

/*
 * Sends the browser from this POST to a GET of the same path with the same parameters, so that it
 * brings the cookies that it keeps back from other sites' POSTs (SameSite=Lax). False when the link
 * would be longer than the gate takes.
 */
bool respond_by_get(struct request *rq);

/* The value of that header of the answer so far, or NULL. */
const char *response_header(const struct response *response, const char *name);

/* The answer tells this problem, or leads to where it is told; the first one told counts. */
void respond_tells(struct request *rq, const struct problem *problem);

/* Forget the answer made so far. */
void respond_again(struct request *rq);

/*
 * Refusals; dispatch chooses by struct route, refuse. JSON of RFC 6749, 5.2 with WWW-Authenticate
 * where due; RFC 6750, 3; plain text. 503 and 429 carry Retry-After.
 */
void respond_problem_oauth(struct request *rq, const struct problem *problem);
void respond_problem_bearer(struct request *rq, const struct problem *problem);
void respond_problem_text(struct request *rq, const struct problem *problem);
/*
 * Sets Retry-After when the problem is one that passes. Pages, which tell it in a form of their
 * own, call this.
 */
void respond_retry_after(struct request *rq, const struct problem *problem);

/* Writes the headers that every answer carries, prepared ones included. Returns how many. */
#define SECURITY_HEADERS_MAX 3
size_t security_headers(const struct settings *settings, struct header out[SECURITY_HEADERS_MAX]);

/* An answer that takes no memory: the status, and the headers every answer has. */
void respond_bare(struct request *rq, int status);

/*
 * The last step of every answer: security headers, and for HTML those of a page where the endpoint
 * has set none of its own (Content-Security-Policy, X-Frame-Options, Cache-Control).
 */
void respond_finish(struct request *rq);

#endif
