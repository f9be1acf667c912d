/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idp/server/connections.h"

static void
those_over_their_time_are_cut_once(void **state)
{
    const struct sockaddr_in peer = { .sin_family = AF_INET, .sin_addr = { 0x0100007f } };
    struct connections *connections;
    struct connection *early;
    struct connection *late;
    int pairs[2][2];
    char byte;

    (void)state;
    assert_int_equal(connections_new(&connections), OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]), 0);
    early = connection_add(connections, pairs[0][0], (const struct sockaddr *)&peer, 100);
    late = connection_add(connections, pairs[1][0], (const struct sockaddr *)&peer, 200);
    assert_string_equal(early->peer, "127.0.0.1");
    assert_int_equal(connections_cut(connections, 100), 0);
    assert_int_equal(connections_cut(connections, 101), 1);
    assert_int_equal(connections_cut(connections, 101), 0);
    assert_int_equal(recv(pairs[0][1], &byte, 1, MSG_DONTWAIT), 0);
    assert_true(recv(pairs[1][1], &byte, 1, MSG_DONTWAIT) < 0);
    connection_remove(connections, early);
    assert_int_equal(connections_cut(connections, 300), 1);
    connection_remove(connections, late);
    connections_free(connections);
    for (int i = 0; i < 4; i++)
        close(pairs[i / 2][i % 2]);
}

static void
a_peer_of_the_newer_family_is_shown_in_its_shortest_form(void **state)
{
    struct sockaddr_in6 peer = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    struct connections *connections;
    struct connection *connection;

    (void)state;
    assert_int_equal(connections_new(&connections), OK);
    connection = connection_add(connections, -1, (const struct sockaddr *)&peer, 0);
    assert_string_equal(connection->peer, "::1");
    connection_remove(connections, connection);
    peer.sin6_addr =
        (struct in6_addr) { .s6_addr = { [10] = 0xff, [11] = 0xff, [12] = 192, 0, 2, 1 } };
    connection = connection_add(connections, -1, (const struct sockaddr *)&peer, 0);
    assert_string_equal(connection->peer, "192.0.2.1");
    connection_remove(connections, connection);
    connections_free(connections);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_over_their_time_are_cut_once),
        cmocka_unit_test(a_peer_of_the_newer_family_is_shown_in_its_shortest_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
