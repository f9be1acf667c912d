/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/protocols/pages/kit.h"

static size_t
count(const char *text, const char *what)
{
    size_t n = 0;

    for (; (text = strstr(text, what)) != NULL; text += strlen(what))
        n++;
    return n;
}

/* What must hold for any page whatever its values are. */
static void
assert_sound(const struct request *rq)
{
    const char *html = body_of(rq);

    assert_int_equal(strlen(html), rq->response.body.size);
    assert_true(text_starts(html, "<!DOCTYPE html>"));
    assert_non_null(
        strstr(html, arena_printf(rq->arena, "<html lang=\"%s\" dir=\"%s\">",
                                  languages[rq->language].tag, languages[rq->language].direction)));
    assert_null(strstr(html, "{{"));
    assert_null(strstr(html, "{0}"));
    assert_null(strstr(html, "onload=alert(1)>"));
    assert_int_equal(count(html, "<title>"), 1);
    assert_int_equal(count(html, "<h1"), 1);
    assert_int_equal(count(html, "<form"), count(html, "</form>"));
    assert_int_equal(count(html, "<form"), count(html, "method=\"post\""));
    assert_int_equal(count(html, " style="), 0);
    assert_int_equal(count(html, "<div"), count(html, "</div>"));
}

static void
the_templates_of_the_house_are_sound(void **state)
{
    (void)state;
    assert_null(pages_check());
}

static void
every_page_renders_with_all_values_in_every_language(void **state)
{
    struct page_fixture *f = *state;

    for (size_t i = 0; i < LANGUAGE_COUNT * SAMPLE_COUNT; i++) {
        struct request *rq = fixture_request(f, (enum language)(i % LANGUAGE_COUNT));
        struct page *page = sample_page(rq, &samples[i / LANGUAGE_COUNT], NULL);

        assert_null(page_answer(rq, 200, page));
        assert_int_equal(rq->response.status, 200);
        assert_string_equal(header_of(rq, "Content-Type"), "text/html; charset=utf-8");
        assert_sound(rq);
    }
}

static void
every_page_renders_with_no_value_in_every_language(void **state)
{
    struct page_fixture *f = *state;

    for (size_t i = 0; i < LANGUAGE_COUNT * SAMPLE_COUNT; i++) {
        struct request *rq = fixture_request(f, (enum language)(i % LANGUAGE_COUNT));

        page_answer(
            rq, 200,
            page_new(rq, samples[i / LANGUAGE_COUNT].template, samples[i / LANGUAGE_COUNT].title));
        assert_sound(rq);
    }
}

/* attacks AZ-24, HT-15 */
static void
no_value_of_any_page_gets_through_unescaped(void **state)
{
    struct page_fixture *f = *state;

    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct request *rq = fixture_request(f, LANGUAGE_EN);

        page_answer(rq, 200, sample_page(rq, &samples[i], EVIL));
        assert_sound(rq);
        assert_null(strstr(body_of(rq), "<svg onload"));
        assert_true(samples[i].template[0] == 'h' || strstr(body_of(rq), EVIL_ESCAPED) != NULL ||
                    strstr(samples[i].template, "done") != NULL ||
                    text_eq(samples[i].template, "qr_confirm"));
    }
}

static void
no_link_or_form_of_any_page_takes_a_script_address(void **state)
{
    struct page_fixture *f = *state;

    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct request *rq = fixture_request(f, LANGUAGE_EN);
        const char *html;

        page_answer(rq, 200, sample_page(rq, &samples[i], "javascript:alert(1)"));
        html = body_of(rq);
        assert_null(strstr(html, "href=\"javascript:"));
        assert_null(strstr(html, "action=\"javascript:"));
    }
}

