/* SPDX-License-Identifier: Apache-2.0 */
/* A server that hangs or is slow (findings Z12). On SQLite these tests are skipped. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "idp/base/metrics.h"
#include "tests/store_kit.h"

#define SECOND_ONE ((struct database_bounds) { .statement_s = 1, .connect_s = 1 })

static struct database *
open_in_a_hurry(void)
{
    struct database *db = NULL;

    assert_int_equal(database_open(kit_url(), &SECOND_ONE, &db), OK);
    return db;
}

static void
a_statement_that_takes_too_long_is_ended_by_the_server_and_the_connection_kept(void **state)
{
    struct database *db;
    struct store *st;
    int64_t pid;

    (void)state;
    if (kit_is_sqlite())
        skip();
    db = open_in_a_hurry();
    st = store_open(db);
    pid = kit_backend_of(st);
    assert_int_equal(kit_run(st, "SELECT pg_sleep(600)"), ERR_UNAVAILABLE);
    assert_int_equal(kit_backend_of(st), pid);
    store_close(st);
    database_close(db);
}

/* The kernel of a stopped server goes on acknowledging, so only a clock of our own sees it. */
static void
z12_a_server_that_says_nothing_is_left_after_the_time_of_a_statement(void **state)
{
    struct database *db;
    struct store *st;
    pid_t pid;

    (void)state;
    if (kit_is_sqlite())
        skip();
    db = open_in_a_hurry();
    st = store_open(db);
    assert_int_equal(kit_spend(st, 9), OK);
    pid = (pid_t)kit_backend_of(st);
    if (kill(pid, SIGSTOP) != 0)
        skip(); /* the server is somebody else's */
    assert_int_equal(kit_spend(st, 1), ERR_UNKNOWN);
    assert_int_equal(kill(pid, SIGCONT), 0);
    assert_int_equal(kit_spend(st, 2), OK);

    pid = (pid_t)kit_backend_of(st);
    assert_int_equal(store_begin(st), OK);
    assert_int_equal(kit_spend(st, 3), OK);
    assert_int_equal(kill(pid, SIGSTOP), 0);
    assert_int_equal(store_commit(st), ERR_UNKNOWN);
    assert_int_equal(kill(pid, SIGCONT), 0);

    pid = (pid_t)kit_backend_of(st);
    assert_int_equal(kill(pid, SIGSTOP), 0);
    assert_int_equal(store_begin(st), OK);
    assert_int_equal(kit_spend(st, 4), ERR_UNAVAILABLE);
    store_rollback(st);
    assert_int_equal(kill(pid, SIGCONT), 0);
    assert_true(metric_read(METRIC_STORE_TIMEOUTS) >= 3);
    store_close(st);
    database_close(db);
}

/* Connections are taken by the kernel, and nobody speaks. */
static int
mute_server(uint16_t *port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t size = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static void
z12_a_server_that_takes_connections_and_says_nothing_is_given_up(void **state)
{
    struct kit *k = *state;
    struct database *db = NULL;
    uint16_t port = 0;
    int fd;

    if (kit_is_sqlite())
        skip();
    fd = mute_server(&port);
    assert_int_equal(
        database_open(arena_printf(k->arena, "postgresql://nobody@127.0.0.1:%d/none", port),
                      &SECOND_ONE, &db),
        ERR_UNAVAILABLE);
    close(fd);
}

static void
the_next_host_is_asked_when_one_says_nothing(void **state)
{
    struct kit *k = *state;
    const char *at = strstr(kit_url(), "127.0.0.1:");
    struct database *db = NULL;
    uint16_t port = 0;
    int fd;

    if (kit_is_sqlite() || at == NULL)
        skip();
    fd = mute_server(&port);
    assert_int_equal(database_open(arena_printf(k->arena, "%.*s127.0.0.1:%d,%s",
                                                (int)(at - kit_url()), kit_url(), port, at),
                                   &SECOND_ONE, &db),
                     OK);
    close(fd);
    database_close(db);
}

static void *
sleep_in_database(void *st)
{
    return (void *)(uintptr_t)kit_run(st, "SELECT pg_sleep(600)");
}

/* Until the backend is inside its statement. */
static void
wait_until_busy(struct store *st, int64_t pid)
{
    static const char sql[] = "SELECT CAST(COUNT(*) AS BIGINT) FROM pg_stat_activity"
                              " WHERE pid = $1 AND query = 'SELECT pg_sleep(600)'"
                              " AND state = 'active'";
    const struct arg args[] = { arg_int(pid), ARG_END };
    int64_t busy = 0;
    const struct out outs[] = { out_int(&busy), OUT_END };

    while (busy == 0)
        assert_int_equal(store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs }),
                         OK);
}

static void
a_cut_ends_what_is_waited_for_and_lets_nothing_start(void **state)
{
    struct kit *k = *state;
    struct database *db = NULL;
    struct store *st;
    pthread_t thread;
    void *err = NULL;
    int64_t pid;

    if (kit_is_sqlite())
        skip();
    assert_int_equal(database_open(kit_url(),
                                   &(struct database_bounds) { .statement_s = 300, .connect_s = 3 },
                                   &db),
                     OK);
    st = store_open(db);
    pid = kit_backend_of(st);
    assert_int_equal(pthread_create(&thread, NULL, sleep_in_database, st), 0);
    wait_until_busy(k->st, pid);
    database_cut(db);
    assert_int_equal(pthread_join(thread, &err), 0);
    assert_int_equal((enum err)(uintptr_t)err, ERR_UNAVAILABLE);
    assert_int_equal(kit_spend(st, 1), ERR_UNAVAILABLE);
    assert_int_equal(store_begin(st), ERR_UNAVAILABLE);
    store_close(st);
    database_close(db);
    kit_backend_end(k->db, pid);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_statement_that_takes_too_long_is_ended_by_the_server_and_the_connection_kept),
        kit_test(z12_a_server_that_says_nothing_is_left_after_the_time_of_a_statement),
        kit_test(z12_a_server_that_takes_connections_and_says_nothing_is_given_up),
        kit_test(the_next_host_is_asked_when_one_says_nothing),
        kit_test(a_cut_ends_what_is_waited_for_and_lets_nothing_start),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
