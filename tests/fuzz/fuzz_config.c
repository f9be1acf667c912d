/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/text.h"
#include "idp/server/config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
words_must_stand(const struct findings *found)
{
    for (const struct finding *at = found->first; at != NULL; at = at->next) {
        if (at->line < 0 || *at->sentence == '\0' || *at->advice == '\0' ||
            !text_is_utf8(at->sentence, strlen(at->sentence)))
            abort();
    }
}

/* Either settings in which no text is missing, or sentences and advice that say why not. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena;
    struct settings settings;
    struct findings found;

    /* A fuzzer must not open files that it names. */
    if (size > 65536 || memmem(data, size, "@file", 5) != NULL)
        return 0;
    arena = arena_new(64U << 20);
    found = findings_new(arena);
    config_examine_text(&found, "fuzz.conf", bytes_of(data, size), &settings);
    words_must_stand(&found);
    if (settings.server.issuer == NULL || settings.server.workers < 1 ||
        (*settings.server.issuer == '\0' && found.counts[FINDING_ERROR] == 0))
        abort();
    arena_free(arena);
    return 0;
}
