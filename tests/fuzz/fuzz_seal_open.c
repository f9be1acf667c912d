/* SPDX-License-Identifier: Apache-2.0 */
/* Boxes as bytes and as text, under fixed keys. Nothing that we did not seal may open. */
#include "idp/base/arena.h"
#include "keys/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct seal_key pair[] = { { 2, { { 1 } } }, { 1, { { 2 } } } };
    static const struct seal_keys keys = { pair, 2 };
    struct arena *arena = arena_new(4 << 20);
    size_t taken = size < 65536 ? size : 65536;
    const char *text = arena_copy(arena, data, taken);
    struct bytes plain;

    if (seal_open(&keys, arena, "code", bytes_of(data, taken), &plain) == OK ||
        seal_text_open(&keys, arena, "code", text, &plain) == OK)
        __builtin_trap();
    arena_free(arena);
    return 0;
}
