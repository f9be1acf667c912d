/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must hold before an endpoint sees the request. Each function is a row of protocols/guards.c
 * and gives NULL, or the problem that ends the request. It leaves what it finds out in the request,
 * for later guards and the endpoint.
 */
#ifndef PROTOCOLS_HTTP_GUARDS_H
#define PROTOCOLS_HTTP_GUARDS_H

#include "protocols/http/request.h"

/* No parameter stands twice (RFC 6749, 3.1 and 3.2), none is beyond its bound. */
const struct problem *guard_parameters(struct request *rq);

/* Where the client sent a body, it is a form, as body_is_form() judges. */
const struct problem *guard_form_body(struct request *rq);
bool body_is_form(const struct request *rq);

/* The body is one JSON object sent as application/json: rq->json. */
const struct problem *guard_json_body(struct request *rq);

/* Origin, when it was sent, is ours: the form came from a page of ours. A refusal is audited. */
const struct problem *guard_same_origin(struct request *rq);

/* It comes with no token of a person's: what is asked here is for partners. */
const struct problem *guard_no_person(struct request *rq);

/* The access token (RFC 6750, 2) is good: rq->access. */
const struct problem *guard_bearer(struct request *rq);

/* The form's csrf is that of the session's cookie (session_csrf()): no other site has made the browser send it. */
bool session_form_holds(struct request *rq);

/* Sets rq->session to the session that the browser's cookie names; it need not be live. */
const struct problem *guard_session(struct request *rq);

#endif
