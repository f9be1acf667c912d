/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/server/kit.h"

#include <microhttpd.h>

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

static struct sockaddr_in
address_of(int listening)
{
    struct sockaddr_in own = { 0 };
    socklen_t size = sizeof(own);

    assert_int_equal(getsockname(listening, (struct sockaddr *)&own, &size), 0);
    return own;
}

static int
connect_to(struct sockaddr_in to)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
        return fd;
    close(fd);
    return -1;
}

static void
assert_served_at(struct sockaddr_in to)
{
    static const char get[] = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    int fd = connect_to(to);
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
    assert_int_equal(connect_to(first), -1);
    assert_int_equal(connect_to(second), -1);
    MHD_stop_daemon(daemon);
    connections_free(connections);
}

static void
stopping_none_is_fine(void **state)
{
    (void)state;
    acceptor_stop(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            clients_of_every_address_are_served_until_it_is_stopped_and_refused_afterwards),
        cmocka_unit_test(stopping_none_is_fine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
