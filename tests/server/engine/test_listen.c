/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <unistd.h>

#include "idp/server/engine/listen.h"

static void
only_numbers_are_an_address(void **state)
{
    static const char *const bad[] = { "",
                                       "localhost:80",
                                       "127.0.0.1",
                                       "127.0.0.1:",
                                       ":80",
                                       "127.0.0.1:-1",
                                       "127.0.0.1:65536",
                                       "::1:80x",
                                       "a:80",
                                       "127.0.0.1:http",
                                       "[::1]" };
    uint16_t port;
    int fd;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(listen_open(bad[i], &fd, &port), ERR_INVALID);
        assert_false(listen_is_loopback(bad[i]));
    }
}

static void
port_0_picks_a_free_one(void **state)
{
    uint16_t port = 0;
    int fd = -1;

    (void)state;
    assert_int_equal(listen_open("127.0.0.1:0", &fd, &port), OK);
    assert_int_not_equal(port, 0);
    close(fd);
}

static void
loopback_is_known_in_both_families(void **state)
{
    (void)state;
    assert_true(listen_is_loopback("127.0.0.1:80"));
    assert_true(listen_is_loopback("127.9.9.9:80"));
    assert_true(listen_is_loopback("[::1]:80"));
    assert_false(listen_is_loopback("0.0.0.0:80"));
    assert_false(listen_is_loopback("[::]:80"));
    assert_false(listen_is_loopback("192.0.2.1:80"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_numbers_are_an_address),
        cmocka_unit_test(port_0_picks_a_free_one),
        cmocka_unit_test(loopback_is_known_in_both_families),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
