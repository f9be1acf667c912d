/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Load that must follow its own answers, which wrk cannot: chains of refresh tokens, and whole
 * logins with their redirects, cookies and forms. One thread and one connection each; closed loop;
 * only to 127.0.0.1.
 *
 *     bench_load PORT CONNECTIONS SECONDS LIMIT <plan
 *
 * The plan is lines `name value`: kind (refresh, code, login), host, authorization, token (path),
 * authorize (path and query), redirect (where codes go), body (sent with each code), fields (of the
 * login form), and `start` once or more (a refresh token, a cookie, or fields of the form that name
 * a person; given out in turn). It ends after SECONDS, or after LIMIT turns when that is not 0, and
 * prints one line of JSON; `busy` are answers 503.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 256
#define STARTS_MAX 256
#define COOKIES_MAX 16
#define HOPS_MAX 8
#define TEXT_MAX 8192
#define ANSWER_MAX 131072

enum load_outcome {
    DONE,
    BUSY,
    FAILED
};

static struct {
    char kind[16];
    char host[128];
    char authorization[512];
    char token[256];
    char authorize[2048];
    char redirect[256];
    char body[1024];
    char *starts[STARTS_MAX];
    size_t start_count;
    uint16_t port;
    int64_t until_us;
    int64_t limit;
    _Atomic int64_t turns;
} plan;

struct client {
    pthread_t thread;
    int fd;
    const char *start;
    int64_t turn;
    char token[TEXT_MAX]; /* refresh token in hand */
    char cookies[COOKIES_MAX][TEXT_MAX];
    size_t cookie_count;
    char request[4 * TEXT_MAX];
    char answer[ANSWER_MAX];
    char *body;
    int status;
    uint32_t *taken_us;
    size_t done, room, busy, failed;
};

static int64_t
now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

/* --- One exchange --- */

static bool
dial(struct client *c)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(plan.port) };
    struct timeval patience = { .tv_sec = 60 };
    int on = 1;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    return connect(c->fd, (struct sockaddr *)&address, sizeof(address)) == 0;
}

static void
hang_up(struct client *c)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
}

/* The text behind `name` in the head of the answer, NULL when there is no such header. */
static const char *
header_next(const struct client *c, const char *from, const char *name)
{
    const char *line = strstr(from, "\r\n");

    for (; line != NULL && line + 2 < c->body - 2; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, name, strlen(name)) == 0)
            return line + 2 + strlen(name);
    }
    return NULL;
}

static size_t
body_size(const struct client *c)
{
    const char *length = header_next(c, c->answer, "content-length: ");

    return length != NULL ? strtoul(length, NULL, 10) : 0;
}

static bool
answer_read(struct client *c)
{
    size_t size = 0;

    c->body = NULL;
    for (;;) {
        ssize_t got = recv(c->fd, c->answer + size, ANSWER_MAX - 1 - size, 0);

        if (got <= 0)
            return false;
        size += (size_t)got;
        c->answer[size] = '\0';
        if (c->body == NULL && (c->body = strstr(c->answer, "\r\n\r\n")) != NULL)
            c->body += 4;
        if (c->body != NULL && size >= (size_t)(c->body - c->answer) + body_size(c))
            break;
    }
    c->status = (int)strtol(c->answer + strlen("HTTP/1.1 "), NULL, 10);
    return true;
}

/* The last word on a cookie counts; an empty one is gone. */
static void
cookie_keep(struct client *c, const char *cookie)
{
    size_t size = strcspn(cookie, ";\r");
    size_t name = strcspn(cookie, "=") + 1;
    size_t i = 0;

    while (i < c->cookie_count && strncmp(c->cookies[i], cookie, name) != 0)
        i++;
    if (i == COOKIES_MAX || size >= TEXT_MAX)
        return;
    c->cookie_count += i == c->cookie_count;
    memcpy(c->cookies[i], cookie, size);
    c->cookies[i][size == name ? 0 : size] = '\0';
}

static void
cookies_keep(struct client *c)
{
    const char *at = c->answer;

    while ((at = header_next(c, at, "set-cookie: ")) != NULL)
        cookie_keep(c, at);
}

static size_t
cookies_put(const struct client *c, char *to, size_t room)
{
    size_t size = 0;

    for (size_t i = 0; i < c->cookie_count && size < room; i++)
        if (c->cookies[i][0] != '\0')
            size += (size_t)snprintf(to + size, room - size, "%s%s", size == 0 ? "Cookie: " : "; ",
                                     c->cookies[i]);
    if (size > 0 && size < room)
        size += (size_t)snprintf(to + size, room - size, "\r\n");
    return size;
}

