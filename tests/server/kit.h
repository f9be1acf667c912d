/* SPDX-License-Identifier: Apache-2.0 */
/* An engine on a free port with a few routes of its own, and clients that send raw bytes. */
#ifndef TESTS_SERVER_KIT_H
#define TESTS_SERVER_KIT_H

/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idp/partner/registry.h"
#include "idp/server/engine/mhd.h"
#include "protocols/http/documents.h"
#include "protocols/http/respond.h"

/* Long enough for a busy machine; reached only when something is broken. */
#define PATIENCE_S 30

struct engine_kit {
    struct settings settings;
    struct services services;
    struct engine_config config;
    struct engine *engine;
};

/* What the routes below share with the tests. */
static const struct document *kit_document;
static sem_t kit_entered;  /* posted by /slow when it runs */
static sem_t kit_released; /* /slow waits for it */
static atomic_int kit_work_runs;

static const struct problem *
kit_say(struct request *rq, const char *text)
{
    return respond_text(rq, 200, "text/plain", bytes_of_text(text));
}

static const struct problem *
kit_endpoint_document(struct request *rq)
{
    return respond_document(rq, kit_document);
}

static const struct problem *
kit_endpoint_inline(struct request *rq)
{
    return kit_say(rq, "inline");
}

static const struct problem *
kit_endpoint_work(struct request *rq)
{
    atomic_fetch_add(&kit_work_runs, 1);
    return kit_say(rq, "worked");
}

static const struct problem *
kit_endpoint_slow(struct request *rq)
{
    sem_post(&kit_entered);
    sem_wait(&kit_released);
    return kit_say(rq, arena_text(rq->arena, rq->headers.host));
}

static const struct problem *
kit_endpoint_form(struct request *rq)
{
    const char *value = param(rq, "a");

    return kit_say(rq, value != NULL ? value : "nothing");
}

static const struct problem *
kit_endpoint_address(struct request *rq)
{
    return kit_say(rq, rq->ctx->address);
}

static const struct problem *
kit_goes_on(struct request *rq, void *state)
{
    return kit_say(rq, state);
}

static const struct problem *
kit_endpoint_first_inline(struct request *rq)
{
    return request_on_worker(rq, kit_goes_on, arena_text(rq->arena, "moved"));
}

static const struct route kit_routes[] = {
    { "GET", "/doc", kit_endpoint_document, RUN_INLINE, REFUSE_TEXT, 0, NULL, CORS_NONE },
    { "GET", "/inline", kit_endpoint_inline, RUN_INLINE, REFUSE_TEXT, 0, NULL, CORS_NONE },
    { "GET", "/work", kit_endpoint_work, RUN_ON_WORKER, REFUSE_TEXT, 0, NULL, CORS_NONE },
    { "GET", "/slow", kit_endpoint_slow, RUN_ON_WORKER, REFUSE_OAUTH, 0, NULL, CORS_NONE },
    { "POST", "/form", kit_endpoint_form, RUN_ON_WORKER, REFUSE_OAUTH,
      GUARD_PARAMETERS | GUARD_FORM_BODY, NULL, CORS_NONE },
    { "GET", "/address", kit_endpoint_address, RUN_ON_WORKER, REFUSE_TEXT, 0, NULL, CORS_NONE },
    { "GET", "/moves", kit_endpoint_first_inline, RUN_INLINE_FIRST, REFUSE_TEXT, 0, NULL,
      CORS_NONE },
    { 0 },
};

/* Settings as a test starts from; it changes what it needs before kit_start(). */
static inline int
kit_open(void **state)
{
    struct engine_kit *kit = calloc(1, sizeof(*kit));

    if (kit_document == NULL)
        kit_document = document_new("text/css", "public", true, bytes_of_text("body { }"));
    sem_init(&kit_entered, 0, 0);
    sem_init(&kit_released, 0, 0);
    kit->settings.server.issuer = "http://127.0.0.1";
    kit->settings.server.issuer_path = "";
    kit->settings.server.trusted_proxies = "";
    kit->settings.server.connection_limit = 1000;
    kit->settings.server.connections_per_address = 250;
    kit->settings.server.admin_hosts = "";
    kit->settings.server.request_deadline_s = PATIENCE_S;
    kit->settings.server.header_deadline_s = PATIENCE_S;
    kit->settings.server.drain_deadline_s = PATIENCE_S;
    kit->services.settings = &kit->settings;
    kit->services.env = env_machine();
    kit->services.registry = registry_new();
    kit->config = (struct engine_config) {
        .services = &kit->services,
        .routes = kit_routes,
        .listen = "127.0.0.1:0",
        .epoll_threads = 2,
        .workers = 2,
        .queue_limit = 64,
        .tls_certificate_file = "",
        .tls_key_file = "",
    };
    *state = kit;
    return 0;
}

