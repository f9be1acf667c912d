/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of keys/ share: an arena a test, an environment that fails, tokens by hand. */
#ifndef TESTS_KEYS_KIT_H
#define TESTS_KEYS_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include "idp/base/arena.h"
#include "idp/base/bytes.h"
#include "idp/base/env.h"
#include "keys/jwk.h"
#include "keys/key_pair.h"
#include "keys/keyring.h"
#include "keys/p256_form.h"

static inline int
arena_setup(void **state)
{
    *state = arena_new(16 << 20);
    return 0;
}

static inline int
arena_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)

static inline unix_s
a_fixed_time(struct env *env)
{
    (void)env;
    return 1767225600;
}

static inline enum err
no_random(struct env *env, void *out, size_t size)
{
    (void)env;
    (void)out;
    (void)size;
    return ERR_UNAVAILABLE;
}

static inline struct env *
env_without_random(void)
{
    static struct env env = { .now = a_fixed_time, .random = no_random };

    return &env;
}

static inline struct bytes
unhex(struct arena *arena, const char *hex)
{
    struct bytes out;

    assert_int_equal(hex_decode(arena, hex, strlen(hex), &out), OK);
    return out;
}

static inline void
assert_bytes(struct bytes actual, struct bytes expected)
{
    assert_int_equal(actual.size, expected.size);
    assert_memory_equal(actual.at, expected.at, expected.size);
}

/* A key of the house as keyring_open() would give it. */
static inline struct signing_key
signing_key_new(struct arena *arena, enum jws_alg alg, uint64_t serial)
{
    struct signing_key key = { .alg = alg, .state = KEY_SIGNING, .serial = serial };

    assert_int_equal(key_generate(alg, &key.key), OK);
    assert_int_equal(jwk_public(arena, key.key, alg, &key.jwk, &key.kid), OK);
    return key;
}

/* base64url(header).base64url(payload): what is signed. */
static inline const char *
signing_input(struct arena *arena, const char *header, const char *payload)
{
    return arena_printf(arena, "%s.%s", base64url_encode(arena, bytes_of_text(header)),
                        base64url_encode(arena, bytes_of_text(payload)));
}

static inline const char *
with_signature(struct arena *arena, const char *input, struct bytes signature)
{
    return arena_printf(arena, "%s.%s", input, base64url_encode(arena, signature));
}

/* Signs by OpenSSL's one-shot call, independent of jws_sign(); `md` NULL for EdDSA. */
static inline struct bytes
raw_sign(struct arena *arena, EVP_PKEY *key, const EVP_MD *md, const char *message)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    uint8_t *signature = arena_alloc(arena, 1024);
    size_t size = 1024;

    assert_int_equal(EVP_DigestSignInit(ctx, NULL, md, NULL, key), 1);
    assert_int_equal(
        EVP_DigestSign(ctx, signature, &size, (const uint8_t *)message, strlen(message)), 1);
    EVP_MD_CTX_free(ctx);
    return bytes_of(signature, size);
}

/* The same, with ECDSA signatures in JOSE's form. */
static inline struct bytes
jose_sign(struct arena *arena, EVP_PKEY *key, enum jws_alg alg, const char *message)
{
    struct bytes der = raw_sign(arena, key, alg == JWS_EDDSA ? NULL : EVP_sha256(), message);
    uint8_t *raw = arena_alloc(arena, P256_RAW_SIZE);

    if (alg != JWS_ES256)
        return der;
    assert_int_equal(p256_raw_of_der(der, raw), OK);
    return bytes_of(raw, P256_RAW_SIZE);
}

/* A token with any header and payload and a signature that holds. */
static inline const char *
token_signed(struct arena *arena, EVP_PKEY *key, enum jws_alg alg, const char *header,
             const char *payload)
{
    const char *input = signing_input(arena, header, payload);

    return with_signature(arena, input, jose_sign(arena, key, alg, input));
}

/* A token with an HMAC under any key. */
static inline const char *
token_hmac(struct arena *arena, const EVP_MD *md, struct bytes key, const char *header,
           const char *payload)
{
    const char *input = signing_input(arena, header, payload);
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned size;

    assert_non_null(
        HMAC(md, key.at, (int)key.size, (const uint8_t *)input, strlen(input), mac, &size));
    return with_signature(arena, input, bytes_of(mac, size));
}

#endif
