/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/language.h"
#include "tests/protocols/http/kit.h"

static void
chinese_is_spoken_unless_somebody_asks_for_another(void **state)
{
    struct http_kit *kit = *state;

    assert_int_equal(language_choose(&kit->rq), LANGUAGE_ZH_CN);
    kit->rq.headers.accept_language = "fr, de;q=0.5, *";
    assert_int_equal(language_choose(&kit->rq), LANGUAGE_ZH_CN);
}

static void
the_browsers_weights_decide(void **state)
{
    static const struct {
        const char *header;
        enum language language;
    } cases[] = {
        { "en", LANGUAGE_EN },
        { "en-US,en;q=0.9,zh;q=0.8", LANGUAGE_EN },
        { "en;q=0.5, zh-TW;q=0.9", LANGUAGE_ZH_CN },
        { "zh;q=0.1,EN-gb;q=0.2", LANGUAGE_EN },
        { "en;q=0", LANGUAGE_ZH_CN },
        { "eng, enx;q=1", LANGUAGE_ZH_CN },
        { "en;q=1.000", LANGUAGE_EN },
        { ",,;q=,en", LANGUAGE_EN },
    };
    struct http_kit *kit = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        kit->rq.headers.accept_language = cases[i].header;
        assert_int_equal(language_choose(&kit->rq), cases[i].language);
    }
}

static void
the_cookie_goes_before_the_browser_and_the_request_before_both(void **state)
{
    struct http_kit *kit = *state;

    kit->rq.headers.accept_language = "zh-CN";
    kit->rq.headers.cookie = "__Host-lang=en";
    assert_int_equal(language_choose(&kit->rq), LANGUAGE_EN);
    kit->rq.query = kit_params(kit, "ui_locales=fr+zh-Hans+en");
    assert_int_equal(language_choose(&kit->rq), LANGUAGE_ZH_CN);
    kit->rq.query = kit_params(kit, "ui_locales=fr");
    assert_int_equal(language_choose(&kit->rq), LANGUAGE_EN);
}

static void
a_redirect_carries_the_language_that_its_request_chose(void **state)
{
    struct http_kit *kit = *state;

    kit->rq.headers.cookie = "__Host-lang=en";
    kit->rq.language = language_choose(&kit->rq);
    assert_string_equal(language_carried(&kit->rq), "");
    kit->rq.query = kit_params(kit, "ui_locales=fr+%22%3E");
    assert_string_equal(language_carried(&kit->rq), "&ui_locales=en");
}

static void
only_the_first_ranges_are_looked_at(void **state)
{
    struct http_kit *kit = *state;
    char header[128] = "";

    for (int i = 0; i < 16; i++)
        memcpy(&header[3 * i], "fr,", 4);
    memcpy(&header[48], "en", 3);
    kit->rq.headers.accept_language = header;
    assert_int_equal(language_choose(&kit->rq), LANGUAGE_ZH_CN);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_kit(chinese_is_spoken_unless_somebody_asks_for_another),
        in_kit(the_browsers_weights_decide),
        in_kit(the_cookie_goes_before_the_browser_and_the_request_before_both),
        in_kit(a_redirect_carries_the_language_that_its_request_chose),
        in_kit(only_the_first_ranges_are_looked_at),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
