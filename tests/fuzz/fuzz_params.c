/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/text.h"
#include "protocols/http/params.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is let in is UTF-8, and every name is found again. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena;
    struct params params;

    if (size > 65536)
        return 0;
    arena = arena_new(1U << 20);
    if (params_parse(arena, (const char *)data, size, &params) == OK) {
        for (size_t i = 0; i < params.count; i++) {
            if (!text_is_utf8(params.values[i], strlen(params.values[i])) ||
                params_find(&params, params.names[i]) == NULL)
                abort();
        }
        (void)params_have_repeats(&params);
    }
    arena_free(arena);
    return 0;
}
