/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "policies/redirect.h"

#define CALLBACK "https://app.example/cb"

static void
assert_none_matches(const char *registered, const char *const *asked, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_false(redirect_uri_matches(registered, asked[i], false));
        assert_false(redirect_uri_matches(registered, asked[i], true));
    }
}

static void
assert_none_registrable(const char *const *uris, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_false(redirect_uri_registrable(uris[i], false));
        assert_false(redirect_uri_registrable(uris[i], true));
    }
}

static void
plain_addresses_are_registrable_and_match_themselves(void **state)
{
    static const char *const good[] = {
        CALLBACK,
        "https://app.example",
        "https://app.example/",
        "https://app.example:8443/cb?tenant=a%2Fb",
        "https://10.1.2.3/cb",
        "https://xn--fiq228c.example/cb",
        "https://app.example/a.b/..c/~x",
        "https://app.example/%E5%9B%9E",
        "http://127.0.0.1/cb",
        "http://127.0.0.1:8080/cb",
        "http://[::1]:9/cb",
        "http://localhost:3000/cb",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(redirect_uri_registrable(good[i], false));
        assert_true(redirect_uri_registrable(good[i], true));
        assert_true(redirect_uri_matches(good[i], good[i], false));
    }
}

static void
native_apps_may_have_a_scheme_of_their_own(void **state)
{
    static const char *const good[] = {
        "com.example.app:/cb",
        "cn.gov.hrss.hall:/",
    };
    static const char *const bad[] = {
        "app:/cb",
        "com.example.app:cb",
        "com.example.app://host/cb",
        "com.example.app:",
        "com.example.app",
        "Com.Example.App:/cb",
        "com..app:/cb",
        "9.example:/cb",
        ".com.example:/cb",
        "com.example.app:/a/../b",
        "com.example_app:/cb",
        ":/cb",
        "",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(redirect_uri_registrable(good[i], true));
        assert_false(redirect_uri_registrable(good[i], false));
        assert_true(redirect_uri_matches(good[i], good[i], true));
    }
    assert_none_registrable(bad, COUNT_OF(bad));
    assert_false(redirect_uri_matches("com.example.app:/cb", "com.example.app:/cb/", true));
}

static void
plain_http_is_for_this_machine_only(void **state)
{
    static const char *const bad[] = {
        "http://app.example/cb",
        "http://127.0.0.2/cb",
        "http://127.0.0.1.evil.test/cb",
        "http://localhost.evil.test/cb",
        "http://[::2]/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:000080/cb",
        "http://127.0.0.1:100080/cb",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:08/cb",
        "http://127.0.0.1:80a/cb",
        "http://localhost:80@evil.test/",
        "http://",
    };

    (void)state;
    assert_none_registrable(bad, COUNT_OF(bad));
}

static void
malformed_addresses_are_not_registrable(void **state)
{
    static const char *const bad[] = {
        "",
        "/cb",
        "app.example/cb",
        "//app.example/cb",
        "https:/app.example/cb",
        "https://",
        "https:///cb",
        "https://.app.example/cb",
        "https://app..example/cb",
        "https://app.example./cb",
        "https://-app.example/cb",
        "https://app-.example/cb",
        "https://app_x.example/cb",
        "https://app.example:99999/cb",
        "https://app.example:443:443/cb",
        "https://*.app.example/cb",
        "https://app.example/*",
        "https://[::1]/cb",
        "https://app.example/c b",
        "https://app.example/<cb>",
        "https://app.example/\"cb",
        "https://app.example/回",
        "https://app.example/%",
        "https://app.example/%4",
        "https://app.example/%zz",
        "https://app.example/./cb",
        "https://app.example/cb/..",
        "https://app.example/..?x",
        "https://app.example/%2e%2E/cb",
    };
    char long_uri[2100];

    (void)state;
    assert_none_registrable(bad, COUNT_OF(bad));
    memset(long_uri, 'a', sizeof(long_uri));
    memcpy(long_uri, "https://app.example/", 20);
    long_uri[2049] = '\0';
    assert_false(redirect_uri_registrable(long_uri, false));
    long_uri[2048] = '\0';
    assert_true(redirect_uri_registrable(long_uri, false));
}

static void
az_01_to_az_08_nothing_but_the_same_bytes_match(void **state)
{
    static const char *const asked[] = {
        "https://app.example/cb/", /* AZ-01 */
        "https://app.example/c",
        "https://app.example/cb.evil.test",
        "",
        NULL,
        "https://app.example.evil.test/cb", /* AZ-02 */
        "https://app.example@evil.test/cb", /* AZ-03 */
        "http://localhost:80@evil.test/",
        "https://app.example@app.example@evil.test/cb", /* AZ-04 */
        "https://app.example/cb/../x",                  /* AZ-05 */
        "https://app.example/cb/..%2f..%2fx",
        "https://app.example/cb/..;/x",
        "https://app.example/cb%252f..%252fx", /* AZ-06 */
        "https://app.example/CB",              /* AZ-07 */
        "HTTPS://app.example/cb",
        "https://App.example/cb",
    };
    static const char *const dotted[] = { "https://aXb.example/cb" }; /* AZ-08 */

    (void)state;
    assert_none_matches(CALLBACK, asked, COUNT_OF(asked));
    assert_none_matches("https://a.b.example/cb", dotted, COUNT_OF(dotted));
    assert_false(redirect_uri_matches(NULL, CALLBACK, true));
}

