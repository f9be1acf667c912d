/* SPDX-License-Identifier: Apache-2.0 */
/* The DPoP proof of a request (RFC 9449): what its client shows that it holds. */
#ifndef PROTOCOLS_HTTP_DPOP_H
#define PROTOCOLS_HTTP_DPOP_H

#include "protocols/http/request.h"

/*
 * Sets rq->proof_key to the thumbprint of the key; NULL when there is no proof. `access_token` is
 * the one presented, NULL at the token endpoint. A proof is good once, on all nodes: it is spent
 * here, so this needs the store. Where [dpop] nonce is on the answer names the next one.
 */
const struct problem *dpop_check(struct request *rq, const char *access_token);

/* The same where an access token is used that is bound to `bound_key`: there must be a proof, by that
 * key. */
const struct problem *dpop_check_bound(struct request *rq, const char *access_token,
                                       const char *bound_key);

#endif
