/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idp/base/text.h"
#include "idp/commands/callback.h"

static struct arena *arena;

/* A port that nobody listens on at this moment. */
static unsigned
free_port(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static void
only_an_address_of_this_machine_with_port_and_path_is_taken(void **state)
{
    static const char *const wrong[] = {
        "",
        "http://127.0.0.1/cb",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:9999",
        "http://127.0.0.1:9999/cb?a=b",
        "http://127.0.0.1:99x9/cb",
        "https://127.0.0.1:9999/cb",
        "http://192.0.2.1:9999/cb",
        "http://localhost.example:9999/cb",
    };
    struct callback callback;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        const char *why = callback_open(arena, wrong[i], &callback);

        assert_non_null(why);
        assert_non_null(strstr(why, "is no address of this machine"));
        callback_close(&callback);
    }
}

static void
a_port_in_use_is_told(void **state)
{
    const char *uri = arena_printf(arena, "http://127.0.0.1:%u/cb", free_port());
    struct callback first;
    struct callback second;

    (void)state;
    assert_null(callback_open(arena, uri, &first));
    assert_non_null(strstr(callback_open(arena, uri, &second), "is in use"));
    callback_close(&second);
    callback_close(&first);
}

static void
nobody_is_waited_for_longer_than_said(void **state)
{
    struct callback callback;
    struct params params;

    (void)state;
    assert_null(callback_open(arena, arena_printf(arena, "http://localhost:%u/cb", free_port()),
                              &callback));
    assert_int_equal(callback_wait(&callback, arena, 0, &params), ERR_EXPIRED);
    callback_close(&callback);
}

/* One after another, and the first line of each answer. */
struct visits {
    unsigned port;
    const char *const *requests;
    char answers[8][64];
};

static void *
visit_all(void *state)
{
    struct visits *visits = state;

    for (size_t i = 0; visits->requests[i] != NULL; i++) {
        struct sockaddr_in address = { .sin_family = AF_INET,
                                       .sin_port = htons((uint16_t)visits->port),
                                       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        ssize_t size = (ssize_t)strlen(visits->requests[i]);

        if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
            send(fd, visits->requests[i], (size_t)size, 0) == size) {
            shutdown(fd, SHUT_WR);
            (void)!recv(fd, visits->answers[i], sizeof(visits->answers[i]) - 1, MSG_WAITALL);
        }
        close(fd);
    }
    return NULL;
}

static void
what_is_not_the_answer_changes_nothing(void **state)
{
    static const char *const requests[] = {
        "GET /favicon.ico HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /cb HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /cb?code=x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /cb?code=%x HTTP/1.1\r\nHost: a\r\n\r\n",
        "nonsense",
        "GET /cb?code=a%20b&state=s HTTP/1.1\r\nHost: a\r\n\r\n",
        NULL,
    };
    struct visits visits = { .port = free_port(), .requests = requests };
    struct callback callback;
    struct params params;
    pthread_t thread;

    (void)state;
    assert_null(callback_open(arena, arena_printf(arena, "http://127.0.0.1:%u/cb", visits.port),
                              &callback));
    assert_int_equal(pthread_create(&thread, NULL, visit_all, &visits), 0);
    assert_int_equal(callback_wait(&callback, arena, 60, &params), OK);
    pthread_join(thread, NULL);
    callback_close(&callback);
    assert_string_equal(params_find(&params, "code"), "a b");
    assert_string_equal(params_find(&params, "state"), "s");
    for (size_t i = 0; i < 4; i++)
        assert_true(text_starts(visits.answers[i], "HTTP/1.1 404 "));
    assert_true(text_starts(visits.answers[5], "HTTP/1.1 200 "));
}

static int
setup(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_an_address_of_this_machine_with_port_and_path_is_taken),
        cmocka_unit_test(a_port_in_use_is_told),
        cmocka_unit_test(nobody_is_waited_for_longer_than_said),
        cmocka_unit_test(what_is_not_the_answer_changes_nothing),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
