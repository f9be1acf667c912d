/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tests/world.h"

static void
a_revoked_refresh_token_ends_its_access_tokens(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    assert_true(world_token_works(w, tokens.access));
    world_partner_post(w, "webhall", "/oauth2/revoke", "token=%s", tokens.refresh);
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(w->answer.body, "");
    assert_false(world_token_works(w, tokens.access));
}

static void
another_partners_token_is_refused_and_left_alone(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "hospital");

    world_audit_mark(w);
    world_partner_post(w, "bank", "/oauth2/revoke", "token=%s", tokens.refresh);
    assert_refused(w, &problem_token_not_yours);
    assert_true(world_token_works(w, tokens.access));
    assert_int_equal(world_audit_count(w, AUDIT_GRANT_ENDED), 0);
}

static void
an_unknown_token_is_answered_like_one_just_revoked(void **state)
{
    struct world *w = *state;
    int64_t rows = world_rows(w);

    world_partner_post(w, "webhall", "/oauth2/revoke", "token=nonsense");
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(w->answer.body, "");
    assert_int_equal(world_rows(w), rows);
}

static void
the_token_must_be_named(void **state)
{
    struct world *w = *state;

    world_partner_post(w, "webhall", "/oauth2/revoke", "token_type_hint=refresh_token");
    assert_refused(w, &problem_token_missing);
}

static void
a_token_of_the_partner_itself_can_be_revoked_too(void **state)
{
    struct world *w = *state;
    const char *token;

    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=client_credentials");
    token = world_json(w, "access_token");
    world_partner_post(w, "webhall", "/oauth2/introspect", "token=%s", token);
    assert_non_null(strstr(w->answer.body, "\"active\":true"));
    world_partner_post(w, "webhall", "/oauth2/revoke", "token=%s", token);
    assert_int_equal(w->answer.status, 200);
    world_partner_post(w, "webhall", "/oauth2/introspect", "token=%s", token);
    assert_string_equal(w->answer.body, "{\"active\":false}");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_revoked_refresh_token_ends_its_access_tokens),
        world_test(another_partners_token_is_refused_and_left_alone),
        world_test(an_unknown_token_is_answered_like_one_just_revoked),
        world_test(the_token_must_be_named),
        world_test(a_token_of_the_partner_itself_can_be_revoked_too),
    };

    return world_run(tests);
}
