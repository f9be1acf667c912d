/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idp/base/text.h"
#include "idp/connect/https.h"

#define ANSWER_MAX 1000
#define DRIP_STEP_MS 300

/*
 * A server of raw answers on loopback: one connection after the other, so that it can be as rude as
 * it likes.
 */
struct https_fixture {
    int listener;
    int port;
    _Atomic int accepted;
    _Atomic bool stopping;
    pthread_t thread;
    char last_request[4096];
    struct settings settings;
    struct https *https;
    struct arena *arena;
};

static void
say(int client, const char *text)
{
    (void)!send(client, text, strlen(text), MSG_NOSIGNAL);
}

static bool
waited(struct https_fixture *f, int client)
{
    struct pollfd gone = { .fd = client, .events = POLLIN };

    return poll(&gone, 1, DRIP_STEP_MS) == 0 && !atomic_load(&f->stopping);
}

static void
drip(struct https_fixture *f, int client)
{
    say(client, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
    while (waited(f, client))
        say(client, "x");
}

static void
flood(int client)
{
    char block[2048];

    memset(block, 'x', sizeof(block) - 1);
    block[sizeof(block) - 1] = '\0';
    say(client, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    for (int i = 0; i < 50; i++)
        say(client, block);
}

/* False: the connection is to be closed. */
static bool
answered(struct https_fixture *f, int client, const char *request)
{
    const char *path = strchr(request, ' ') + 1;

    if (text_starts(path, "/redirect"))
        say(client, "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n");
    else if (text_starts(path, "/announced"))
        say(client, "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n");
    else if (text_starts(path, "/gzip"))
        say(client, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nbombs");
    else if (text_starts(path, "/cut"))
        say(client, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf");
    else if (text_starts(path, "/garbage"))
        say(client, "SSH-2.0-something\r\n");
    else if (text_starts(path, "/flood"))
        flood(client);
    else if (text_starts(path, "/drip"))
        drip(f, client);
    else
        say(client, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok");
    return text_starts(path, "/ok");
}

static void
serve_client(struct https_fixture *f, int client)
{
    char request[4096];
    ssize_t size;

    while ((size = recv(client, request, sizeof(request) - 1, 0)) > 0) {
        request[size] = '\0';
        memcpy(f->last_request, request, sizeof(request));
        if (strchr(request, ' ') == NULL || !answered(f, client, request))
            break;
    }
    close(client);
}

static void *
serve(void *held)
{
    struct https_fixture *f = held;
    int client;

    while ((client = accept(f->listener, NULL, NULL)) >= 0 && !atomic_load(&f->stopping)) {
        const struct timeval patience = { .tv_sec = 5 };

        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        atomic_fetch_add(&f->accepted, 1);
        serve_client(f, client);
    }
    return NULL;
}

static void
listener_open(struct https_fixture *f)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof(address);

    f->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(f->listener, (void *)&address, sizeof(address)), 0);
    assert_int_equal(listen(f->listener, 16), 0);
    assert_int_equal(getsockname(f->listener, (void *)&address, &size), 0);
    f->port = ntohs(address.sin_port);
}

static int
setup(void **state)
{
    struct https_fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    *state = f;
    f->settings.outbound.ca_file = "";
    f->arena = arena_new(8 << 20);
    f->https = https_new(&f->settings);
    assert_non_null(f->https);
    listener_open(f);
    return pthread_create(&f->thread, NULL, serve, f);
}

static int
teardown(void **state)
{
    struct https_fixture *f = *state;

    https_free(f->https);
    atomic_store(&f->stopping, true);
    shutdown(f->listener, SHUT_RDWR);
    pthread_join(f->thread, NULL);
    close(f->listener);
    arena_free(f->arena);
    free(f);
    return 0;
}

static enum err
get(struct https_fixture *f, enum https_trust trust, const char *url, struct https_answer *out)
{
    const struct https_request request = {
        .method = "GET",
        .url = url,
        .trust = trust,
        .deadline_s = 1,
        .max_answer_bytes = ANSWER_MAX,
    };

    return https_call(f->https, f->arena, &request, out);
}

static enum err
get_path(struct https_fixture *f, const char *path, struct https_answer *out)
{
    return get(f, TRUST_CONFIGURED, arena_printf(f->arena, "http://127.0.0.1:%d%s", f->port, path),
               out);
}

static void
an_answer_comes_with_status_type_and_body(void **state)
{
    struct https_answer answer;

    assert_int_equal(get_path(*state, "/ok", &answer), OK);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.content_type, "text/plain");
    assert_int_equal(answer.body.size, 2);
    assert_string_equal((const char *)answer.body.at, "ok");
}

static void
a_thread_keeps_its_connection(void **state)
{
    struct https_fixture *f = *state;
    struct https_answer answer;

    for (int i = 0; i < 3; i++)
        assert_int_equal(get_path(f, "/ok", &answer), OK);
    assert_int_equal(f->accepted, 1);
}

static void
a_post_sends_its_headers_and_body_and_asks_for_no_compression(void **state)
{
    struct https_fixture *f = *state;
    static const char *const headers[] = { "X-One: 1", "X-Two: 2", NULL };
    struct https_answer answer;
    const struct https_request request = {
        .method = "POST",
        .url = arena_printf(f->arena, "http://127.0.0.1:%d/ok", f->port),
        .trust = TRUST_CONFIGURED,
        .content_type = "application/x-www-form-urlencoded",
        .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        .body = bytes_of_text("a=1&b=2"),
        .headers = headers,
        .deadline_s = 5,
        .max_answer_bytes = ANSWER_MAX,
    };

    assert_int_equal(https_call(f->https, f->arena, &request, &answer), OK);
    assert_true(text_starts(f->last_request, "POST /ok HTTP/1.1\r\n"));
    assert_non_null(
        strstr(f->last_request, "\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
    assert_non_null(
        strstr(f->last_request,
               "\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"));
    assert_non_null(strstr(f->last_request, "\r\nX-One: 1\r\n"));
    assert_non_null(strstr(f->last_request, "\r\nX-Two: 2\r\n"));
    assert_null(strstr(f->last_request, "Accept-Encoding"));
    assert_null(strstr(f->last_request, "Expect"));
}

static void
a_redirect_is_handed_back_and_not_followed(void **state)
{
    struct https_fixture *f = *state;
    struct https_answer answer;

    assert_int_equal(get_path(f, "/redirect", &answer), OK);
    assert_int_equal(answer.status, 302);
    assert_true(text_starts(f->last_request, "GET /redirect "));
}

static void
a_compressed_body_is_left_as_it_came(void **state)
{
    struct https_answer answer;

    assert_int_equal(get_path(*state, "/gzip", &answer), OK);
    assert_string_equal((const char *)answer.body.at, "bombs");
}

static void
an_answer_too_large_is_refused_whether_announced_or_not(void **state)
{
    struct https_answer answer;

    assert_int_equal(get_path(*state, "/announced", &answer), ERR_INVALID);
    assert_int_equal(get_path(*state, "/flood", &answer), ERR_INVALID);
}

static void
no_whole_answer_is_unknown(void **state)
{
    static const char *const paths[] = { "/drip", "/cut", "/garbage" };
    struct https_answer answer;

    for (size_t i = 0; i < 3; i++)
        assert_int_equal(get_path(*state, paths[i], &answer), ERR_UNKNOWN);
}

static void
no_connection_is_unavailable(void **state)
{
    struct https_answer answer;

    assert_int_equal(get(*state, TRUST_CONFIGURED, "http://127.0.0.1:1/", &answer),
                     ERR_UNAVAILABLE);
    assert_int_equal(get(*state, TRUST_CONFIGURED, "not an address", &answer), ERR_UNAVAILABLE);
}

static void
configured_addresses_are_http_only_too(void **state)
{
    static const char *const urls[] = { "file:///etc/passwd", "ftp://127.0.0.1/",
                                        "gopher://127.0.0.1/" };
    struct https_answer answer;

    for (size_t i = 0; i < 3; i++)
        assert_int_equal(get(*state, TRUST_CONFIGURED, urls[i], &answer), ERR_UNAVAILABLE);
}

/* PORT stands for a port that listens, so that a hole in the guard would be seen to connect. */
static const char *const inner_urls[] = {
    "https://127.0.0.1:PORT/",
    "https://127.1:PORT/",
    "https://2130706433:PORT/",
    "https://0x7f000001:PORT/",
    "https://0177.0.0.1:PORT/",
    "https://%31%32%37.0.0.1:PORT/",
    "https://0.0.0.0:PORT/",
    "https://0:PORT/",
    "https://localhost:PORT/",
    "https://LocalHost:PORT/",
    "https://localhost.:PORT/",
    "https://[::1]:PORT/",
    "https://[::]:PORT/",
    "https://[::ffff:127.0.0.1]:PORT/",
    "https://[::ffff:7f00:1]:PORT/",
    "https://[64:ff9b::7f00:1]:PORT/",
    "https://10.0.0.1:PORT/",
    "https://172.16.0.1:PORT/",
    "https://192.168.0.1:PORT/",
    "https://169.254.169.254:PORT/",
    "https://100.64.0.1:PORT/",
    "https://192.0.2.1:PORT/",
    "https://224.0.0.1:PORT/",
    "https://[fe80::1]:PORT/",
    "https://[fe80::1%25eth0]:PORT/",
    "https://[fc00::1]:PORT/",
    "https://[2001:db8::1]:PORT/",
    "https://partner@8.8.8.8:PORT/",
    "http://8.8.8.8:PORT/",
    "http://localhost:PORT/",
    "ftp://8.8.8.8:PORT/",
    "gopher://8.8.8.8:PORT/",
    "ldap://8.8.8.8:PORT/",
    "file://8.8.8.8:PORT/etc/passwd",
    "data:text/plain,PORT",
    "//8.8.8.8:PORT/",
    "",
};

static const char *
with_port(struct https_fixture *f, const char *url)
{
    const char *mark = strstr(url, "PORT");

    if (mark == NULL)
        return url;
    return arena_printf(f->arena, "%.*s%d%s", (int)(mark - url), url, f->port, mark + 4);
}

static void
a_call_to_an_inner_address_of_a_partner_sends_no_packet(void **state)
{
    struct https_fixture *f = *state;
    struct https_answer answer;

    for (size_t i = 0; i < sizeof(inner_urls) / sizeof(inner_urls[0]); i++)
        assert_int_equal(get(f, TRUST_PARTNER, with_port(f, inner_urls[i]), &answer),
                         ERR_UNAVAILABLE);
    assert_int_equal(f->accepted, 0);
}

/* Such names pass as public and resolve to this machine, as a name that was rebound does. */
static void
a_name_is_judged_by_the_address_it_resolves_to(void **state)
{
    struct https_fixture *f = *state;
    const char *url = with_port(f, "https://rebound.localhost:PORT/");
    struct https_answer answer;

    assert_int_equal(get(f, TRUST_PARTNER, url, &answer), ERR_UNAVAILABLE);
    assert_int_equal(f->accepted, 0);
    assert_int_equal(get(f, TRUST_CONFIGURED, url, &answer), ERR_UNAVAILABLE); /* no TLS there, */
    assert_int_equal(f->accepted, 1); /* but it was reached */
}

static void
a_kept_connection_of_the_operator_does_not_serve_a_partner(void **state)
{
    struct https_fixture *f = *state;
    struct https_answer answer;

    assert_int_equal(get_path(f, "/ok", &answer), OK);
    assert_int_equal(get(f, TRUST_PARTNER, with_port(f, "http://127.0.0.1:PORT/ok"), &answer),
                     ERR_UNAVAILABLE);
    assert_int_equal(f->accepted, 1);
}

static void
loopback_is_open_to_partners_only_when_configured(void **state)
{
    struct https_fixture *f = *state;
    struct https_answer answer;

    f->settings.outbound.allow_loopback = true;
    assert_int_equal(get(f, TRUST_PARTNER, "http://8.8.8.8/callback", &answer), ERR_UNAVAILABLE);
    assert_int_equal(get(f, TRUST_PARTNER, "https://10.0.0.1/callback", &answer), ERR_UNAVAILABLE);
    assert_int_equal(get(f, TRUST_PARTNER, with_port(f, "http://127.0.0.1:PORT/ok"), &answer), OK);
    assert_int_equal(answer.status, 200);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_answer_comes_with_status_type_and_body),
        TEST(a_thread_keeps_its_connection),
        TEST(a_post_sends_its_headers_and_body_and_asks_for_no_compression),
        TEST(a_redirect_is_handed_back_and_not_followed),
        TEST(a_compressed_body_is_left_as_it_came),
        TEST(an_answer_too_large_is_refused_whether_announced_or_not),
        TEST(no_whole_answer_is_unknown),
        TEST(no_connection_is_unavailable),
        TEST(configured_addresses_are_http_only_too),
        TEST(a_call_to_an_inner_address_of_a_partner_sends_no_packet),
        TEST(a_name_is_judged_by_the_address_it_resolves_to),
        TEST(a_kept_connection_of_the_operator_does_not_serve_a_partner),
        TEST(loopback_is_open_to_partners_only_when_configured),
    };

    return cmocka_run_group_tests_name("https", tests, NULL, NULL);
}
