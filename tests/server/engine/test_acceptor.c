/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/server/kit.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <sys/resource.h>

#include "idp/base/log.h"
#include "idp/server/engine/acceptor.h"
#include "idp/server/engine/connections.h"
#include "idp/server/engine/listen.h"

/* NOLINTBEGIN(readability-function-size): the parameters are libmicrohttpd's */
static enum MHD_Result
answer_fine(void *cls, struct MHD_Connection *mhd, const char *url, const char *method,
            const char *version, const char *data, size_t *data_size, void **at)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(4, (void *)(uintptr_t) "fine", MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = MHD_queue_response(mhd, 200, response);

    (void)cls, (void)url, (void)method, (void)version, (void)data, (void)data_size, (void)at;
    MHD_destroy_response(response);
    return result;
}
/* NOLINTEND(readability-function-size) */

static int
connect_by(int fd, uint16_t port)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons(port),
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };

    return connect(fd, (struct sockaddr *)&to, sizeof(to));
}

static struct sockaddr_in
address_of(int listening)
{
    struct sockaddr_in own = { 0 };
    socklen_t size = sizeof(own);

    assert_int_equal(getsockname(listening, (struct sockaddr *)&own, &size), 0);
    return own;
}

static int
connect_to_address(struct sockaddr_in to)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
        return fd;
    close(fd);
    return -1;
}

static int
connect_to(uint16_t port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (connect_by(fd, port) == 0)
        return fd;
    close(fd);
    return -1;
}

static const char get_and_close[] = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

/* An acceptor before an engine that knows nothing of `connections`: whoever it admits stays on the
 * way in until the test takes it back. */
struct entrance {
    struct settings settings;
    struct MHD_Daemon *daemon;
    struct connections *connections;
    struct acceptor *acceptor;
    uint16_t port;
};

static void
entrance_open(struct entrance *at)
{
    struct listening listening;

    *at = (struct entrance) { .settings.server = { .connection_limit = 64,
                                                   .connections_per_address = 64,
                                                   .trusted_proxies = "" } };
    at->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET, 0, NULL,
                                  NULL, answer_fine, NULL, MHD_OPTION_END);
    assert_non_null(at->daemon);
    assert_int_equal(connections_new(&at->settings, env_machine(), &at->connections), OK);
    assert_int_equal(listen_open("127.0.0.1:0", &listening), OK);
    at->port = listening.port;
    assert_int_equal(acceptor_start(&listening, at->daemon, at->connections, &at->acceptor), OK);
}

static void
entrance_close(struct entrance *at)
{
    acceptor_stop(at->acceptor);
    MHD_stop_daemon(at->daemon);
    connections_free(at->connections);
}

static void
assert_served(int fd)
{
    char *answer = kit_read_all(fd);

    assert_status_line(answer, "200");
    free(answer);
}

static void
assert_served_at(struct sockaddr_in to)
{
    static const char get[] = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    int fd = connect_to_address(to);
    char *answer;

    assert_true(fd >= 0);
    kit_send(fd, get, sizeof(get) - 1);
    answer = kit_read_all(fd);
    assert_status_line(answer, "200");
    free(answer);
}

static void
clients_of_every_address_are_served_until_it_is_stopped_and_refused_afterwards(void **state)
{
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL,
                         answer_fine, NULL, MHD_OPTION_END);
    const struct settings settings = {
        .server = { .connection_limit = 64, .connections_per_address = 64, .trusted_proxies = "" }
    };
    struct connections *connections = NULL;
    struct acceptor *acceptor = NULL;
    struct listening listening;
    struct sockaddr_in first;
    struct sockaddr_in second;

    (void)state;
    assert_non_null(daemon);
    assert_int_equal(connections_new(&settings, env_machine(), &connections), OK);
    assert_int_equal(listen_open("127.0.0.1:0 127.0.0.2:0", &listening), OK);
    first = address_of(listening.fds[0]);
    second = address_of(listening.fds[1]);
    assert_int_equal(acceptor_start(&listening, daemon, connections, &acceptor), OK);
    for (int i = 0; i < 3; i++) {
        assert_served_at(first);
        assert_served_at(second);
    }
    acceptor_stop(acceptor);
    assert_int_equal(connect_to_address(first), -1);
    assert_int_equal(connect_to_address(second), -1);
    MHD_stop_daemon(daemon);
    connections_free(connections);
}

