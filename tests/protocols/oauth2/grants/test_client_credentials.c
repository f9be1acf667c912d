/* SPDX-License-Identifier: Apache-2.0 */
/* A partner for itself: CA-20 is in test_token.c, CA-21 here. */
#include "tests/world.h"

#include <string.h>

static void
a_partner_gets_a_token_of_its_own(void **state)
{
    struct world *w = *state;
    int64_t rows = world_rows(w);
    const char *token;

    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=client_credentials");
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "token_type"), "Bearer");
    assert_null(world_json(w, "refresh_token"));
    assert_null(world_json(w, "id_token"));
    assert_int_equal(world_rows(w), rows);
    token = world_json(w, "access_token");
    assert_false(world_token_works(w, token)); /* it speaks of no person */
    world_partner_post(w, "webhall", "/oauth2/introspect", "token=%s", token);
    assert_string_equal(world_json(w, "sub"), "webhall");
}

static void
ca_21_no_scope_of_a_person_can_be_had(void **state)
{
    static const char *const scopes[] = { "openid", "profile", "identity_number", "card", "x" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
        world_partner_post(w, "webhall", "/oauth2/token", "grant_type=client_credentials&scope=%s",
                           scopes[i]);
        assert_refused(w, &problem_scope_too_wide);
    }
}

static void
without_randomness_there_is_no_token(void **state)
{
    struct world *w = *state;

    w->random_fails = true;
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=client_credentials");
    assert_refused(w, &problem_try_again);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_partner_gets_a_token_of_its_own),
        world_test(ca_21_no_scope_of_a_person_can_be_had),
        world_test(without_randomness_there_is_no_token),
    };

    return world_run(tests);
}