/* attacks AZ-32: the icon is a data: address, help is a phone number, partners' links are links. */
static void
no_page_loads_anything_from_elsewhere(void **state)
{
    struct page_fixture *f = *state;

    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct request *rq = fixture_request(f, LANGUAGE_ZH_CN);
        const char *html;

        page_answer(rq, 200, sample_page(rq, &samples[i], NULL));
        html = body_of(rq);
        assert_int_equal(count(html, "src=") - count(html, "<iframe "),
                         text_eq(samples[i].template, "form_post"));
        assert_int_equal(count(html, "src=\"/static/"),
                         count(html, "src=") - count(html, "src=\"/logout/frame?"));
        assert_int_equal(count(html, "<link "), has_sheet_of_its_own(&samples[i]) ? 3 : 2);
        assert_non_null(strstr(html, "<link rel=\"stylesheet\" href=\"/static/tongxing.css?v="));
    }
}

static void
every_form_carries_transaction_and_csrf(void **state)
{
    struct page_fixture *f = *state;

    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct request *rq = fixture_request(f, LANGUAGE_ZH_CN);
        const char *html;

        if (text_eq(samples[i].template, "form_post"))
            continue;
        page_answer(rq, 200, sample_page(rq, &samples[i], NULL));
        html = body_of(rq);
        assert_int_equal(count(html, "name=\"tx\" value=\"c2VhbGVk\""), count(html, "<form"));
        assert_int_equal(count(html, "name=\"csrf\" value=\"Zm9ybQ\""), count(html, "<form"));
    }
}

static void
no_id_stands_twice_on_a_page(void **state)
{
    struct page_fixture *f = *state;

    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct request *rq = fixture_request(f, LANGUAGE_ZH_CN);

        page_answer(rq, 200, sample_page(rq, &samples[i], NULL));
        for (const char *at = body_of(rq); (at = strstr(at, " id=\"")) != NULL; at += 5) {
            size_t size = strcspn(at + 5, "\"") + 6;

            assert_int_equal(count(body_of(rq), arena_copy(rq->arena, at, size)), 1);
        }
    }
}

static void
page_and_style_sheet_together_are_under_40_kb(void **state)
{
    struct page_fixture *f = *state;
    size_t css = static_find("tongxing.css")->document->body.size;

    assert_true(css < 12 * 1024);
    for (size_t i = 0; i < LANGUAGE_COUNT * SAMPLE_COUNT; i++) {
        struct request *rq = fixture_request(f, (enum language)(i % LANGUAGE_COUNT));

        page_answer(rq, 200, sample_page(rq, &samples[i / LANGUAGE_COUNT], NULL));
        assert_true(rq->response.body.size + css < 40 * 1024);
    }
}

static void
every_problem_has_an_error_page_in_every_language(void **state)
{
    struct page_fixture *f = *state;

    for (size_t i = 0; all_problems[i] != NULL; i++) {
        const struct problem *problem = all_problems[i];

        for (int l = 0; l < LANGUAGE_COUNT; l++) {
            struct request *rq = fixture_request(f, (enum language)l);
            const char *sentence = problem_text(problem, rq->language);

            page_problem(rq, problem);
            assert_int_equal(rq->response.status, problem->status);
            assert_sound(rq);
            assert_non_null(
                strstr(body_of(rq), arena_printf(rq->arena, "id=\"error-%s\"", problem->symbol)));
            assert_non_null(strstr(body_of(rq), f->ctx.request_id));
            assert_true(strpbrk(sentence, "'&") != NULL || strstr(body_of(rq), sentence) != NULL);
        }
    }
}

