/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/callback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idp/base/buf.h"
#include "idp/base/env.h"
#include "idp/base/text.h"

#define HEAD_MAX_BYTES 16384
#define VISITOR_MS 5000 /* who has connected has so long to say what he wants */
#define SECOND_US INT64_C(1000000)

/* --- Listening --- */

/* The port of "http://127.0.0.1:9999/callback", and where its path begins; 0: it is none of ours. */
static uint16_t
port_of(struct arena *arena, const char *uri, const char **path)
{
    static const char *const beginnings[] = { "http://127.0.0.1:", "http://localhost:" };

    for (size_t i = 0; i < 2; i++) {
        const char *port = uri + strlen(beginnings[i]);
        int64_t number;

        if (!text_starts(uri, beginnings[i]))
            continue;
        *path = strchr(port, '/');
        if (*path != NULL && strpbrk(*path, "?#") == NULL &&
            text_to_int(arena_copy(arena, port, (size_t)(*path - port)), 1, UINT16_MAX, &number) ==
                OK)
            return (uint16_t)number;
    }
    return 0;
}

const char *
callback_open(struct arena *arena, const char *uri, struct callback *out)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    uint16_t port = port_of(arena, uri, &out->path);

    out->listener = -1;
    if (port == 0)
        return arena_printf(arena,
                            "%s is no address of this machine with a port and a path, such as "
                            "http://127.0.0.1:9999/callback",
                            uri);
    address.sin_port = htons(port);
    out->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (out->listener < 0 ||
        setsockopt(out->listener, SOL_SOCKET, SO_REUSEADDR, &(int) { 1 }, sizeof(int)) != 0 ||
        bind(out->listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(out->listener, 8) != 0)
        return arena_printf(arena, "port %u of 127.0.0.1 is in use", (unsigned)port);
    return NULL;
}

void
callback_close(void *opened)
{
    struct callback *callback = opened;

    if (callback->listener >= 0)
        close(callback->listener);
    callback->listener = -1;
}

/* --- A visit --- */

static bool
is_readable(int fd, int64_t within_ms)
{
    struct pollfd waits = { .fd = fd, .events = POLLIN };

    return poll(&waits, 1, within_ms > 0 ? (int)within_ms : 0) == 1;
}

/* The whole head of a request; false for what comes too slowly or never ends. */
static bool
head_read(int fd, char head[static HEAD_MAX_BYTES + 1])
{
    size_t size = 0;

    while (size < HEAD_MAX_BYTES && is_readable(fd, VISITOR_MS)) {
        ssize_t got = recv(fd, head + size, HEAD_MAX_BYTES - size, 0);

        if (got <= 0)
            return false;
        size += (size_t)got;
        head[size] = '\0';
        if (strstr(head, "\r\n\r\n") != NULL)
            return true;
    }
    return false;
}

static void
answer_send(struct arena *arena, int fd, const char *status, const char *words)
{
    const char *body = arena_printf(
        arena,
        "<!DOCTYPE html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>Tongxing</title><p>%s",
        words);
    const char *answer = arena_printf(arena,
                                      "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\n"
                                      "Content-Length: %zu\r\nCache-Control: no-store\r\n"
                                      "Content-Security-Policy: default-src 'none'\r\n"
                                      "Connection: close\r\n\r\n%s",
                                      status, strlen(body), body);
    size_t size = strlen(answer);

    while (size > 0) {
        ssize_t sent = send(fd, answer, size, MSG_NOSIGNAL);

        if (sent <= 0)
            return; /* the browser has gone: what it brought is here */
        answer += sent;
        size -= (size_t)sent;
    }
}

/* The query, when it is a GET of the path; NULL for anything else. */
static const char *
query_of(char *head, const char *path)
{
    char *target = head + strlen("GET ");
    char *end = strchr(head, '\r');
    char *query;

    if (!text_starts(head, "GET ") || end == NULL)
        return NULL;
    *end = '\0';
    end = strchr(target, ' ');
    query = strchr(target, '?');
    if (end == NULL || query == NULL || query > end)
        return NULL;
    *end = '\0';
    *query = '\0';
    return text_eq(target, path) ? query + 1 : NULL;
}

static bool
visit(struct callback *callback, struct arena *arena, int fd, struct params *out)
{
    char *head = arena_alloc(arena, HEAD_MAX_BYTES + 1);
    const char *query = head_read(fd, head) ? query_of(head, callback->path) : NULL;

    if (query == NULL || params_parse(arena, query, strlen(query), out) != OK) {
        answer_send(arena, fd, "404 Not Found", "没有这个页面。There is no such page.");
        return false;
    }
    answer_send(
        arena, fd, "200 OK",
        "已经完成，结果在终端中，可以关闭此页。Done: the terminal says what came of it. You may close this page.");
    return true;
}

enum err
callback_wait(struct callback *callback, struct arena *arena, int64_t within_s, struct params *out)
{
    int64_t until_us = mono_us() + within_s * SECOND_US;
    bool came = false;

    while (!came && is_readable(callback->listener, (until_us - mono_us()) / 1000)) {
        int fd = accept4(callback->listener, NULL, NULL, SOCK_CLOEXEC);

        if (fd < 0)
            continue;
        came = visit(callback, arena, fd, out);
        close(fd);
    }
    return came ? OK : ERR_EXPIRED;
}
