/* SPDX-License-Identifier: Apache-2.0 */
/* JSON Web Keys (RFC 7517, 7518, 8037) and their thumbprints (RFC 7638). */
#ifndef KEYS_JWK_H
#define KEYS_JWK_H

#include <openssl/evp.h>
#include <stdbool.h>

#include "idp/base/arena.h"
#include "idp/base/bytes.h"

/* clang-format off */
enum jws_alg {
    JWS_NONE,
#define ALG_OF_KEYS(value, name) value,
#define ALG_OF_SECRETS(value, name) value,
#define ALG_OF_CODES(value, name) value,
#include "policies/signing_alg.def"
#undef ALG_OF_KEYS
#undef ALG_OF_SECRETS
#undef ALG_OF_CODES
};
/* clang-format on */

const char *jws_alg_name(enum jws_alg alg); /* "ES256"; "none" for JWS_NONE */
/* JWS_NONE for anything else: never usable. "Ed25519" (RFC 9864) is read
 * as EdDSA, never written. */
enum jws_alg jws_alg_of(const char *name);

/* The public half as a JWK object with kid, alg and use=sig; members in a fixed order.
 * `kid` is its thumbprint. */
must_check enum err jwk_public(struct arena *arena, EVP_PKEY *key, enum jws_alg alg,
                               const char **jwk, const char **kid);

/* The same, named by the first characters of its thumbprint: for where each byte counts. */
#define JWK_SHORT_KID 8
must_check enum err jwk_public_short(struct arena *arena, EVP_PKEY *key, enum jws_alg alg,
                                     const char **jwk, const char **kid);

/*
 * A public key from a JWK text. Refuses (ERR_INVALID): private or symmetric members, RSA under 2048
 * bits or over 8192, exponents that are even, under 65537 or over 64 bits, points off the curve,
 * curves other than P-256 and Ed25519, duplicate members, an `alg` or `use` that does not fit,
 * texts over 16 KB. `kid` is its own, else its thumbprint. The caller frees *key with
 * EVP_PKEY_free().
 */
must_check enum err jwk_import(struct arena *arena, const char *text, EVP_PKEY **key,
                               enum jws_alg *alg, const char **kid);

/*
 * A partner's set, {"keys":[…]} (RFC 7517, 5), of at most KEY_SET_MAX keys and 64 KB. Members for
 * encryption are passed over; any other that jwk_import() would refuse, or nothing usable at all,
 * refuses the whole set (ERR_INVALID), so that a truncated answer never replaces a good set. Free
 * with key_set_free().
 */
#define KEY_SET_MAX 16

struct public_key {
    EVP_PKEY *key;
    enum jws_alg alg;
    const char *kid; /* its own, else its thumbprint; lives in the arena */
};

struct key_set {
    struct public_key keys[KEY_SET_MAX];
    size_t count;
};

must_check enum err key_set_import(struct arena *arena, const char *text, struct key_set *out);
void key_set_free(struct key_set *set);

/* True when the key is of the algorithm's kind: P-256, RSA of 2048 to 8192 bits with a
 * sound exponent, Ed25519, SM2. */
bool key_fits(EVP_PKEY *key, enum jws_alg alg);

#endif
