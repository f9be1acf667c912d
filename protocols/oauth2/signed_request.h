/* SPDX-License-Identifier: Apache-2.0 */
/* A request as a JWT that the partner has signed (OpenID Connect CIBA Core 1.0, 7.1.1; FAPI-CIBA, 5.2.2). */
#ifndef PROTOCOLS_OAUTH2_SIGNED_REQUEST_H
#define PROTOCOLS_OAUTH2_SIGNED_REQUEST_H

#include "idp/partner/registry.h"
#include "protocols/http/request.h"

/*
 * Checks `object` against the keys of rq->partner and the algorithm that it has registered for its
 * requests; aud is or names the issuer, iss the partner; exp and nbf within the hour; and spends its
 * jti, which it may not have used before. `out` has its other members as parameters: texts, and whole
 * numbers as digits. problem_request_object_invalid, and *reason says what of it. Needs the store.
 */
const struct problem *signed_request_read(struct request *rq, const char *object,
                                          struct params *out, const char **reason);

#endif
