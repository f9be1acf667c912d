/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/http/cookies.h"
#include "protocols/http/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The bytes as Cookie and as Accept-Language header, with and without the https prefix. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct settings settings = {
        .server = { .issuer = "https://a", .issuer_is_https = size % 2, .issuer_path = "" }
    };
    struct arena *arena;
    struct ctx ctx = { .settings = &settings };
    struct request rq = { .ctx = &ctx, .method = "GET" };
    const char *names[4];

    if (size > 16384)
        return 0;
    arena = arena_new(1U << 20);
    rq.arena = arena;
    rq.headers.cookie = arena_copy(arena, data, size);
    rq.headers.accept_language = rq.headers.cookie;
    (void)cookie_find(&rq, "sid");
    for (size_t i = 0; i < cookie_names(&rq, "tx-", names, 4); i++) {
        if (strlen(names[i]) == 0)
            abort();
    }
    if ((unsigned)language_choose(&rq) >= LANGUAGE_COUNT)
        abort();
    arena_free(arena);
    return 0;
}