static inline void
kit_start(struct engine_kit *kit)
{
    assert_int_equal(engine_start(&kit->config, &kit->engine), OK);
}

static inline int64_t
kit_drain_until(const struct engine_kit *kit)
{
    return mono_us() + kit->settings.server.drain_deadline_s * INT64_C(1000000);
}

static inline int
kit_close(void **state)
{
    struct engine_kit *kit = *state;

    if (kit->engine != NULL) {
        engine_drain(kit->engine, kit_drain_until(kit), NULL);
        engine_stop(kit->engine);
    }
    sem_destroy(&kit_entered);
    sem_destroy(&kit_released);
    registry_free(kit->services.registry);
    free(kit);
    return 0;
}

static inline int
kit_dial(struct engine_kit *kit)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons(engine_port(kit->engine)),
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct timeval patience = { .tv_sec = PATIENCE_S };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
        return fd;
    close(fd);
    return -1;
}

static inline void
kit_send(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);

        if (sent <= 0)
            return; /* closed on us, which a test sees when it reads */
        bytes += sent;
        size -= (size_t)sent;
    }
}

static inline int
kit_ask(struct engine_kit *kit, const char *text)
{
    int fd = kit_dial(kit);

    assert_true(fd >= 0);
    kit_send(fd, text, strlen(text));
    return fd;
}

#define KIT_ANSWER_MAX 262144

/* All until the other side closes; NULL when it does not. The caller frees it. */
static inline char *
kit_read_all(int fd)
{
    char *answer = calloc(1, KIT_ANSWER_MAX);
    size_t size = 0;
    ssize_t got;

    while ((got = recv(fd, answer + size, KIT_ANSWER_MAX - 1 - size, 0)) > 0)
        size += (size_t)got;
    close(fd);
    return answer;
}

/* One answer of a connection that goes on: its head and, by Content-Length, its body. */
static inline char *
kit_read_one(int fd)
{
    char *answer = calloc(1, KIT_ANSWER_MAX);
    size_t size = 0;
    size_t body = 0;
    char *end = NULL;

    while (end == NULL && recv(fd, answer + size, 1, 0) == 1) {
        size++;
        end = strstr(answer, "\r\n\r\n");
    }
    if (end != NULL && strstr(answer, "Content-Length: ") != NULL)
        body = strtoul(strstr(answer, "Content-Length: ") + 16, NULL, 10);
    while (body > 0 && recv(fd, answer + size, 1, 0) == 1) {
        size++;
        body--;
    }
    return answer;
}

static inline void
assert_status_line(const char *answer, const char *status)
{
    if (strncmp(answer, "HTTP/1.1 ", 9) != 0 || strncmp(answer + 9, status, 3) != 0)
        fail_msg("expected %s, got: %.200s", status, answer);
}

/* Sent, answered with that status, and the connection closed behind it. */
static inline void
assert_turned_away(struct engine_kit *kit, const char *text, const char *status)
{
    char *answer = kit_read_all(kit_ask(kit, text));

    assert_status_line(answer, status);
    assert_null(strstr(answer + 9, "HTTP/1.1 200"));
    free(answer);
}

/* Sent over a connection of its own and answered with status and body. */
static inline void
assert_answered(struct engine_kit *kit, const char *text, const char *status, const char *body)
{
    int fd = kit_ask(kit, text);
    char *answer = kit_read_one(fd);
    const char *end = strstr(answer, "\r\n\r\n");

    close(fd);
    assert_status_line(answer, status);
    assert_non_null(end);
    if (body != NULL)
        assert_string_equal(end + 4, body);
    free(answer);
}

#define in_kit(test) cmocka_unit_test_setup_teardown(test, kit_open, kit_close)

#endif
