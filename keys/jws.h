/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes and checks JSON Web Signatures in compact form (RFC 7515). Keys are parsed once, and
 * signing fetches no algorithm anew.
 */
#ifndef KEYS_JWS_H
#define KEYS_JWS_H

#include <openssl/evp.h>

#include "idp/base/arena.h"
#include "idp/base/buf.h"
#include "keys/jwk.h"
#include "keys/keyring.h"

#define JWS_MAX_BYTES 16384

/*
 * Append header.payload.signature. `typ` is the header's typ: "JWT", "at+jwt", "logout+jwt". On
 * ERR_INTERNAL `out` is as it was.
 */
must_check enum err jws_sign(const struct signing_key *key, const char *typ, struct bytes payload,
                             struct buf *out);

/* The same with another name for the key than its thumbprint. */
must_check enum err jws_sign_named(const struct signing_key *key, const char *typ, const char *kid,
                                   struct bytes payload, struct buf *out);

/* A token that has been taken apart; nobody has checked its signature yet. */
struct jws {
    const char *alg;     /* as the header says: only to be compared with what we know of the key */
    const char *typ;     /* "" when absent */
    const char *kid;     /* "" when absent */
    struct bytes header; /* all of it, in JSON */
    const char *signing_input;
    size_t signing_input_size;
    struct bytes payload;
    struct bytes signature;
};

/*
 * Strict reading: at most JWS_MAX_BYTES, exactly three non-empty segments, canonical base64url,
 * header a JSON object without duplicate members, alg a known name (JWS_NONE never), no crit, no
 * b64. Header members that would name a key source (jku, x5u, jwk, x5c) are ignored. ERR_INVALID
 * otherwise.
 */
must_check enum err jws_read(struct arena *arena, const char *token, struct jws *out);

/*
 * Checks the signature with this key and this algorithm. ERR_FORGED when the header names another
 * alg, or the signature is not of the algorithm's size, has r or s out of range, or does not hold.
 */
must_check enum err jws_check(const struct jws *jws, EVP_PKEY *key, enum jws_alg alg);

/* Makes a context that signs or checks a SHA-256 digest one for ES256 or RS256. */
bool jws_context_set_up(EVP_PKEY_CTX *ctx, enum jws_alg alg);

/*
 * SM2 signs SM3 of the signer's name, its key and the message. The name is this one, always (GM/T
 * 0009): OpenSSL's own default is an empty one, and what it signs by that nobody else accepts.
 */
#define SM2_SIGNER "1234567812345678"
/* Parameters that say so; they live as long as the program. */
const OSSL_PARAM *sm2_signer_params(void);

#endif
