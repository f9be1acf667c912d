/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idp/base/metrics.h"
#include "idp/server/engine/connections.h"

#define LIMIT 64
#define PER_ADDRESS 8

struct table_fixture {
    struct settings settings;
    struct connections *connections;
};

static int
fixture_open(void **state)
{
    struct table_fixture *f = calloc(1, sizeof(*f));

    f->settings.server.connection_limit = LIMIT;
    f->settings.server.connections_per_address = PER_ADDRESS;
    f->settings.server.trusted_proxies = "192.0.2.200 192.0.2.201";
    assert_int_equal(connections_new(&f->settings, env_machine(), &f->connections), OK);
    *state = f;
    return 0;
}

static int
fixture_close(void **state)
{
    struct table_fixture *f = *state;

    connections_free(f->connections);
    free(f);
    return 0;
}

static struct sockaddr_in
v4(unsigned last)
{
    return (struct sockaddr_in) { .sin_family = AF_INET,
                                  .sin_addr = { htonl(UINT32_C(0xc0000200) + last) } };
}

/* A connection as the engine has it, and the client's end of it. */
struct end {
    struct connection *here;
    int fd;
    int client;
};

static bool
come(struct table_fixture *f, const void *peer, struct end *end)
{
    int pair[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    *end = (struct end) { .fd = pair[0], .client = pair[1] };
    if (!connection_admit(f->connections, peer))
        return false;
    end->here = connection_add(f->connections, end->fd, peer, 1000);
    assert_non_null(end->here);
    return true;
}

static void
leave(struct table_fixture *f, struct end *end)
{
    connection_remove(f->connections, end->here);
    close(end->fd);
    close(end->client);
}

static bool
was_cut(const struct end *end)
{
    char byte;

    return recv(end->client, &byte, 1, MSG_DONTWAIT) == 0;
}

static void
those_over_their_time_are_cut_once(void **state)
{
    struct table_fixture *f = *state;
    const struct sockaddr_in peer = v4(1);
    struct end early, late;

    assert_true(come(f, &peer, &early));
    assert_true(come(f, &peer, &late));
    if (early.here == NULL || late.here == NULL) {
        fail();
        return;
    }
    early.here->deadline_us = 100;
    late.here->deadline_us = 200;
    assert_string_equal(early.here->peer, "192.0.2.1");
    assert_int_equal(connections_cut(f->connections, 100), 0);
    assert_int_equal(connections_cut(f->connections, 101), 1);
    assert_int_equal(connections_cut(f->connections, 101), 0);
    assert_true(was_cut(&early));
    assert_false(was_cut(&late));
    leave(f, &early);
    assert_int_equal(connections_cut(f->connections, 300), 1);
    leave(f, &late);
}

static void
a_peer_of_the_newer_family_is_shown_in_its_shortest_form(void **state)
{
    struct table_fixture *f = *state;
    struct sockaddr_in6 peer = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    struct end end;

    assert_true(come(f, &peer, &end));
    assert_string_equal(end.here->peer, "::1");
    leave(f, &end);
    peer.sin6_addr =
        (struct in6_addr) { .s6_addr = { [10] = 0xff, [11] = 0xff, [12] = 192, 0, 2, 1 } };
    assert_true(come(f, &peer, &end));
    assert_string_equal(end.here->peer, "192.0.2.1");
    leave(f, &end);
}

static void
z13_an_address_that_has_all_its_places_loses_the_longest_idle_one(void **state)
{
    struct table_fixture *f = *state;
    const struct sockaddr_in peer = v4(1);
    struct end ends[PER_ADDRESS + 2];

    for (int i = 0; i < PER_ADDRESS; i++)
        assert_true(come(f, &peer, &ends[i]));
    connection_set_idle(f->connections, ends[0].here, false);
    assert_true(come(f, &peer, &ends[PER_ADDRESS]));
    assert_false(was_cut(&ends[0]));
    assert_true(was_cut(&ends[1]));
    /* It has been idle for a shorter time than the others now. */
    connection_set_idle(f->connections, ends[0].here, true);
    assert_true(come(f, &peer, &ends[PER_ADDRESS + 1]));
    assert_false(was_cut(&ends[0]));
    assert_true(was_cut(&ends[2]));
    for (int i = 0; i < PER_ADDRESS + 2; i++)
        leave(f, &ends[i]);
}

static void
an_address_whose_connections_all_have_a_request_under_way_gets_no_more(void **state)
{
    struct table_fixture *f = *state;
    const struct sockaddr_in peer = v4(1);
    const struct sockaddr_in other = v4(2);
    int64_t refused = metric_read(METRIC_HTTP_CONNECTIONS_REFUSED);
    struct end ends[PER_ADDRESS + 2];

    for (int i = 0; i < PER_ADDRESS; i++) {
        assert_true(come(f, &peer, &ends[i]));
        connection_set_idle(f->connections, ends[i].here, false);
    }
    assert_false(come(f, &peer, &ends[PER_ADDRESS]));
    assert_int_equal(metric_read(METRIC_HTTP_CONNECTIONS_REFUSED), refused + 1);
    assert_true(come(f, &other, &ends[PER_ADDRESS + 1]));
    for (int i = 0; i < PER_ADDRESS; i++)
        assert_false(was_cut(&ends[i]));
    close(ends[PER_ADDRESS].fd);
    close(ends[PER_ADDRESS].client);
    ends[PER_ADDRESS] = ends[PER_ADDRESS + 1];
    for (int i = 0; i < PER_ADDRESS + 1; i++)
        leave(f, &ends[i]);
}

static void
a_trusted_proxy_has_as_many_as_it_needs_and_none_of_them_is_cut(void **state)
{
    struct table_fixture *f = *state;
    const struct sockaddr_in proxy = v4(201);
    const struct sockaddr_in peer = v4(1);
    struct end ends[LIMIT];

    for (int i = 0; i < LIMIT - 1; i++)
        assert_true(come(f, &proxy, &ends[i]));
    assert_true(come(f, &peer, &ends[LIMIT - 1]));
    for (int i = 0; i < LIMIT; i++) {
        assert_false(was_cut(&ends[i]));
        leave(f, &ends[i]);
    }
}

static void
when_nearly_all_places_are_taken_the_most_crowded_address_gives_way(void **state)
{
    struct table_fixture *f = *state;
    struct end ends[LIMIT + PER_ADDRESS];
    size_t count = 0;

    for (unsigned address = 1; address <= 7; address++) {
        const struct sockaddr_in peer = v4(address);

        for (int i = 0; i < PER_ADDRESS; i++)
            assert_true(come(f, &peer, &ends[count++]));
    }
    /* All of the first are busy: they are the last who would have to go. */
    for (int i = 0; i < PER_ADDRESS; i++)
        connection_set_idle(f->connections, ends[i].here, false);
    for (unsigned address = 100; address < 100 + PER_ADDRESS; address++) {
        const struct sockaddr_in peer = v4(address);

        assert_true(come(f, &peer, &ends[count++]));
    }
    assert_int_equal(count, LIMIT);
    for (int i = 0; i < PER_ADDRESS; i++)
        assert_false(was_cut(&ends[i]));
    assert_true(was_cut(&ends[PER_ADDRESS]));
    for (size_t i = 7 * PER_ADDRESS; i < count; i++)
        assert_false(was_cut(&ends[i]));
    for (size_t i = 0; i < count; i++)
        leave(f, &ends[i]);
}

static void
a_setting_above_a_quarter_of_all_places_is_a_quarter(void **state)
{
    struct settings settings = {
        .server = { .connection_limit = 16, .connections_per_address = 256, .trusted_proxies = "" }
    };
    struct table_fixture f = { .settings = settings };
    const struct sockaddr_in peer = v4(1);
    struct end ends[5];

    (void)state;
    assert_int_equal(connections_new(&settings, env_machine(), &f.connections), OK);
    for (int i = 0; i < 5; i++)
        assert_true(come(&f, &peer, &ends[i]));
    assert_true(was_cut(&ends[0]));
    for (int i = 0; i < 5; i++)
        leave(&f, &ends[i]);
    connections_free(f.connections);
}

static void
so_many_as_the_limit_may_be_here_or_on_their_way(void **state)
{
    struct table_fixture *f = *state;
    struct end ends[LIMIT / 2];

    for (unsigned i = 0; i < LIMIT / 2; i++) {
        const struct sockaddr_in peer = v4(i);

        assert_true(come(f, &peer, &ends[i]));
        assert_false(connections_are_full(f->connections));
    }
    for (unsigned i = LIMIT / 2; i < LIMIT; i++) {
        const struct sockaddr_in peer = v4(i);

        assert_false(connections_are_full(f->connections));
        assert_true(connection_admit(f->connections, (const struct sockaddr *)&peer));
    }
    assert_true(connections_are_full(f->connections));
    connection_take_back(f->connections);
    assert_false(connections_are_full(f->connections));
    for (int i = 0; i < LIMIT / 2; i++)
        leave(f, &ends[i]);
}

#define in_fixture(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_fixture(those_over_their_time_are_cut_once),
        in_fixture(a_peer_of_the_newer_family_is_shown_in_its_shortest_form),
        in_fixture(z13_an_address_that_has_all_its_places_loses_the_longest_idle_one),
        in_fixture(an_address_whose_connections_all_have_a_request_under_way_gets_no_more),
        in_fixture(a_trusted_proxy_has_as_many_as_it_needs_and_none_of_them_is_cut),
        in_fixture(when_nearly_all_places_are_taken_the_most_crowded_address_gives_way),
        in_fixture(so_many_as_the_limit_may_be_here_or_on_their_way),
        cmocka_unit_test(a_setting_above_a_quarter_of_all_places_is_a_quarter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