static void
a_field_problem_stands_beside_its_field_and_in_the_summary(void **state)
{
    struct page_fixture *f = *state;
    struct request *rq = fixture_request(f, LANGUAGE_ZH_CN);
    struct page *page = page_new(rq, "identity", WORD_register_identity_title);
    const char *html;

    page_text(page, "name", "张三");
    page_field_problem(page, "bank_card", &problem_bank_card_invalid);
    page_answer(rq, 400, page);

    html = body_of(rq);
    assert_int_equal(rq->response.status, 400);
    assert_non_null(strstr(html, "<li id=\"error-bank_card_invalid\"><a href=\"#bank_card\">"));
    assert_non_null(strstr(html, "aria-describedby=\"bank_card-hint bank_card-problem\""));
    assert_int_equal(count(html, "aria-invalid=\"true\""), 1);
    assert_int_equal(count(html, problem_text(&problem_bank_card_invalid, LANGUAGE_ZH_CN)), 2);
    assert_int_equal(count(html, "role=\"alert\""), 1);
    assert_non_null(strstr(html, "value=\"张三\""));
    assert_non_null(strstr(html, "<title>请检查："));
}

static void
every_field_of_every_form_shows_its_problem(void **state)
{
    static const struct {
        const char *template;
        const char *field;
    } cases[] = {
        { "login_password", "phone" },
        { "login_password", "password" },
        { "phone", "phone" },
        { "code", "code" },
        { "register_notice", "agree_registration" },
        { "register_notice", "agree_bank" },
        { "identity", "name" },
        { "identity", "identity_number" },
        { "identity", "bank_card" },
        { "identity", "bank_phone" },
        { "register_password", "password" },
        { "register_password", "password_again" },
    };
    struct page_fixture *f = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct request *rq = fixture_request(f, LANGUAGE_EN);
        struct page *page = page_new(rq, cases[i].template, WORD_login_title);
        const char *id = arena_printf(rq->arena, " id=\"%s\"", cases[i].field);
        const char *problem = arena_printf(rq->arena, " id=\"%s-problem\"", cases[i].field);

        page_field_problem(page, cases[i].field, &problem_phone_invalid);
        page_answer(rq, 400, page);
        assert_int_equal(count(body_of(rq), id), 1);
        assert_int_equal(count(body_of(rq), problem), 1);
    }
}

static void
the_code_of_the_banks_number_is_asked_for_only_when_needed(void **state)
{
    struct page_fixture *f = *state;

    for (int asked = 0; asked < 2; asked++) {
        struct request *rq = fixture_request(f, LANGUAGE_EN);
        struct page *page = page_new(rq, "identity", WORD_register_identity_title);

        page_flag(page, "ask_bank_code", asked);
        page_field_problem(page, "bank_code", asked ? &problem_sms_code_wrong : NULL);
        page_answer(rq, 400, page);
        assert_int_equal(count(body_of(rq), " id=\"bank_code\""), asked);
        assert_int_equal(count(body_of(rq), " id=\"bank_code-problem\""), asked);
    }
}

static void
a_phone_that_has_an_account_leads_to_the_login_instead_of_the_form(void **state)
{
    struct page_fixture *f = *state;
    struct request *rq = fixture_request(f, LANGUAGE_EN);
    struct page *page = page_new(rq, "code", WORD_register_code_title);

    page_text(page, "login_url", "/login?tx=abc");
    page_text(page, "resend_action", "/register");
    page_answer(rq, 409, page);
    assert_non_null(strstr(body_of(rq), "href=\"/login?tx=abc\""));
    assert_int_equal(count(body_of(rq), "<form"), 0);
}

static struct params
query_of(struct request *rq, const char *text)
{
    struct params query;

    assert_int_equal(params_parse(rq->arena, text, strlen(text), &query), OK);
    return query;
}

static void
a_language_chosen_in_the_address_is_kept(void **state)
{
    struct page_fixture *f = *state;
    struct request *rq = fixture_request(f, LANGUAGE_EN);

    page_answer(rq, 200, page_new(rq, "home", WORD_home_title));
    assert_string_equal(header_of(rq, "Set-Cookie"), "");
    rq = fixture_request(f, LANGUAGE_EN);
    rq->query = query_of(rq, "ui_locales=en");
    page_answer(rq, 200, page_new(rq, "home", WORD_home_title));
    assert_true(text_starts(header_of(rq, "Set-Cookie"), "__Host-lang=en; Path=/; HttpOnly"));
    rq->query = (struct params) { 0 };
}

