/* SPDX-License-Identifier: Apache-2.0 */
/* Who is there, how surely, and whether she agrees: AZ-20, AZ-23. */
#include "tests/world.h"

#include <string.h>

static void
assert_diverted(struct world *w, const char *path)
{
    const char *location = world_header(w, "Location");

    assert_int_equal(w->answer.status, 303);
    assert_memory_equal(location, path, strlen(path));
    assert_memory_equal(location + strlen(path), "?tx=", 4);
}

static void
az_20_silence_without_a_session_is_login_required(void **state)
{
    struct world *w = *state;
    int64_t rows = world_rows(w);

    world_audit_mark(w);
    world_authorize(w, "webhall", "&prompt=none");
    assert_refused_by_redirect(w, "webhall", &problem_login_required);
    assert_string_equal(world_location_param(w, "state"), "st-1");
    assert_null(world_header(w, "Set-Cookie"));
    assert_int_equal(world_rows(w), rows);
    assert_int_equal(world_audit_count(w, AUDIT_AUTHZ_REJECTED), 0); /* not for security */
}

static void
silence_without_consent_is_consent_required(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_authorize(w, "webhall", "&prompt=none");
    assert_refused_by_redirect(w, "webhall", &problem_consent_required);
    world_consent(w, 0, "webhall", "openid");
    world_authorize(w, "webhall", "&prompt=none"); /* openid profile: more than she agreed to */
    assert_refused_by_redirect(w, "webhall", &problem_consent_required);
    assert_null(world_header(w, "Set-Cookie"));
}

static void
silence_with_session_and_consent_yields_a_code(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    world_authorize(w, "webhall", "&prompt=none");
    assert_non_null(world_location_param(w, "code"));
}

static void
consent_to_one_partner_is_not_consent_to_another(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    world_authorize(w, "hospital", "&prompt=none");
    assert_refused_by_redirect(w, "hospital", &problem_consent_required);
}

static void
without_a_session_the_browser_goes_to_the_login(void **state)
{
    struct world *w = *state;

    world_authorize(w, "webhall", "");
    assert_diverted(w, "/login");
    assert_int_equal(w->cookies, 1); /* of the transaction */
}

static void
a_dead_cookie_is_nobody(void **state)
{
    static const char *const cookies[] = { "", "x", "s_0123456789012345678901nonsense" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cookies) / sizeof(cookies[0]); i++) {
        world_cookie_put(w, "__Host-session", cookies[i]);
        world_authorize(w, "webhall", "&prompt=none");
        assert_refused_by_redirect(w, "webhall", &problem_login_required);
    }
}

static void
prompt_consent_asks_again(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    world_authorize(w, "webhall", "&prompt=consent");
    assert_diverted(w, "/consent");
}

static void
az_23_a_hint_that_names_another_person_is_not_answered_for_this_one(void **state)
{
    struct world *w = *state;
    const char *hint = arena_printf(w->arena, "&prompt=none&id_token_hint=%s",
                                    world_login_tokens(w, "webhall").id);
    int64_t rows;

    world_authorize(w, "webhall", hint);
    assert_non_null(world_location_param(w, "code"));

    world_log_in(w, 1);
    world_consent(w, 1, "webhall", "openid profile");
    rows = world_rows(w);
    world_authorize(w, "webhall", hint);
    assert_refused_by_redirect(w, "webhall", &problem_login_required);
    assert_null(world_header(w, "Set-Cookie"));
    assert_int_equal(world_rows(w), rows);
    world_authorize(w, "webhall", "&prompt=none");
    assert_non_null(world_location_param(w, "code"));
}

