/* SPDX-License-Identifier: Apache-2.0 */
/* The ways out of an authorization request: AZ-28, AZ-29. */
#include "tests/world.h"

#include <string.h>

static void
az_28_an_untrusted_partner_cannot_bounce_a_browser_off_us(void **state)
{
    static const char *const more[] = { "&prompt=none", "&max_age=x", "&prompt=nonsense" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
        world_get(w,
                  arena_printf(w->arena,
                               "/oauth2/authorize?client_id=untrusted&response_type=code"
                               "&redirect_uri=https%%3A%%2F%%2Ftrial.example%%2Fcb&scope=openid"
                               "&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256%s",
                               more[i]));
        assert_refused(w, &problem_redirect_to_untrusted);
    }
    world_get(w, "/oauth2/authorize?client_id=untrusted"
                 "&redirect_uri=https%3A%2F%2Ftrial.example%2Fcb");
    assert_refused(w, &problem_redirect_to_untrusted);
}

static void
az_28_after_a_login_it_gets_its_errors(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_get(w, "/oauth2/authorize?client_id=untrusted&response_type=code&prompt=none"
                 "&redirect_uri=https%3A%2F%2Ftrial.example%2Fcb&scope=openid"
                 "&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256");
    assert_refused_by_redirect(w, "untrusted", &problem_consent_required);
}

static void
az_29_the_issuer_stands_in_a_success(void **state)
{
    struct world *w = *state;

    world_code(w, "webhall");
    assert_string_equal(world_location_param(w, "iss"), WORLD_ISSUER);
    assert_string_equal(world_location_param(w, "state"), "st-1");
    assert_null(world_location_param(w, "error"));
}

static void
az_29_the_issuer_stands_in_an_error(void **state)
{
    struct world *w = *state;

    world_authorize(w, "webhall", "&prompt=none");
    assert_string_equal(world_location_param(w, "error"), "login_required");
    assert_string_equal(world_location_param(w, "iss"), WORLD_ISSUER);
}

static void
az_29_the_issuer_stands_in_posted_answers(void **state)
{
    struct world *w = *state;

    world_authorize(w, "legacy", "&response_mode=form_post&prompt=none");
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_hidden(w, "error"), "login_required");
    assert_string_equal(world_hidden(w, "iss"), WORLD_ISSUER);
    assert_string_equal(world_hidden(w, "state"), "st-1");
    assert_null(world_hidden(w, "code"));
}

static void
az_29_the_metadata_say_so(void **state)
{
    struct world *w = *state;

    world_get(w, "/.well-known/openid-configuration");
    assert_non_null(
        strstr(w->answer.body, "\"authorization_response_iss_parameter_supported\":true"));
}

static void
a_registered_query_is_kept_and_added_to(void **state)
{
    static const char target[] = "https://app.example/cb?tenant=1&code=";
    struct world *w = *state;

    world_partners(w, "{\"partners\":[{\"client_id\":\"webhall\",\"client_name\":\"W\","
                      "\"redirect_uris\":[\"https://app.example/cb?tenant=1\"],"
                      "\"scope\":\"openid profile\",\"consent\":\"implied\"}]}");
    world_log_in(w, 0);
    world_authorize(w, "webhall", "");
    assert_memory_equal(world_header(w, "Location"), target, sizeof(target) - 1);
}

static void
an_answer_is_not_kept_by_caches(void **state)
{
    struct world *w = *state;

    world_code(w, "webhall");
    assert_string_equal(world_header(w, "Cache-Control"), "no-store");
    assert_string_equal(world_header(w, "Referrer-Policy"), "no-referrer");
}

static void
a_finished_transaction_loses_its_cookie(void **state)
{
    struct world *w = *state;
    size_t cookies;

    world_authorize(w, "webhall", "");
    cookies = w->cookies;
    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    world_authorize(w, "webhall", "&prompt=login");
    world_log_in(w, 0);
    world_get(
        w, arena_printf(w->arena, "/oauth2/authorize/resume?tx=%s", world_location_param(w, "tx")));
    assert_non_null(world_location_param(w, "code"));
    /* The first transaction's, the session's, and that of its state in this browser. */
    assert_int_equal(w->cookies, cookies + 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(az_28_an_untrusted_partner_cannot_bounce_a_browser_off_us),
        world_test(az_28_after_a_login_it_gets_its_errors),
        world_test(az_29_the_issuer_stands_in_a_success),
        world_test(az_29_the_issuer_stands_in_an_error),
        world_test(az_29_the_issuer_stands_in_posted_answers),
        world_test(az_29_the_metadata_say_so),
        world_test(a_registered_query_is_kept_and_added_to),
        world_test(an_answer_is_not_kept_by_caches),
        world_test(a_finished_transaction_loses_its_cookie),
    };

    return world_run(tests);
}
