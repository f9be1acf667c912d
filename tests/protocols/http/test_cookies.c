/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/cookies.h"
#include "tests/protocols/http/kit.h"

static void
se_03_a_cookie_on_https_is_bound_to_host_and_hidden_from_scripts(void **state)
{
    struct http_kit *kit = *state;

    cookie_set(&kit->rq, "sid", "abc-_9", 0);
    assert_header(kit, "Set-Cookie", "__Host-sid=abc-_9; Path=/; HttpOnly; SameSite=Lax; Secure");
}

static void
k7_on_loopback_http_names_are_our_own_and_there_is_no_secure(void **state)
{
    struct http_kit *kit = *state;

    kit->settings.server.issuer_is_https = false;
    cookie_set(&kit->rq, "sid", "abc", 60);
    assert_header(kit, "Set-Cookie",
                  "tongxing-sid=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
    kit->rq.headers.cookie = "sid=a partner's own; tongxing-sid=abc";
    assert_string_equal(cookie_find(&kit->rq, "sid"), "abc");
    kit->rq.headers.cookie = "sid=def";
    assert_null(cookie_find(&kit->rq, "sid"));
}

/* It is sent from a frame within another site's page, so on https it says that it may be. */
static void
one_for_our_frames_script_is_for_scripts_and_other_sites(void **state)
{
    struct http_kit *kit = *state;

    cookie_set_readable(&kit->rq, "browser", "abc");
    assert_header(kit, "Set-Cookie", "__Host-browser=abc; Path=/; SameSite=None; Secure");
    respond_again(&kit->rq);
    kit->settings.server.issuer_is_https = false;
    cookie_set_readable(&kit->rq, "browser", "abc");
    assert_header(kit, "Set-Cookie", "tongxing-browser=abc; Path=/; SameSite=Lax");
}

/* Other applications of the host are not sent it; __Host- is for Path=/ alone. */
static void
s9_under_an_issuers_path_a_cookie_stays_there(void **state)
{
    struct http_kit *kit = *state;

    kit->settings.server.issuer_path = "/auth";
    cookie_set(&kit->rq, "sid", "abc", 0);
    assert_header(kit, "Set-Cookie",
                  "__Secure-tongxing-sid=abc; Path=/auth; HttpOnly; SameSite=Lax; Secure");
    kit->rq.headers.cookie = "__Host-sid=no; __Secure-tongxing-sid=abc";
    assert_string_equal(cookie_find(&kit->rq, "sid"), "abc");
    respond_again(&kit->rq);
    kit->settings.server.issuer_is_https = false;
    cookie_clear(&kit->rq, "sid");
    assert_header(kit, "Set-Cookie",
                  "tongxing-sid=; Path=/auth; HttpOnly; SameSite=Lax; Max-Age=0");
}

static void
clearing_ends_a_cookie_and_the_last_word_counts(void **state)
{
    struct http_kit *kit = *state;

    cookie_set(&kit->rq, "sid", "abc", 0);
    cookie_clear(&kit->rq, "sid");
    cookie_set(&kit->rq, "sidx", "1", 0);
    assert_int_equal(kit->rq.response.header_count, 2);
    assert_header(kit, "Set-Cookie",
                  "__Host-sid=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
}

static void
a_value_that_is_not_base64url_becomes_a_500(void **state)
{
    static const char *const bad[] = { "a b", "a;b", "a=b", "a\r\nb", "\xe4" };
    struct http_kit *kit = *state;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        respond_again(&kit->rq);
        cookie_set(&kit->rq, "sid", bad[i], 0);
        respond_finish(&kit->rq);
        assert_int_equal(kit->rq.response.status, 500);
    }
}

static void
our_cookie_is_found_among_others(void **state)
{
    struct http_kit *kit = *state;

    kit->rq.headers.cookie = "a=1; __Host-sid=xyz ;flag; __Host-sid2=no; __Host-empty=";
    assert_string_equal(cookie_find(&kit->rq, "sid"), "xyz");
    assert_string_equal(cookie_find(&kit->rq, "empty"), "");
    assert_null(cookie_find(&kit->rq, "a"));
    assert_null(cookie_find(&kit->rq, "flag"));
    kit->rq.headers.cookie = NULL;
    assert_null(cookie_find(&kit->rq, "sid"));
}

static void
a_cookie_without_the_host_prefix_is_not_ours(void **state)
{
    struct http_kit *kit = *state;

    kit->rq.headers.cookie = "sid=planted";
    assert_null(cookie_find(&kit->rq, "sid"));
}

static void
a_cookie_that_stands_twice_is_not_believed(void **state)
{
    struct http_kit *kit = *state;

    kit->rq.headers.cookie = "__Host-sid=one; __Host-sid=one";
    assert_null(cookie_find(&kit->rq, "sid"));
}

static void
a_value_with_foreign_characters_is_not_ours(void **state)
{
    struct http_kit *kit = *state;

    kit->rq.headers.cookie = "__Host-sid=\"quoted\"";
    assert_null(cookie_find(&kit->rq, "sid"));
}

static void
names_are_listed_by_prefix_up_to_the_room_there_is(void **state)
{
    struct http_kit *kit = *state;
    const char *names[2];

    kit->rq.headers.cookie = "__Host-tx-1=a; other=b; __Host-tx-2=c; __Host-tx-=d; __Host-tx-3=e";
    assert_int_equal(cookie_names(&kit->rq, "tx-", names, 2), 2);
    assert_string_equal(names[0], "1");
    assert_string_equal(names[1], "2");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_kit(se_03_a_cookie_on_https_is_bound_to_host_and_hidden_from_scripts),
        in_kit(k7_on_loopback_http_names_are_our_own_and_there_is_no_secure),
        in_kit(one_for_our_frames_script_is_for_scripts_and_other_sites),
        in_kit(s9_under_an_issuers_path_a_cookie_stays_there),
        in_kit(clearing_ends_a_cookie_and_the_last_word_counts),
        in_kit(a_value_that_is_not_base64url_becomes_a_500),
        in_kit(our_cookie_is_found_among_others),
        in_kit(a_cookie_without_the_host_prefix_is_not_ours),
        in_kit(a_cookie_that_stands_twice_is_not_believed),
        in_kit(a_value_with_foreign_characters_is_not_ours),
        in_kit(names_are_listed_by_prefix_up_to_the_room_there_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
