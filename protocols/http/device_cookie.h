/* SPDX-License-Identifier: Apache-2.0 */
/* The long-lived cookie by which a browser is known (idp/person/device.h). */
#ifndef PROTOCOLS_HTTP_DEVICE_COOKIE_H
#define PROTOCOLS_HTTP_DEVICE_COOKIE_H

#include "protocols/http/request.h"

/* rq->ctx->device from the request's cookie. */
void device_cookie_read(struct request *rq);

/*
 * From now on this browser is known for the number (E.164; NULL: nothing is done). Best effort: a
 * login does not fail of it. Not where a browser belongs to nobody: terminals and counters.
 */
void device_cookie_keep(struct request *rq, const char *phone);

#endif
