/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Redirect URIs. The first byte chooses native or not; the rest is judged for registration and
 * asked against fixed registrations. Whatever matches must be registrable itself.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "idp/base/arena.h"
#include "policies/pkce.h"
#include "policies/redirect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const registered[] = { "https://app.example/cb", "http://127.0.0.1/cb",
                                              "http://[::1]:80/cb", "com.example.app:/cb" };
    struct arena *arena;
    bool native;
    char *uri;

    if (size == 0 || size > 8192)
        return 0;
    arena = arena_new(1 << 16);
    native = data[0] % 2 == 1;
    uri = arena_copy(arena, data + 1, size - 1);
    for (size_t i = 0; i < sizeof(registered) / sizeof(registered[0]); i++) {
        if (redirect_uri_matches(registered[i], uri, native) &&
            !redirect_uri_registrable(uri, true))
            abort();
    }
    if (redirect_uri_registrable(uri, native) && !redirect_uri_matches(uri, uri, native))
        abort();
    (void)pkce_challenge_check(&(struct pkce_asked) { uri, "S256", NULL },
                               native ? ANSWER_YES : ANSWER_NONE);
    (void)pkce_verifier_check(uri);
    arena_free(arena);
    return 0;
}
