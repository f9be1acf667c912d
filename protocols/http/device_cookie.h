/* SPDX-License-Identifier: Apache-2.0 */
/* The long-lived cookie by which a browser is known (idp/person/device.h). */
#ifndef PROTOCOLS_HTTP_DEVICE_COOKIE_H
#define PROTOCOLS_HTTP_DEVICE_COOKIE_H

#include "protocols/http/request.h"

/* Sets rq->ctx->device from the request's cookie. */
void device_cookie_read(struct request *rq);

/* Before a session is made: ctx->device has a name, that of the cookie when there is one, and
 * ctx->browser is what it says it is. At terminals and counters, whose browsers many people share, there
 * is none. */
must_check enum err device_cookie_settle(struct request *rq);

/*
 * The browser keeps its name, and is known for the number from now on (E.164; NULL: for none more).
 * When it cannot, the login goes on all the same. It does nothing where many people share it.
 */
void device_cookie_keep(struct request *rq, const char *phone);

#endif
