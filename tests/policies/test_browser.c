/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "policies/browser.h"

static void
a_browser_is_called_what_its_owner_calls_it(void **state)
{
    static const struct {
        const char *user_agent;
        const char *name;
        const char *system;
    } rows[] = {
        { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
          "Chrome/126.0.0.0 Safari/537.36",
          "Chrome", "Windows" },
        { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
          "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
          "Edge", "Windows" },
        { "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like "
          "Gecko) Version/17.5 Safari/605.1.15",
          "Safari", "macOS" },
        { "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox",
          "Linux" },
        { "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
          "like Gecko) Mobile/15E148 MicroMessenger/8.0.49 NetType/WIFI Language/zh_CN",
          "WeChat", "iOS" },
        { "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) "
          "Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile HuaweiBrowser/5.0.3.300",
          "Huawei", "HarmonyOS" },
        { "curl/7.88.1", "", "" },
        { "<script>alert(1)</script> Windows", "", "Windows" },
        { "", "", "" },
        { NULL, "", "" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct browser_kind browser = browser_named(rows[i].user_agent);

        assert_string_equal(browser.name, rows[i].name);
        assert_string_equal(browser.system, rows[i].system);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_browser_is_called_what_its_owner_calls_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
