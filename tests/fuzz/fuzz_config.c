/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/log.h"
#include "idp/server/config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Either settings in which no text is missing, or a sentence that says why not. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena;
    struct settings settings;
    const char *why = NULL;

    /* A fuzzer must not open files that it names. */
    if (size > 65536 || memmem(data, size, "@file", 5) != NULL)
        return 0;
    arena = arena_new(32U << 20);
    if (config_parse(arena, "fuzz.conf", bytes_of(data, size), &settings, &why) != OK) {
        if (why == NULL)
            abort();
    } else if (settings.server.issuer == NULL || settings.server.workers < 1 ||
               (config_check(arena, &settings, &why) != OK && why == NULL)) {
        abort();
    }
    arena_free(arena);
    return 0;
}
