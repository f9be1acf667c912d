/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>

#include "idp/server/engine/client_address.h"

static void
only_a_trusted_proxy_says_who_the_client_is(void **state)
{
    static const struct {
        const char *peer;
        const char *trusted;
        const char *forwarded;
        const char *client;
    } cases[] = {
        { "192.0.2.9", "", "198.51.100.1", "192.0.2.9" },
        { "192.0.2.9", "10.0.0.1", "198.51.100.1", "192.0.2.9" },
        { "10.0.0.1", "10.0.0.1", NULL, "10.0.0.1" },
        { "10.0.0.1", "10.0.0.1", "", "10.0.0.1" },
        { "10.0.0.1", "10.0.0.1", "198.51.100.1", "198.51.100.1" },
        { "10.0.0.1", "10.0.0.1", "203.0.113.5, 198.51.100.1", "198.51.100.1" },
        { "10.0.0.1", "10.0.0.1 10.0.0.2", "6.6.6.6, 198.51.100.1 , 10.0.0.2", "198.51.100.1" },
        { "10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.1" },
        { "10.0.0.1", "10.0.0.1", "2001:db8::1", "2001:db8::1" },
        { "10.0.0.1", "10.0.0.1", "198.51.100.1, unknown", "10.0.0.1" },
        { "10.0.0.1", "10.0.0.1", "198.51.100.1,", "10.0.0.1" },
        { "10.0.0.1", "10.0.0.1", "1.2.3.4:80", "1.2.3.4" },
        { "10.0.0.1", "10.0.0.1", "[2001:DB8::1]:443", "2001:db8::1" },
        { "10.0.0.1", "10.0.0.1", "[2001:db8::1]", "2001:db8::1" },
        { "10.0.0.1", "10.0.0.1", "1.2.3.4:http", "10.0.0.1" },
        { "::ffff:10.0.0.1", "10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1" },
        { "10.0.0.1", "::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1" },
        { "::ffff:192.0.2.9", "", NULL, "192.0.2.9" },
        { "2001:db8::a", "2001:DB8:0::A", "198.51.100.1, 2001:0db8::000a", "198.51.100.1" },
        { "rubbish", "10.0.0.1", "198.51.100.1", "rubbish" },
        { "10.9.8.7", "10.0.0.0/8", "198.51.100.1", "198.51.100.1" },
        { "11.0.0.1", "10.0.0.0/8", "198.51.100.1", "11.0.0.1" },
        { "::ffff:10.9.8.7", "10.0.0.0/8", "203.0.113.5, 198.51.100.1, 10.3.3.3:443",
          "198.51.100.1" },
        { "2001:db8::5", "2001:db8::/32 10.0.0.0/8",
          "[2001:db9::1]:55, 10.0.0.3 , [2001:db8:ffff::1]:80", "2001:db9::1" },
        { "10.0.0.1", "10.0.0.1", "198.51.100.1\t", "198.51.100.1" },
        { "10.0.0.1", "10.0.0.1", " fe80::1%eth0 ", "fe80::1" },
        { "10.0.0.1", "10.0.0.1", ",198.51.100.1", "198.51.100.1" },
    };
    struct arena *arena = arena_new(65536);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct networks trusted;
        size_t size;

        assert_null(networks_read(cases[i].trusted, &size, &trusted));
        assert_string_equal(client_address(arena, cases[i].peer, &trusted, cases[i].forwarded),
                            cases[i].client);
    }
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_trusted_proxy_says_who_the_client_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
