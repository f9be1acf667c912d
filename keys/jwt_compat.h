/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libjwt, behind its guard: partners' HS256, RS256 and ES256 assertions with typ JWT or none. The
 * rest of the house never includes jwt.h. Works with libjwt 1.10 to 2.x.
 */
#ifndef KEYS_JWT_COMPAT_H
#define KEYS_JWT_COMPAT_H

#include "idp/base/arena.h"
#include "idp/base/bytes.h"
#include "keys/jwk.h"

/*
 * Is the token signed with `key` (PEM of a public key, or the secret's bytes for HS256, at least 32
 * of them) under exactly `alg`? On OK `claims` is the payload, a JSON object without duplicate
 * members; nothing in it has been judged. ERR_INVALID: not of the form jws_read() takes, or a typ
 * other than JWT. ERR_FORGED: everything else.
 */
must_check enum err jwt_compat_verify(struct arena *arena, const char *token, enum jws_alg alg,
                                      struct bytes key, const char **claims);

#endif
