/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/base/text.h"
#include "protocols/pages/escape.h"

static void
what_html_reads_as_its_own_is_escaped(void **state)
{
    struct arena *arena = arena_new(1 << 16);
    struct buf out = buf_new(arena, 16);

    (void)state;
    html_escape(&out, "");
    assert_string_equal(out.at, "");
    html_escape(&out, "&<>\"'通行 &amp;");
    assert_string_equal(out.at, "&amp;&lt;&gt;&quot;&#39;通行 &amp;amp;");
    arena_free(arena);
}

static void
only_harmless_addresses_stand_in_links(void **state)
{
    static const struct {
        const char *url;
        bool safe;
    } cases[] = {
        { "/login?a=b&c=d", true },
        { "/", true },
        { "#main", true },
        { "https://hall.example/", true },
        { "http://localhost", true },
        { "http://localhost:9091/cb", true },
        { "http://127.0.0.1:9091", true },
        { "http://127.0.0.1?x", true },
        { "", false },
        { "login", false },
        { "//evil.example", false },
        { "/\\evil.example", false },
        { "/\t/evil.example", false },
        { "\njavascript:alert(1)", false },
        { "javascript:alert(1)", false },
        { "JavaScript:alert(1)", false },
        { "java\tscript:alert(1)", false },
        { "data:text/html,x", false },
        { "vbscript:x", false },
        { "http://hall.example", false },
        { "http://localhost.evil.example", false },
        { "http://localhost:9091@evil.example", false },
        { "http://localhost:x@evil.example", false },
        { "http://127.0.0.10", false },
        { "http://127.0.0.1.evil.example", false },
        { "https://hall.example/\x7f", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        if (url_is_safe(cases[i].url) != cases[i].safe)
            fail_msg("%s", cases[i].url);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_html_reads_as_its_own_is_escaped),
        cmocka_unit_test(only_harmless_addresses_stand_in_links),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
