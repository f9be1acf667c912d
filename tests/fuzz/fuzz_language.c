/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "protocols/http/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An Accept-Language header, as the gate lets it in: always one of ours. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(1U << 20);
    struct request rq = { .arena = arena };

    rq.headers.accept_language = arena_copy(arena, data, size < 16384 ? size : 16384);
    if ((unsigned)language_choose(&rq) >= LANGUAGE_COUNT)
        abort();
    arena_free(arena);
    return 0;
}