static void
an_essential_level_out_of_reach_is_an_error(void **state)
{
    static const char essential[] =
        "&claims=%7B%22id_token%22%3A%7B%22acr%22%3A%7B%22essential%22%3A"
        "true%2C%22value%22%3A%22urn%3Ahrss%3Aacr%3Al4%22%7D%7D%7D";
    struct world *w = *state;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    world_audit_mark(w);
    world_authorize(w, "webhall", essential);
    assert_refused_by_redirect(w, "webhall", &problem_level_unmet);
    assert_audited(w, AUDIT_AUTHZ_REJECTED, "level");
    world_authorize(w, "webhall", "&acr_values=urn%3Ahrss%3Aacr%3Al4");
    assert_non_null(world_location_param(w, "code"));
}

#define NATIVE(id, uri, more)                                                                      \
    "{\"partners\":[{\"client_id\":\"" id "\",\"client_name\":\"" id                               \
    "\",\"channel\":\"app\",\"application_type\":\"native\",\"redirect_uris\":[\"" uri "\"],"      \
    "\"scope\":\"openid profile\"," more "}]}"

/* Half a day after it an app's login is worth l1; to be worth l2 again she proves herself. */
#define WISH_L2 "&acr_values=urn%3Ahrss%3Aacr%3Al2"

static void
an_app_that_asks_for_more_has_her_log_in_again(void **state)
{
    struct world *w = *state;

    world_partners(w, NATIVE("claimed", "https://claimed.example/cb",
                             "\"token_endpoint_auth_method\":\"none\""));
    world_log_in_at(w, 0, "claimed");
    world_consent(w, 0, "claimed", "openid profile");
    world_authorize(w, "claimed", WISH_L2);
    assert_non_null(world_location_param(w, "code"));
    world_advance(w, 12 * 3600);
    world_authorize(w, "claimed", "");
    assert_non_null(world_location_param(w, "code"));
    world_authorize(w, "claimed", WISH_L2 "&prompt=none");
    assert_non_null(world_location_param(w, "code"));
    world_authorize(w, "claimed", WISH_L2);
    assert_diverted(w, "/login");
}

static void
what_an_app_must_have_is_not_given_silently_half_a_day_later(void **state)
{
    static const char essential[] =
        "&prompt=none&claims=%7B%22id_token%22%3A%7B%22acr%22%3A%7B%22essential%22%3Atrue%2C"
        "%22value%22%3A%22urn%3Ahrss%3Aacr%3Al2%22%7D%7D%7D";
    struct world *w = *state;

    world_partners(w, NATIVE("claimed", "https://claimed.example/cb",
                             "\"token_endpoint_auth_method\":\"none\""));
    world_log_in_at(w, 0, "claimed");
    world_consent(w, 0, "claimed", "openid profile");
    world_advance(w, 12 * 3600);
    world_authorize(w, "claimed", essential);
    assert_refused_by_redirect(w, "claimed", &problem_login_required);
}

static void
ch_11_a_login_is_good_where_its_channel_lends_it(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    assert_int_equal(
        store_run(w->store, &(struct query) { .sql = "UPDATE session SET channel = 'counter'" }),
        OK);
    world_authorize(w, "webhall", "");
    assert_diverted(w, "/login");
    world_authorize(w, "webhall", "&prompt=none");
    assert_refused_by_redirect(w, "webhall", &problem_login_required);
}

/* --- An app that any other could pretend to be (RFC 8252, 8.6) --- */

static void
ch_08_an_app_on_a_loopback_port_or_an_own_scheme_is_never_answered_silently(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_consent(w, 0, "app", "openid profile");
    world_authorize(w, "app", "&prompt=none");
    assert_refused_by_redirect(w, "app", &problem_consent_required);
    world_authorize(w, "app", "");
    assert_diverted(w, "/consent");
    world_follow(w);
    world_form_post(w, "/consent", "tx=%s&csrf=%s&decision=allow", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    world_follow(w);
    assert_non_null(world_location_param(w, "code"));
    world_authorize(w, "app", ""); /* and it is asked the next time, too */
    assert_diverted(w, "/consent");
}

static void
ch_08_whoever_has_just_logged_in_for_the_app_is_not_asked_once_more(void **state)
{
    struct world *w = *state;

    world_person(w, 0);
    world_consent(w, 0, "app", "openid profile");
    world_authorize(w, "app", "");
    assert_diverted(w, "/login");
    world_follow(w);
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_phone(0), world_url(w, WORLD_PASSWORD));
    world_follow(w);
    assert_non_null(world_location_param(w, "code"));
}