static void
stopping_none_is_fine(void **state)
{
    (void)state;
    acceptor_stop(NULL);
}

static void
all_places_take(struct entrance *at)
{
    struct sockaddr_in peer = { .sin_family = AF_INET };

    for (int64_t i = 0; i < at->settings.server.connection_limit; i++)
        assert_true(connection_admit(at->connections, (struct sockaddr *)&peer));
    assert_true(connections_are_full(at->connections));
}

static void
who_comes_when_it_is_full_is_served_when_there_is_room(void **state)
{
    struct entrance at;
    int fd;

    (void)state;
    entrance_open(&at);
    all_places_take(&at);
    fd = connect_to(at.port);
    assert_true(fd >= 0); /* the kernel has it */
    kit_send(fd, get_and_close, sizeof(get_and_close) - 1);
    connection_take_back(at.connections);
    assert_served(fd);
    entrance_close(&at);
}

static void
it_stops_at_once_while_it_is_full(void **state)
{
    struct entrance at;

    (void)state;
    entrance_open(&at);
    all_places_take(&at);
    entrance_close(&at);
}

/* Of 64 places one address has a quarter. */
static void
who_has_all_its_places_busy_is_closed(void **state)
{
    const struct sockaddr_in peer = { .sin_family = AF_INET,
                                      .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct connection *busy[16];
    struct entrance at;
    char *answer;

    (void)state;
    entrance_open(&at);
    for (size_t i = 0; i < 16; i++) {
        busy[i] = connection_add(at.connections, -1, (const struct sockaddr *)&peer,
                                 CONNECTION_NO_DEADLINE);
        assert_non_null(busy[i]);
        connection_set_idle(at.connections, busy[i], false);
    }
    answer = kit_read_all(connect_to(at.port));
    assert_string_equal(answer, "");
    free(answer);
    for (size_t i = 0; i < 16; i++)
        connection_remove(at.connections, busy[i]);
    entrance_close(&at);
}

/* The log tells it, the client waits in the kernel, and nobody is lost. */
static void
without_descriptors_it_says_so_and_serves_when_there_are_some(void **state)
{
    struct entrance at;
    struct rlimit usual;
    struct rlimit none;
    int log[2];
    int fd;
    char line[1024] = "";

    (void)state;
    assert_int_equal(pipe2(log, O_CLOEXEC), 0);
    fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    log_set_fd(log[1]);
    entrance_open(&at);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
    none =
        (struct rlimit) { 3,
                          usual.rlim_max }; /* standard streams are open; poll() still takes two */
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    assert_int_equal(connect_by(fd, at.port), 0);
    assert_true(read(log[0], line, sizeof(line) - 1) > 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
    assert_non_null(strstr(line, "\"server.accept\""));
    kit_send(fd, get_and_close, sizeof(get_and_close) - 1);
    assert_served(fd);
    entrance_close(&at);
    log_set_fd(STDERR_FILENO);
    close(log[0]);
    close(log[1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            clients_of_every_address_are_served_until_it_is_stopped_and_refused_afterwards),
        cmocka_unit_test(stopping_none_is_fine),
        cmocka_unit_test(who_comes_when_it_is_full_is_served_when_there_is_room),
        cmocka_unit_test(it_stops_at_once_while_it_is_full),
        cmocka_unit_test(who_has_all_its_places_busy_is_closed),
        cmocka_unit_test(without_descriptors_it_says_so_and_serves_when_there_are_some),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