/* Each turn comes from an address of its own, as from a proxy: many people do not share one. */
static size_t
browser_headers_put(const struct client *c, char *to, size_t room)
{
    int64_t n = c->turn;
    size_t size = (size_t)snprintf(to, room, "X-Forwarded-For: 10.%d.%d.%d\r\n",
                                   (int)(n >> 16 & 255), (int)(n >> 8 & 255), (int)(n & 255));

    return size + cookies_put(c, to + size, room - size);
}

/* `body` NULL: a GET. */
static bool
exchange(struct client *c, const char *path, const char *headers, const char *body)
{
    size_t room = sizeof(c->request);
    size_t size = (size_t)snprintf(c->request, room, "%s %s HTTP/1.1\r\nHost: %s\r\n%s",
                                   body != NULL ? "POST" : "GET", path, plan.host, headers);

    if (*headers == '\0')
        size += browser_headers_put(c, c->request + size, room - size);
    if (body != NULL)
        size += (size_t)snprintf(
            c->request + size, room - size,
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
            strlen(body), body);
    else
        size += (size_t)snprintf(c->request + size, room - size, "\r\n");
    if (c->fd < 0 && !dial(c))
        return false;
    if (size >= room || send(c->fd, c->request, size, MSG_NOSIGNAL) != (ssize_t)size ||
        !answer_read(c))
        return false;
    cookies_keep(c);
    if (header_next(c, c->answer, "connection: close") != NULL)
        hang_up(c);
    return true;
}

/* --- What a turn is --- */

/* The text between `before` and `end`; false when it is not there or too long. */
static bool
text_between(const char *text, const char *before, char end, char out[static TEXT_MAX])
{
    const char *start = text != NULL ? strstr(text, before) : NULL;
    const char *stop;

    if (start == NULL)
        return false;
    start += strlen(before);
    stop = strchr(start, end);
    if (stop == NULL || stop - start >= TEXT_MAX)
        return false;
    memcpy(out, start, (size_t)(stop - start));
    out[stop - start] = '\0';
    return true;
}

static enum load_outcome
refusal(const struct client *c)
{
    return c->status == 503 ? BUSY : FAILED;
}

static enum load_outcome
token_post(struct client *c, const char *body)
{
    char headers[600];

    snprintf(headers, sizeof(headers), "Authorization: %s\r\n", plan.authorization);
    if (!exchange(c, plan.token, headers, body))
        return FAILED;
    return c->status == 200 ? DONE : refusal(c);
}

static enum load_outcome
turn_refresh(struct client *c)
{
    char body[TEXT_MAX + 64];
    enum load_outcome outcome;

    snprintf(body, sizeof(body), "grant_type=refresh_token&refresh_token=%s", c->token);
    outcome = token_post(c, body);
    if (outcome == DONE && !text_between(c->body, "\"refresh_token\":\"", '"', c->token))
        return FAILED;
    return outcome;
}

static enum load_outcome
code_exchange(struct client *c, const char *location)
{
    char code[TEXT_MAX];
    char body[2 * TEXT_MAX];

    if (!text_between(location, "code=", '&', code))
        return FAILED;
    snprintf(body, sizeof(body), "grant_type=authorization_code&code=%s&%s", code, plan.body);
    return token_post(c, body);
}

/* The first form of the page, with its hidden fields and ours. */
static bool
form_send(struct client *c)
{
    static const char hidden[] = "<input type=\"hidden\" name=\"";
    const char *form = strstr(c->body, "<form");
    const char *end = form != NULL ? strstr(form, "</form>") : NULL;
    char action[TEXT_MAX];
    char name[TEXT_MAX];
    char value[TEXT_MAX];
    char body[3 * TEXT_MAX];
    int size = snprintf(body, sizeof(body), "%s", c->start);

    if (end == NULL || !text_between(form, "action=\"", '"', action))
        return false;
    while ((form = strstr(form, hidden)) != NULL && form < end) {
        if (!text_between(form, hidden, '"', name) || !text_between(form, "value=\"", '"', value))
            return false;
        size += snprintf(body + size, sizeof(body) - (size_t)size, "&%s=%s", name, value);
        form += strlen(hidden);
    }
    return exchange(c, action, "", body);
}

/* Follows redirects and fills the form until the code arrives. */
static enum load_outcome
turn_login(struct client *c)
{
    char location[TEXT_MAX + 1];
    char *path = plan.authorize;
    bool got = exchange(c, path, "", NULL);

    for (int hop = 0; got && hop < HOPS_MAX; hop++) {
        const char *header = header_next(c, c->answer, "location: ");

        if (header == NULL) {
            if (c->status != 200)
                return refusal(c);
            got = form_send(c);
            continue;
        }
        snprintf(location, sizeof(location), "%.*s&", (int)strcspn(header, "\r"), header);
        if (strncmp(location, plan.redirect, strlen(plan.redirect)) == 0)
            return code_exchange(c, location);
        location[strlen(location) - 1] = '\0';
        path = strstr(location, "://");
        path = path != NULL ? strchr(path + 3, '/') : location;
        got = path != NULL && exchange(c, path, "", NULL);
    }
    return FAILED;
}

