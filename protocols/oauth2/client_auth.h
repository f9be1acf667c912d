/* SPDX-License-Identifier: Apache-2.0 */
/* Client authentication: RFC 6749, 2.3; RFC 7523, 3; OpenID Connect Core, 9. */
#ifndef PROTOCOLS_OAUTH2_CLIENT_AUTH_H
#define PROTOCOLS_OAUTH2_CLIENT_AUTH_H

#include "protocols/http/request.h"

/*
 * The guard of token, introspection and revocation endpoints: exactly one method, the one the
 * partner is registered for; a secret in the header or in the form, unless its registration is
 * strict. On success sets rq->partner and the channel. A public partner names itself by client_id.
 */
const struct problem *client_authenticate(struct request *rq);

#endif
