/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for a logout, and what came of it. */
#ifndef TESTS_PROTOCOLS_OIDC_KIT_H
#define TESTS_PROTOCOLS_OIDC_KIT_H

#include <string.h>

#include "tests/world.h"

#define RETURN "post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye"

static inline bool
is_logged_in(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    struct session session;

    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    return session.live;
}

/* The cookie is kept aside: what counts is whether the session still lives, not
 * whether the browser forgot it. */
static inline void
assert_session_ended(struct world *w, const char *cookie)
{
    struct ctx ctx = world_ctx(w);
    struct session session;

    assert_int_equal(session_load(&ctx, cookie, &session), OK);
    assert_false(session.live);
    assert_null(world_cookie(w, "__Host-session"));
}

static inline void
logout(struct world *w, const char *format, const char *value)
{
    world_get(w, arena_printf(w->arena, "/oidc/logout?%s%s", format, value));
}

/* Altered, of another kind, or of another partner than the client_id; NULL behind the last. */
static inline const char *
hint_that_fails(struct world *w, const struct world_tokens *tokens, size_t i)
{
    char *altered = arena_text(w->arena, tokens->id);
    const char *hints[] = { altered, tokens->access, tokens->refresh, "nonsense",
                            arena_printf(w->arena, "%s&client_id=hospital", tokens->id) };

    altered[strlen(altered) / 2] ^= 1;
    return i < sizeof(hints) / sizeof(hints[0]) ? hints[i] : NULL;
}

#endif