static bool
is_in_large_type(const struct request *rq)
{
    return strstr(body_of(rq), " class=\"large\">\n<head>") != NULL;
}

static void
large_type_is_chosen_on_any_page_and_kept_for_all(void **state)
{
    struct page_fixture *f = *state;
    struct request *rq = fixture_request(f, LANGUAGE_EN);
    struct page *page = page_new(rq, "login_password", WORD_login_title);

    page_languages(page, "/login", "abc");
    page_answer(rq, 200, page);
    assert_false(is_in_large_type(rq));
    assert_non_null(strstr(
        body_of(rq), "id=\"switch-type\" href=\"/login?type_size=large&amp;tx=abc\">Large type<"));
    rq = fixture_request(f, LANGUAGE_EN);
    rq->query = query_of(rq, "type_size=large");
    page_answer(rq, 200, page_new(rq, "home", WORD_home_title));
    assert_true(is_in_large_type(rq));
    assert_true(text_starts(header_of(rq, "Set-Cookie"), "__Host-type_size=large; Path=/;"));
}

static void
large_type_stays_until_the_usual_one_is_chosen(void **state)
{
    struct page_fixture *f = *state;
    struct request *rq = fixture_request(f, LANGUAGE_EN);
    struct page *page = page_new(rq, "home", WORD_home_title);

    rq->headers.cookie = "__Host-type_size=large";
    rq->query = (struct params) { 0 };
    page_languages(page, "/", NULL);
    page_answer(rq, 200, page);
    assert_true(is_in_large_type(rq));
    assert_non_null(strstr(body_of(rq), "href=\"/?type_size=usual\">Usual type<"));
    rq = fixture_request(f, LANGUAGE_EN);
    rq->query = query_of(rq, "type_size=usual");
    page_answer(rq, 200, page_new(rq, "home", WORD_home_title));
    assert_false(is_in_large_type(rq));
    assert_true(text_starts(header_of(rq, "Set-Cookie"), "__Host-type_size=usual; Path=/;"));
    rq->query = (struct params) { 0 };
    rq->headers.cookie = NULL;
}

static void
what_is_no_type_of_ours_is_the_usual_one(void **state)
{
    struct page_fixture *f = *state;
    struct request *rq = fixture_request(f, LANGUAGE_EN);

    rq->query = query_of(rq, "type_size=%22%3E");
    page_answer(rq, 200, page_new(rq, "home", WORD_home_title));
    assert_false(is_in_large_type(rq));
    assert_true(text_starts(header_of(rq, "Set-Cookie"), "__Host-type_size=usual; Path=/;"));
    rq->query = (struct params) { 0 };
}

static void
an_error_page_changes_language_where_that_repeats_nothing_and_loses_nothing(void **state)
{
    static const struct {
        const char *method;
        const char *path;
        const char *query;
        const char *link; /* NULL: none */
    } cases[] = {
        { "GET", "/nowhere", "", "href=\"/nowhere?ui_locales=zh-CN\"" },
        { "GET", "/login", "tx=a+b&ui_locales=en",
          "href=\"/login?ui_locales=zh-CN&amp;tx=a%20b\"" },
        { "GET", "/oauth2/authorize", "client_id=x&state=a%26b",
          "href=\"/oauth2/authorize?ui_locales=zh-CN&amp;client_id=x&amp;state=a%26b\"" },
        { "POST", "/login", "", NULL },
    };
    struct page_fixture *f = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct request *rq = fixture_request(f, LANGUAGE_EN);

        rq->method = cases[i].method;
        rq->path = cases[i].path;
        rq->query = query_of(rq, cases[i].query);
        page_problem(rq, &problem_transaction_lost);
        if (cases[i].link != NULL)
            assert_non_null(strstr(body_of(rq), cases[i].link));
        else
            assert_null(strstr(body_of(rq), "switch-language"));
        rq->query = (struct params) { 0 };
    }
}