static void
assert_answered_silently(struct world *w, const char *id, bool silently)
{
    world_log_in(w, 0);
    world_consent(w, 0, id, "openid profile");
    world_authorize(w, id, "&prompt=none");
    assert_true((world_location_param(w, "code") != NULL) == silently);
}

static void
ch_08_a_claimed_address_or_a_key_tells_the_app_from_another(void **state)
{
    struct world *w = *state;

    world_partners(w, NATIVE("claimed", "https://claimed.example/cb",
                             "\"token_endpoint_auth_method\":\"none\""));
    assert_answered_silently(w, "claimed", true);
    world_partners(w,
                   NATIVE("scheme", "example.app:/cb", "\"token_endpoint_auth_method\":\"none\""));
    assert_answered_silently(w, "scheme", false);
    world_partners(w, NATIVE("implied", "http://127.0.0.1/cb",
                             "\"consent\":\"implied\",\"token_endpoint_auth_method\":\"none\""));
    assert_answered_silently(w, "implied", false);
    world_partners(w, NATIVE("proven", "http://127.0.0.1/cb", "\"subject_type\":\"public\""));
    assert_answered_silently(w, "proven", true);
}

/* CH-07: a code that another app has caught is worth nothing without the verifier. */
static void
ch_07_a_code_that_came_to_another_app_is_useless_without_the_verifier(void **state)
{
    struct world *w = *state;

    world_partners(w,
                   NATIVE("scheme", "example.app:/cb", "\"token_endpoint_auth_method\":\"none\""));
    world_person(w, 0);
    world_consent(w, 0, "scheme", "openid profile");
    world_authorize(w, "scheme", "");
    world_follow(w);
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_phone(0), world_url(w, WORLD_PASSWORD));
    world_follow(w);
    world_form_post(w, "/oauth2/token",
                    "client_id=scheme&grant_type=authorization_code&code=%s"
                    "&redirect_uri=example.app%%3A%%2Fcb",
                    world_location_param(w, "code"));
    assert_refused(w, &problem_code_invalid);
    world_get(w, "/oauth2/authorize?client_id=scheme&response_type=code&scope=openid&state=st-1"
                 "&redirect_uri=example.app%3A%2Fcb&nonce=n");
    assert_refused_by_redirect(w, "scheme", &problem_pkce_missing);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(az_20_silence_without_a_session_is_login_required),
        world_test(silence_without_consent_is_consent_required),
        world_test(silence_with_session_and_consent_yields_a_code),
        world_test(consent_to_one_partner_is_not_consent_to_another),
        world_test(without_a_session_the_browser_goes_to_the_login),
        world_test(a_dead_cookie_is_nobody),
        world_test(prompt_consent_asks_again),
        world_test(az_23_a_hint_that_names_another_person_is_not_answered_for_this_one),
        world_test(an_essential_level_out_of_reach_is_an_error),
        world_test(an_app_that_asks_for_more_has_her_log_in_again),
        world_test(what_an_app_must_have_is_not_given_silently_half_a_day_later),
        world_test(ch_11_a_login_is_good_where_its_channel_lends_it),
        world_test(ch_08_an_app_on_a_loopback_port_or_an_own_scheme_is_never_answered_silently),
        world_test(ch_08_whoever_has_just_logged_in_for_the_app_is_not_asked_once_more),
        world_test(ch_08_a_claimed_address_or_a_key_tells_the_app_from_another),
        world_test(ch_07_a_code_that_came_to_another_app_is_useless_without_the_verifier),
    };

    return world_run(tests);
}
