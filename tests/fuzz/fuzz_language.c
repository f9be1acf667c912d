/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "idp/base/text.h"
#include "protocols/http/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An Accept-Language header, as the gate lets it in: always one of the two languages. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(1U << 20);
    struct request rq = { .arena = arena };
    const char *language;

    rq.headers.accept_language = arena_copy(arena, data, size < 16384 ? size : 16384);
    language = language_choose(&rq);
    if (!text_eq(language, "zh-CN") && !text_eq(language, "en"))
        abort();
    arena_free(arena);
    return 0;
}
