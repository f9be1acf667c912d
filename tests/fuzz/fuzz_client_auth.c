/* SPDX-License-Identifier: Apache-2.0 */
/* Who a partner says it is: the first line is an Authorization header, the rest a form. */
#include <string.h>

#include "idp/base/text.h"
#include "tests/fuzz/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world *w = fuzz_world();
    struct arena *arena = arena_new(FUZZ_ARENA_BYTES);
    char *header = arena_copy(arena, data, size < 16384 ? size : 16384);
    char *form = strchr(header, '\n');

    if (form != NULL)
        *form++ = '\0';
    if (text_is_utf8(header, strlen(header))) /* as the gate lets it in */
        fuzz_ask(w, arena,
                 &(struct world_call) { .target = "/oauth2/introspect",
                                        .authorization = *header != '\0' ? header : NULL,
                                        .form = form != NULL ? form : "token=a" });
    arena_free(arena);
    return 0;
}
