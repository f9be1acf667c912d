/* SPDX-License-Identifier: Apache-2.0 */
/* JWT client assertions: private_key_jwt and client_secret_jwt (RFC 7523, 3;
 * OpenID Connect Core, 9). */
#ifndef PROTOCOLS_OAUTH2_CLIENT_ASSERTION_H
#define PROTOCOLS_OAUTH2_CLIENT_ASSERTION_H

#include "idp/partner/registry.h"
#include "protocols/http/request.h"

/*
 * The issuer that the assertion names, unchecked: it serves only to find the partner. NULL when the
 * assertion cannot be read.
 */
const char *client_assertion_issuer(struct request *rq, const char *assertion);

/*
 * Checks the assertion against the partner's registered keys, or its secret, and algorithm, checks
 * its claims, and spends its jti, which nobody may have used before. The audience is the issuer or
 * the token endpoint (OpenID Connect Core, 9), the issuer alone if the partner is registered so
 * (FAPI 2.0 Security Profile, 5.3.2.1), and nothing beside it: another audience could replay the
 * assertion here. Times may have fractions (RFC 7519, 2). When a claim is at fault, `*reason` says
 * which; else it is left as it is. Needs the store.
 */
const struct problem *client_assertion_by_key(struct request *rq, const struct partner *partner,
                                              const char *assertion, const char **reason);
const struct problem *client_assertion_by_secret(struct request *rq, const struct partner *partner,
                                                 const char *assertion, const char **reason);

#endif
