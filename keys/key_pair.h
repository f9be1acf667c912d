/* SPDX-License-Identifier: Apache-2.0 */
/* Key pairs of our own: making them, and their form at rest. */
#ifndef KEYS_KEY_PAIR_H
#define KEYS_KEY_PAIR_H

#include <openssl/evp.h>

#include "idp/base/arena.h"
#include "idp/base/bytes.h"
#include "keys/jwk.h"

/* A new key pair for the algorithm (RSA: 2048 bits). The caller frees it. */
must_check enum err key_generate(enum jws_alg alg, EVP_PKEY **out);

/* PKCS#8 DER, to be wrapped; and back. */
must_check enum err key_to_der(struct arena *arena, EVP_PKEY *key, struct bytes *out);
must_check enum err key_from_der(struct bytes der, EVP_PKEY **out);

/* Public key as PEM, for libjwt. */
must_check enum err key_to_public_pem(struct arena *arena, EVP_PKEY *key, const char **out);

#endif
