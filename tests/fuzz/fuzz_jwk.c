/* SPDX-License-Identifier: Apache-2.0 */
/* A key, and a set of keys, from text. What is taken must be a key that can be written again. */
#include "idp/base/arena.h"
#include "keys/jwk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(4 << 20);
    const char *text = arena_copy(arena, data, size < 131072 ? size : 131072);
    struct key_set set;
    enum jws_alg alg;
    const char *kid;
    const char *jwk;
    EVP_PKEY *key;

    if (jwk_import(arena, text, &key, &alg, &kid) == OK) {
        if (jwk_public(arena, key, alg, &jwk, &kid) != OK)
            __builtin_trap();
        EVP_PKEY_free(key);
    }
    if (key_set_import(arena, text, &set) == OK)
        key_set_free(&set);
    arena_free(arena);
    return 0;
}
