/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of a logout that any page can send a browser to (OpenID Connect
 * RP-Initiated Logout 1.0). */
#include <string.h>

#include "idp/base/text.h"
#include "tests/fuzz/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world *w = fuzz_world();
    struct arena *arena = arena_new(FUZZ_ARENA_BYTES);

    fuzz_ask(w, arena,
             &(struct world_call) { .target = "/oidc/logout",
                                    .form = arena_copy(arena, data, size < 65536 ? size : 65536) });
    arena_free(arena);
    return 0;
}
