/* SPDX-License-Identifier: Apache-2.0 */
/* What the endpoint itself looks at; rotation, replay and grace are in test_token_refresh.c. */
#include "tests/world.h"

static void
the_refresh_token_must_be_sent(void **state)
{
    struct world *w = *state;

    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token");
    assert_refused(w, &problem_refresh_token_missing);
}

static void
less_scope_may_be_asked_for(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_partner_post(w, "webhall", "/oauth2/token",
                       "grant_type=refresh_token&refresh_token=%s&scope=openid", tokens.refresh);
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "scope"), "openid");
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       world_json(w, "refresh_token"));
    assert_string_equal(world_json(w, "scope"), "openid profile"); /* the grant's is as it was */
}

static void
more_scope_is_refused_and_the_family_lives(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_partner_post(w, "webhall", "/oauth2/token",
                       "grant_type=refresh_token&refresh_token=%s&scope=openid+phone",
                       tokens.refresh);
    assert_refused(w, &problem_scope_too_wide);
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       tokens.refresh);
    assert_int_equal(w->answer.status, 200);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_refresh_token_must_be_sent),
        world_test(less_scope_may_be_asked_for),
        world_test(more_scope_is_refused_and_the_family_lives),
    };

    return world_run(tests);
}
