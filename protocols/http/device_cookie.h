/* SPDX-License-Identifier: Apache-2.0 */
/* The long-lived cookie by which a browser is known (idp/person/device.h). */
#ifndef PROTOCOLS_HTTP_DEVICE_COOKIE_H
#define PROTOCOLS_HTTP_DEVICE_COOKIE_H

#include "protocols/http/request.h"

/* Sets rq->ctx->device from the request's cookie. */
void device_cookie_read(struct request *rq);

/*
 * Lets us know this browser for the number from now on (E.164; NULL: does nothing). When it cannot,
 * the login goes on all the same. It does nothing at terminals and counters, whose browsers many
 * people share.
 */
void device_cookie_keep(struct request *rq, const char *phone);

#endif
