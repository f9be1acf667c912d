/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idp/server/engine/listen.h"

static const char *const bad[] = {
    "localhost:80",    "127.0.0.1",       "127.0.0.1:", ":80",   "127.0.0.1:-1",
    "127.0.0.1:65536", "::1:80x",         "::1:80",     "a:80",  "127.0.0.1:http",
    "[::1]",           "[127.0.0.1]:80",  "[::1:80",    "[]:80", "127.0.0.1:80,",
    "[::1]]:80",       "127.0.0.1:80:80", "*:80"
};

static void
only_numbers_are_an_address(void **state)
{
    struct arena *arena = *state;
    struct listening listening;

    assert_int_equal(listen_open("", &listening), ERR_INVALID);
    assert_false(listen_is_loopback(""));
    assert_string_equal(listen_problem(arena, " "), "must name an address.");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *list = arena_printf(arena, "127.0.0.1:0 %s", bad[i]);
        const char *problem = listen_problem(arena, list);

        assert_int_equal(listen_open(list, &listening), ERR_INVALID);
        assert_false(listen_is_loopback(list));
        if (problem == NULL ||
            strstr(problem, arena_printf(arena, "\"%s\" is no address", bad[i])) != problem)
            fail_msg("%s: %s", list, problem != NULL ? problem : "right");
    }
}

static void
addresses_that_stand_twice_or_have_no_room_are_told(void **state)
{
    struct arena *arena = *state;
    const char *eight = "127.0.0.1:1 127.0.0.1:2 127.0.0.1:3 127.0.0.1:4 127.0.0.1:5 127.0.0.1:6 "
                        "127.0.0.1:7 [::1]:8";

    assert_null(listen_problem(arena, eight));
    assert_string_equal(listen_problem(arena, arena_printf(arena, "%s 127.0.0.1:9", eight)),
                        "has room for 8 addresses.");
    assert_string_equal(listen_problem(arena, "[::1]:80 127.0.0.1:80 [0::1]:80"),
                        "names an address twice.");
    assert_null(listen_problem(arena, "127.0.0.1:0 127.0.0.1:0"));
    assert_null(listen_problem(arena, "0.0.0.0:9443 [::]:9443"));
}

static int
family_of(int fd)
{
    struct sockaddr_storage own = { 0 };
    socklen_t size = sizeof(own);

    assert_int_equal(getsockname(fd, (struct sockaddr *)&own, &size), 0);
    return own.ss_family;
}

static void
every_address_has_its_socket_and_port_0_picks_a_free_one(void **state)
{
    struct listening listening;

    (void)state;
    assert_int_equal(listen_open("127.0.0.1:0  [::1]:0 ", &listening), OK);
    assert_int_equal(listening.count, 2);
    assert_int_not_equal(listening.port, 0);
    assert_int_equal(family_of(listening.fds[0]), AF_INET);
    assert_int_equal(family_of(listening.fds[1]), AF_INET6);
    listen_close(&listening);
    assert_int_equal(listening.count, 0);
}

/* Else the second would find the first's port taken. */
static void
an_ipv6_address_leaves_ipv4_to_the_address_beside_it(void **state)
{
    struct arena *arena = *state;
    struct listening alone;
    struct listening both;
    int only_v6 = 0;
    socklen_t size = sizeof(only_v6);

    assert_int_equal(listen_open("127.0.0.1:0", &alone), OK);
    listen_close(&alone);
    assert_int_equal(
        listen_open(arena_printf(arena, "0.0.0.0:%d [::]:%d", alone.port, alone.port), &both), OK);
    assert_int_equal(getsockopt(both.fds[1], IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, &size), 0);
    assert_int_equal(only_v6, 1);
    listen_close(&both);
}

static void
when_one_cannot_be_had_none_is_left_open(void **state)
{
    struct arena *arena = *state;
    struct listening first;
    struct listening second;

    assert_int_equal(listen_open("127.0.0.1:0", &first), OK);
    assert_int_equal(
        listen_open(arena_printf(arena, "127.0.0.2:0 127.0.0.1:%d", first.port), &second),
        ERR_UNAVAILABLE);
    assert_int_equal(listen_open(arena_printf(arena, "127.0.0.2:%d", first.port), &second), OK);
    listen_close(&second);
    listen_close(&first);
}

static void
loopback_is_known_in_both_families(void **state)
{
    (void)state;
    assert_true(listen_is_loopback("127.0.0.1:80"));
    assert_true(listen_is_loopback("127.9.9.9:80 [::1]:80"));
    assert_true(listen_is_loopback("[::1]:80"));
    assert_false(listen_is_loopback("0.0.0.0:80"));
    assert_false(listen_is_loopback("[::]:80"));
    assert_false(listen_is_loopback("192.0.2.1:80"));
    assert_false(listen_is_loopback("127.0.0.1:80 192.0.2.1:80"));
}

static int
arena_open(void **state)
{
    *state = arena_new(1U << 16);
    return 0;
}

static int
arena_close(void **state)
{
    arena_free(*state);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_numbers_are_an_address),
        cmocka_unit_test(addresses_that_stand_twice_or_have_no_room_are_told),
        cmocka_unit_test(every_address_has_its_socket_and_port_0_picks_a_free_one),
        cmocka_unit_test(an_ipv6_address_leaves_ipv4_to_the_address_beside_it),
        cmocka_unit_test(when_one_cannot_be_had_none_is_left_open),
        cmocka_unit_test(loopback_is_known_in_both_families),
    };

    return cmocka_run_group_tests(tests, arena_open, arena_close);
}