static void
a_problem_of_the_whole_page_has_no_link(void **state)
{
    struct page_fixture *f = *state;
    struct request *rq = fixture_request(f, LANGUAGE_EN);
    struct page *page = page_new(rq, "identity", WORD_register_identity_title);

    page_field_problem(page, NULL, NULL);
    page_field_problem(page, NULL, &problem_bank_unknown);
    page_answer(rq, 503, page);

    assert_non_null(strstr(body_of(rq), "<li id=\"error-bank_unknown\">The bank has not"));
    assert_non_null(strstr(body_of(rq), "class=\"box later\""));
    assert_int_equal(count(body_of(rq), "aria-invalid"), 0);
    assert_int_equal(count(body_of(rq), "<li id=\"error-"), 1);
}

static void
consent_boxes_stay_ticked_and_are_never_ticked_for_the_person(void **state)
{
    struct page_fixture *f = *state;
    struct request *rq = fixture_request(f, LANGUAGE_EN);
    struct page *page = page_new(rq, "register_notice", WORD_register_notice_title);

    page_flag(page, "agree_registration", false);
    page_answer(rq, 200, page);
    assert_int_equal(count(body_of(rq), "\"yes\" checked"), 0);

    page_flag(page, "agree_bank", true);
    page_answer(rq, 200, page);
    assert_int_equal(count(body_of(rq), "\"yes\" checked"), 1);
    assert_non_null(strstr(body_of(rq), "id=\"agree_bank\" name=\"agree_bank\" type=\"checkbox\" "
                                        "value=\"yes\" checked"));
}

static void
no_page_ever_shows_a_password_again(void **state)
{
    static const char *const names[] = { "login_password", "register_password" };
    struct page_fixture *f = *state;

    for (size_t i = 0; i < 2; i++) {
        struct request *rq = fixture_request(f, LANGUAGE_EN);
        struct page *page = page_new(rq, names[i], WORD_login_title);

        page_text(page, "password", "correct horse");
        page_text(page, "password_again", "correct horse");
        page_answer(rq, 400, page);
        assert_null(strstr(body_of(rq), "correct horse"));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_templates_of_the_house_are_sound),
        cmocka_unit_test(every_page_renders_with_all_values_in_every_language),
        cmocka_unit_test(every_page_renders_with_no_value_in_every_language),
        cmocka_unit_test(no_value_of_any_page_gets_through_unescaped),
        cmocka_unit_test(no_link_or_form_of_any_page_takes_a_script_address),
        cmocka_unit_test(no_page_loads_anything_from_elsewhere),
        cmocka_unit_test(every_form_carries_transaction_and_csrf),
        cmocka_unit_test(no_id_stands_twice_on_a_page),
        cmocka_unit_test(page_and_style_sheet_together_are_under_40_kb),
        cmocka_unit_test(every_problem_has_an_error_page_in_every_language),
        cmocka_unit_test(a_field_problem_stands_beside_its_field_and_in_the_summary),
        cmocka_unit_test(every_field_of_every_form_shows_its_problem),
        cmocka_unit_test(the_code_of_the_banks_number_is_asked_for_only_when_needed),
        cmocka_unit_test(a_phone_that_has_an_account_leads_to_the_login_instead_of_the_form),
        cmocka_unit_test(a_language_chosen_in_the_address_is_kept),
        cmocka_unit_test(large_type_is_chosen_on_any_page_and_kept_for_all),
        cmocka_unit_test(large_type_stays_until_the_usual_one_is_chosen),
        cmocka_unit_test(what_is_no_type_of_ours_is_the_usual_one),
        cmocka_unit_test(
            an_error_page_changes_language_where_that_repeats_nothing_and_loses_nothing),
        cmocka_unit_test(a_problem_of_the_whole_page_has_no_link),
        cmocka_unit_test(consent_boxes_stay_ticked_and_are_never_ticked_for_the_person),
        cmocka_unit_test(no_page_ever_shows_a_password_again),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_end);
}
