/* SPDX-License-Identifier: Apache-2.0 */
/* What a partner asks over another line: plainly, and by an object that nobody has signed for it. */
#include <string.h>

#include "idp/base/text.h"
#include "tests/fuzz/world.h"

#define CREDENTIALS                                                                                \
    "client_id=hotline&client_secret=hotline-secret-0123456789-0123456789-0123456789&"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world *w = fuzz_world();
    struct arena *arena = arena_new(FUZZ_ARENA_BYTES);

    fuzz_ask(w, arena,
             &(struct world_call) {
                 .target = "/oauth2/bc-authorize",
                 .form = arena_printf(arena, CREDENTIALS "%s",
                                      arena_copy(arena, data, size < 60000 ? size : 60000)) });
    arena_free(arena);
    return 0;
}
