/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which pages of others may read our answers: Cross-Origin Resource Sharing (WHATWG Fetch, 3.2).
 * Cookies never count, so there is no Access-Control-Allow-Credentials; the origin is repeated only
 * when it is a partner's, byte for byte.
 */
#ifndef PROTOCOLS_HTTP_CORS_H
#define PROTOCOLS_HTTP_CORS_H

#include "protocols/http/request.h"

/* A column of the table of routes. */
enum cors {
    CORS_NONE,
    CORS_ANY,    /* everybody's: nothing in the answer is meant for one */
    CORS_PARTNER /* those of the partner that is answered; of any partner before we know which */
};

/*
 * Answers the browser's question whether the page may ask (OPTIONS) for a route that is not
 * CORS_NONE: 204. `methods` are those of the path.
 */
void cors_preflight(struct request *rq, enum cors cors, const char *methods);

/*
 * Adds to the answer, refusals included, that the page may read it. It does nothing for a request
 * without an Origin and for a prepared document, which tells it itself.
 */
void cors_answer(struct request *rq, enum cors cors);

#endif