static enum load_outcome
turn(struct client *c)
{
    if (strcmp(plan.kind, "refresh") == 0)
        return turn_refresh(c);
    c->cookie_count = 0;
    if (strcmp(plan.kind, "code") == 0)
        cookie_keep(c, c->start);
    return turn_login(c);
}

/* --- Clients --- */

static void
note(struct client *c, int64_t us)
{
    if (c->done == c->room) {
        c->room = c->room == 0 ? 4096 : 2 * c->room;
        c->taken_us = realloc(c->taken_us, c->room * sizeof(c->taken_us[0]));
        if (c->taken_us == NULL)
            abort();
    }
    c->taken_us[c->done++] = (uint32_t)us;
}

static void *
client_run(void *at)
{
    struct client *c = at;
    int64_t began = now_us();

    while (began < plan.until_us) {
        enum load_outcome outcome;
        int64_t ended;

        c->turn = plan.turns++;
        if (plan.limit != 0 && c->turn >= plan.limit)
            break;
        outcome = turn(c);
        ended = now_us();
        if (outcome == DONE)
            note(c, ended - began);
        else
            hang_up(c);
        c->busy += outcome == BUSY;
        c->failed += outcome == FAILED;
        began = ended;
    }
    hang_up(c);
    return NULL;
}

static int
by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static void
report(const struct client *clients, size_t count, int64_t began)
{
    struct client all = { 0 };
    double seconds = (double)(now_us() - began) / 1e6;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < clients[i].done; j++)
            note(&all, clients[i].taken_us[j]);
        all.busy += clients[i].busy;
        all.failed += clients[i].failed;
    }
    if (all.done > 0)
        qsort(all.taken_us, all.done, sizeof(all.taken_us[0]), by_size);
    printf(
        "{\"done\":%zu,\"busy\":%zu,\"failed\":%zu,\"seconds\":%.3f,\"p50_us\":%u,\"p99_us\":%u}\n",
        all.done, all.busy, all.failed, seconds, all.done > 0 ? all.taken_us[all.done / 2] : 0,
        all.done > 0 ? all.taken_us[all.done * 99 / 100] : 0);
}

/* --- The plan --- */

static void
plan_line(const char *name, const char *value)
{
    static const struct {
        const char *name;
        char *to;
        size_t size;
    } texts[] = {
        { "kind", plan.kind, sizeof(plan.kind) },
        { "host", plan.host, sizeof(plan.host) },
        { "authorization", plan.authorization, sizeof(plan.authorization) },
        { "token", plan.token, sizeof(plan.token) },
        { "authorize", plan.authorize, sizeof(plan.authorize) },
        { "redirect", plan.redirect, sizeof(plan.redirect) },
        { "body", plan.body, sizeof(plan.body) },
    };

    if (strcmp(name, "start") == 0 && plan.start_count < STARTS_MAX)
        plan.starts[plan.start_count++] = strdup(value);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (strcmp(name, texts[i].name) == 0)
            snprintf(texts[i].to, texts[i].size, "%s", value);
}

static void
plan_read(void)
{
    char line[TEXT_MAX];

    while (fgets(line, sizeof(line), stdin) != NULL) {
        char *space = strchr(line, ' ');

        line[strcspn(line, "\n")] = '\0';
        if (space == NULL)
            continue;
        *space = '\0';
        plan_line(line, space + 1);
    }
}

int
main(int argc, char **argv)
{
    struct client *clients = calloc(CONNECTIONS_MAX, sizeof(*clients));
    int64_t began = now_us();
    size_t count;

    if (argc != 5 || clients == NULL) {
        fprintf(stderr, "usage: bench_load PORT CONNECTIONS SECONDS LIMIT <plan\n");
        free(clients);
        return 2;
    }
    plan_read();
    plan.port = (uint16_t)strtoul(argv[1], NULL, 10);
    plan.until_us = began + (int64_t)(strtod(argv[3], NULL) * 1e6);
    plan.limit = strtol(argv[4], NULL, 10);
    count = strtoul(argv[2], NULL, 10) % (CONNECTIONS_MAX + 1);
    for (size_t i = 0; i < count; i++) {
        struct client *c = &clients[i];

        c->fd = -1;
        c->start = plan.start_count > 0 ? plan.starts[i % plan.start_count] : "";
        snprintf(c->token, sizeof(c->token), "%s", c->start);
        if (pthread_create(&c->thread, NULL, client_run, c) != 0)
            abort();
    }
    for (size_t i = 0; i < count; i++)
        pthread_join(clients[i].thread, NULL);
    report(clients, count, began);
    free(clients);
    return 0;
}
