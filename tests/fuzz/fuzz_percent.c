/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"
#include "protocols/http/percent.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is decoded is UTF-8, no longer than before, and the same again when encoded and decoded. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(1U << 20);
    size_t taken = size < 16384 ? size : 16384;
    const char *decoded;
    const char *again;
    struct buf encoded;

    if (percent_decode(arena_copy(arena, data, taken), taken, &decoded) == OK) {
        if (strlen(decoded) > taken || !text_is_utf8(decoded, strlen(decoded)))
            abort();
        encoded = buf_new(arena, taken);
        buf_url(&encoded, decoded);
        if (percent_decode(encoded.at, encoded.size, &again) != OK || !text_eq(again, decoded))
            abort();
    }
    arena_free(arena);
    return 0;
}
