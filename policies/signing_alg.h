/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The signature algorithms (RFC 7518, RFC 8037) of signing_alg.def as lists of words: what we sign
 * with, partners may register and discovery tells of. How each signs: keys/jws.c.
 */
#ifndef POLICIES_SIGNING_ALG_H
#define POLICIES_SIGNING_ALG_H

/* Each with a blank before its first word. */
extern const char words_of_keys[];
extern const char words_of_secrets[];
extern const char words_of_assertions[];

/* What card codes may be signed by; the first is the default. */
#define ALGS_OF_CODES "ES256 SGD_SM3_SM2"
#define ALGS_OF_KEYS (words_of_keys + 1)
#define ALGS_OF_SECRETS (words_of_secrets + 1)
#define ALGS_OF_ASSERTIONS (words_of_assertions + 1) /* both */

#endif
