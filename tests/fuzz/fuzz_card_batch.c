/* SPDX-License-Identifier: Apache-2.0 */
/* The scans that a terminal hands in together: every text, and each line of what is taken. */
#include <string.h>

#include "policies/card_batch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct card_batch batch;
    struct arena *arena = arena_new(4 << 20);
    const char *text = arena_copy(arena, data, size < 65536 ? size : 65536);

    if (card_batch_parse(arena, text, &batch) == OK) {
        if (batch.count == 0 || batch.count > CARD_BATCH_MAX)
            __builtin_trap();
        for (size_t i = 0; i < batch.count; i++)
            if (batch.at[i].code[0] == '\0' || strchr(batch.at[i].code, '\n') != NULL ||
                batch.at[i].scanned_at <= 0)
                __builtin_trap();
    }
    arena_free(arena);
    return 0;
}
