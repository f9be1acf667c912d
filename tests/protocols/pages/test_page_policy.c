/* SPDX-License-Identifier: Apache-2.0 */
/* What a page lets a browser do: load, run, post and tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/protocols/pages/kit.h"

#define STRICT                                                                                     \
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "                \
    "frame-ancestors 'none'; form-action 'self'"

static void
a_page_with_a_form_may_run_our_own_script_and_no_other(void **state)
{
    struct page_fixture *f = *state;
    struct request *rq = fixture_request(f, LANGUAGE_EN);
    struct page *page = page_new(rq, "login_password", WORD_login_title);

    page_add_script(page);
    page_answer(rq, 200, page);
    assert_non_null(strstr(header_of(rq, "Content-Security-Policy"), "; script-src 'self'; "));
    assert_null(strstr(header_of(rq, "Content-Security-Policy"), "unsafe"));
    assert_non_null(strstr(body_of(rq), "<script src=\"/static/page.js?v="));
    assert_null(strstr(strstr(body_of(rq), "<script") + 1, "<script"));
}

static void
a_page_that_waits_may_ask_us_and_comes_anew_without_script(void **state)
{
    struct page_fixture *f = *state;
    struct request *rq = fixture_request(f, LANGUAGE_EN);
    struct page *page = page_new(rq, "login_qr", WORD_login_qr_title);

    page_allow_own_calls(page);
    page_refresh(page, "/login/qr?tx=a&code=b", "5");
    page_answer(rq, 200, page);
    assert_non_null(strstr(header_of(rq, "Content-Security-Policy"), "; connect-src 'self'; "));
    assert_non_null(strstr(body_of(rq), "<noscript><meta http-equiv=\"refresh\" "
                                        "content=\"5;url=/login/qr?tx=a&amp;code=b\"></noscript>"));
}

/* attacks AZ-31 */
static void
a_page_has_the_strict_policy_unless_told(void **state)
{
    struct page_fixture *f = *state;
    struct request *rq = fixture_request(f, LANGUAGE_EN);

    page_answer(rq, 200, page_new(rq, "login_password", WORD_login_title));

    assert_string_equal(header_of(rq, "Content-Security-Policy"), STRICT);
}

static void
a_form_may_end_at_the_partner(void **state)
{
    static const struct {
        const char *redirect_uri;
        const char *added;
    } cases[] = {
        { "https://hall.example/cb?x=1", " https://hall.example" },
        { "https://hall.example:8443", " https://hall.example:8443" },
        { "http://127.0.0.1:9091/cb", " http://127.0.0.1:9091" },
        { "com.example.hall:/cb", " com.example.hall:" },
        { "com.example.hall://cb", " com.example.hall:" },
        { "https://a.example;script-src *", "" },
        { "https://a.example script-src", "" },
        { "https://a.example,b", "" },
        { "https://user@a.example/", "" },
        { "https://*/", "" },
        { "https:///cb", "" },
        { "https://a.example\r\nX: y", "" },
        { "; script-src *", "" },
        { "*", "" },
        { "", "" },
    };
    struct page_fixture *f = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct request *rq = fixture_request(f, LANGUAGE_EN);
        struct page *page = page_new(rq, "consent", WORD_consent_title);

        page_allow_form_target(page, cases[i].redirect_uri);
        page_answer(rq, 200, page);
        assert_string_equal(header_of(rq, "Content-Security-Policy"),
                            arena_printf(rq->arena, STRICT "%s", cases[i].added));
    }
}

/*
 * Under "no-referrer", which the header says, browsers send "Origin: null" with a form, and the
 * guard that wants our own origin would refuse every form. "same-origin" tells other sites as
 * little.
 */
static void
forms_are_sent_with_their_origin(void **state)
{
    struct page_fixture *f = *state;
    struct request *rq = fixture_request(f, LANGUAGE_EN);

    page_answer(rq, 200, page_new(rq, "login_password", WORD_login_title));

    assert_non_null(strstr(body_of(rq), "<meta name=\"referrer\" content=\"same-origin\">"));
}

static void
form_post_runs_our_script_and_works_without_it(void **state)
{
    struct page_fixture *f = *state;
    struct request *rq = fixture_request(f, LANGUAGE_EN);
    struct page *page = sample_page(rq, &samples[SAMPLE_COUNT - 1], NULL);

    page_allow_own_script(page);
    page_allow_form_target(page, "https://hall.example/cb");
    page_answer(rq, 200, page);

    assert_non_null(strstr(header_of(rq, "Content-Security-Policy"), "; script-src 'self'; "));
    assert_non_null(strstr(body_of(rq), "<script src=\"/static/form_post.js?v="));
    assert_non_null(strstr(body_of(rq), "action=\"https://hall.example/cb\""));
    assert_non_null(strstr(body_of(rq), "name=\"state\" value=\"xyz\""));
    assert_non_null(strstr(body_of(rq), "id=\"continue\" type=\"submit\""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_has_the_strict_policy_unless_told),
        cmocka_unit_test(a_form_may_end_at_the_partner),
        cmocka_unit_test(forms_are_sent_with_their_origin),
        cmocka_unit_test(a_page_with_a_form_may_run_our_own_script_and_no_other),
        cmocka_unit_test(a_page_that_waits_may_ask_us_and_comes_anew_without_script),
        cmocka_unit_test(form_post_runs_our_script_and_works_without_it),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_end);
}
