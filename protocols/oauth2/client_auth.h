/* SPDX-License-Identifier: Apache-2.0 */
/* Client authentication (RFC 6749, 2.3; RFC 7523). */
#ifndef PROTOCOLS_OAUTH2_CLIENT_AUTH_H
#define PROTOCOLS_OAUTH2_CLIENT_AUTH_H

#include "protocols/http/request.h"

/* Sets rq->partner, or says why not. */
const struct problem *client_authenticate(struct request *rq);

#endif
