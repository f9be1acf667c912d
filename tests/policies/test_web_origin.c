/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "policies/web_origin.h"

static void
an_origin_is_registered_as_a_browser_writes_it(void **state)
{
    static const char *const good[] = {
        "https://app.example",    "https://app.example:8443",
        "https://10.1.2.3",       "https://xn--fiq228c.example",
        "https://app.example:80", "http://localhost:3000",
        "http://127.0.0.1:8080",  "http://[::1]:8080",
        "http://localhost",       "http://[::1]",
        "http://localhost:443",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(web_origin_registrable(good[i]));
}

static void
anything_else_is_none(void **state)
{
    static const char *const bad[] = {
        "",
        "*",
        "null",
        "app.example",
        "https://",
        "https://*.example",
        "https://*",
        "https://app.example/",
        "https://app.example/cb",
        "https://app.example?a=1",
        "https://app.example#a",
        "https://app.example:443",
        "https://app.example:",
        "https://app.example:0443",
        "https://app.example:65536",
        "https://App.example",
        "HTTPS://app.example",
        "https://app.example.",
        "https://user@app.example",
        "https://app.example https://evil.example",
        "https://app.example,https://evil.example",
        "http://app.example",
        "http://localhost:80",
        "http://[::1]:80",
        "http://[::1]/",
        "http://[::1",
        "http://localhost.evil.example",
        "com.example.app:/",
        "capacitor://localhost",
        "file://",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(web_origin_registrable(bad[i]));
}

static void
the_origin_of_an_address_leaves_path_and_usual_port_out(void **state)
{
    static const struct {
        const char *uri;
        const char *origin;
    } cases[] = {
        { "https://app.example/cb", "https://app.example" },
        { "https://app.example?a=b:c", "https://app.example" },
        { "https://app.example", "https://app.example" },
        { "https://app.example:443/cb", "https://app.example" },
        { "https://app.example:4433/cb", "https://app.example:4433" },
        { "https://app.example:44/cb", "https://app.example:44" },
        { "https://app.example:8443?x", "https://app.example:8443" },
        { "http://localhost:80/cb", "http://localhost" },
        { "http://localhost:443/cb", "http://localhost:443" },
        { "http://127.0.0.1:3000/a/b", "http://127.0.0.1:3000" },
        { "http://[::1]:3000/cb", "http://[::1]:3000" },
        { "http://[::1]:80", "http://[::1]" },
        { "http://[::1]/cb", "http://[::1]" },
        { "com.example.app:/cb", "" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(arena_copy(*state, cases[i].uri, web_origin_size(cases[i].uri)),
                            cases[i].origin);
}

static void
the_host_is_shown_as_registered_and_without_its_port(void **state)
{
    static const struct {
        const char *uri;
        const char *host;
    } cases[] = {
        { "https://app.example/cb", "app.example" },
        { "https://app.example:8443?x", "app.example" },
        { "https://xn--fiqs8s.example/cb", "xn--fiqs8s.example" },
        { "http://localhost:9091/cb", "localhost" },
        { "http://[::1]:3000/cb", "[::1]" },
        { "com.example.app:/cb", "" },
        { "", "" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(web_origin_host(*state, cases[i].uri), cases[i].host);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_origin_is_registered_as_a_browser_writes_it),
        cmocka_unit_test(anything_else_is_none),
        WITH_ARENA(the_origin_of_an_address_leaves_path_and_usual_port_out),
        WITH_ARENA(the_host_is_shown_as_registered_and_without_its_port),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