static void
az_03_to_az_07_tricks_are_not_registrable_either(void **state)
{
    static const char *const bad[] = {
        "https://app.example@evil.test/cb",
        "http://localhost:80@evil.test/",
        "https://a@b@evil.test/cb",
        "https://app.example/cb/../x",
        "https://app.example/cb/..%2f..%2fx",
        "https://app.example/cb/..;/x",
        "https://app.example/cb%252f..%252fx",
        "HTTPS://app.example/cb",
        "https://App.example/cb",
        "https://user:pass@app.example/cb",
    };

    (void)state;
    assert_none_registrable(bad, COUNT_OF(bad));
}

static void
az_09_a_fragment_is_refused(void **state)
{
    static const char *const bad[] = { CALLBACK "#", CALLBACK "#x", "https://app.example#/cb",
                                       "http://127.0.0.1/cb#x", "com.example.app:/cb#x" };

    (void)state;
    assert_none_registrable(bad, COUNT_OF(bad));
    assert_none_matches(CALLBACK, bad, COUNT_OF(bad));
}

static void
az_10_schemes_that_run_or_read_are_refused(void **state)
{
    static const char *const bad[] = {
        "JaVaScRiPt:alert(1)", "javascript:/alert(1)", "javascript://app.example/%0aalert(1)",
        "data:text/html,x",    "vbscript:x",           "file:///etc/passwd",
        "file:/etc/passwd",    "about:blank",          "blob:https://app.example/x",
        "ftp://app.example/",  "ws://app.example/",    "view-source:https://app.example/",
    };

    (void)state;
    assert_none_registrable(bad, COUNT_OF(bad));
}

static void
az_11_a_native_loopback_address_may_change_its_port_only(void **state)
{
    static const char *const bad[] = {
        "http://localhost/cb",
        "http://localhost:5000/cb",
        "http://127.0.0.1/other",
        "http://127.0.0.1.evil.test/cb",
        "http://127.0.0.1:80/cb/",
        "http://[::1]/cb",
        "https://127.0.0.1:5000/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:70000/cb",
        "http://127.0.0.1:5000/cb?x=1",
        "http://127.0.0.1:80@evil.test/cb",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:80.evil.test/cb",
        "http://127.0.0.1:-1/cb",
        "http://127.0.0.1:+80/cb",
    };

    (void)state;
    assert_true(redirect_uri_matches("http://127.0.0.1/cb", "http://127.0.0.1:5000/cb", true));
    assert_true(redirect_uri_matches("http://127.0.0.1:1/cb", "http://127.0.0.1/cb", true));
    assert_true(redirect_uri_matches("http://[::1]/cb", "http://[::1]:65535/cb", true));
    assert_false(redirect_uri_matches("http://127.0.0.1/cb", "http://127.0.0.1:5000/cb", false));
    assert_none_matches("http://127.0.0.1/cb", bad, COUNT_OF(bad));
    assert_false(redirect_uri_matches("http://localhost/cb", "http://localhost:5000/cb", true));
    assert_false(redirect_uri_matches(CALLBACK, "https://app.example:444/cb", true));
}

static void
az_14_a_query_that_was_added_does_not_match(void **state)
{
    static const char *const asked[] = { CALLBACK "?code=x", CALLBACK "?state=x", CALLBACK "?" };

    (void)state;
    assert_none_matches(CALLBACK, asked, COUNT_OF(asked));
    assert_false(redirect_uri_matches(CALLBACK "?a=1", CALLBACK, true));
}

static void
az_15_backslashes_and_controls_are_refused(void **state)
{
    static const char *const bad[] = {
        "https://app.example\\@evil.test",
        "https://app.example/\\evil.test",
        "/%09//evil.test",
        "https://app.example/%09//evil.test",
        "https://app.example/%00",
        "https://app.example/cb?x=%0d%0aSet-Cookie:x",
        "https://app.example/%7f",
        "https://app.example/%5cevil.test",
        "https://app.example/\tcb",
        "https://app.example/cb\n",
    };

    (void)state;
    assert_none_registrable(bad, COUNT_OF(bad));
    assert_none_matches(CALLBACK, bad, COUNT_OF(bad));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_addresses_are_registrable_and_match_themselves),
        cmocka_unit_test(native_apps_may_have_a_scheme_of_their_own),
        cmocka_unit_test(plain_http_is_for_this_machine_only),
        cmocka_unit_test(malformed_addresses_are_not_registrable),
        cmocka_unit_test(az_01_to_az_08_nothing_but_the_same_bytes_match),
        cmocka_unit_test(az_03_to_az_07_tricks_are_not_registrable_either),
        cmocka_unit_test(az_09_a_fragment_is_refused),
        cmocka_unit_test(az_10_schemes_that_run_or_read_are_refused),
        cmocka_unit_test(az_11_a_native_loopback_address_may_change_its_port_only),
        cmocka_unit_test(az_14_a_query_that_was_added_does_not_match),
        cmocka_unit_test(az_15_backslashes_and_controls_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
