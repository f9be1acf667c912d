/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a token, and checking it with the public key of RFC 7515, A.3. */
#include "idp/base/arena.h"
#include "keys/jws.h"
#include "tests/keys/vectors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static EVP_PKEY *key;
    struct arena *arena = arena_new(4 << 20);
    const char *token = arena_copy(arena, data, size < 65536 ? size : 65536);
    enum jws_alg alg;
    const char *kid;
    struct jws jws;

    if (key == NULL && jwk_import(arena, RFC7515_A3_JWK, &key, &alg, &kid) != OK)
        __builtin_trap();
    if (jws_read(arena, token, &jws) == OK && jws_check(&jws, key, JWS_RS256) == OK)
        __builtin_trap(); /* a P-256 key never makes RS256 hold */
    if (jws_read(arena, token, &jws) == OK)
        (void)!jws_check(&jws, key, JWS_ES256);
    arena_free(arena);
    return 0;
}
