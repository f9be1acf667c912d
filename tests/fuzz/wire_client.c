/* SPDX-License-Identifier: Apache-2.0 */
/* The other end of the wire, and what it holds the server to (wire.h). */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "idp/base/env.h"
#include "tests/fuzz/wire.h"

#define ANSWERS_MAX (8U << 20)
#define PATIENCE_US (20 * INT64_C(1000000))
/* Nothing moves for so long and no worker is at it: the server waits for more than there is. */
#define QUIET_NS 300000
/* So often: it will say nothing before a deadline of its own, which is not waited for. */
#define STALLED_AFTER 100

/* One pair of buffers: the fuzzer is one client. */
static char answers[ANSWERS_MAX + 1]; /* ends with a NUL */

static struct {
    uint64_t inputs;
    uint64_t requests; /* answered */
    uint64_t engine_500;
    uint64_t stalled;    /* neither answered nor closed before a deadline */
    uint64_t answers[6]; /* by the first digit of the status */
} figures;

struct talk {
    int fd;
    const struct wire_script *script;
    size_t piece;
    size_t sent; /* of the piece */
    size_t got;
    bool half_closed;
    unsigned quiet; /* times that nothing moved, one after the other */
    int64_t until_us;
};

static void
finding(const struct talk *talk, const char *what)
{
    fprintf(stderr, "wire: %s\n--- sent:\n", what);
    for (size_t i = 0; i < talk->script->count; i++)
        fwrite(talk->script->pieces[i].at, 1, talk->script->pieces[i].size, stderr);
    fprintf(stderr, "\n--- answered:\n%.4000s\n", answers);
    abort();
}

/* --- Talking --- */

static bool
all_sent(const struct talk *talk)
{
    return talk->piece == talk->script->count;
}

static void
send_some(struct talk *talk)
{
    const struct bytes *piece = &talk->script->pieces[talk->piece];
    ssize_t sent = send(talk->fd, piece->at + talk->sent, piece->size - talk->sent,
                        MSG_NOSIGNAL | MSG_DONTWAIT);

    if (sent < 0) { /* closed on us: what it said is still to be read */
        talk->piece = talk->script->count;
        return;
    }
    talk->sent += (size_t)sent;
    if (talk->sent < piece->size)
        return;
    talk->piece++;
    talk->sent = 0;
}

/* False at the end. */
static bool
read_some(struct talk *talk)
{
    ssize_t got = recv(talk->fd, answers + talk->got, ANSWERS_MAX - talk->got, MSG_DONTWAIT);

    if (got <= 0)
        return false;
    talk->got += (size_t)got;
    if (talk->got == ANSWERS_MAX)
        finding(talk, "answers without end");
    return true;
}

/* Nothing moved. What the server waits for may be the end. */
static void
keep_quiet(struct talk *talk)
{
    if (!wire_is_idle())
        return;
    talk->quiet++;
    if (talk->half_closed || !all_sent(talk))
        return;
    shutdown(talk->fd, SHUT_WR);
    talk->half_closed = true;
}

/* False when the server has closed. */
static bool
step(struct talk *talk)
{
    bool rest = !all_sent(talk);
    struct pollfd pollfd = { .fd = talk->fd, .events = (short)(rest ? POLLIN | POLLOUT : POLLIN) };

    const struct timespec quiet = { .tv_nsec = QUIET_NS };
    int ready = ppoll(&pollfd, 1, &quiet, NULL);

    if (ready <= 0) {
        if (ready == 0)
            keep_quiet(talk);
        return true;
    }
    talk->quiet = 0;
    if ((pollfd.revents & (POLLIN | POLLHUP | POLLERR)) != 0)
        return read_some(talk);
    send_some(talk);
    return true;
}

/* libmicrohttpd does not always see that there is more to read (or that there will be none), and
 * waits until connections_cut(). */
static bool
is_stalled(const struct talk *talk)
{
    if (talk->quiet < STALLED_AFTER)
        return false;
    figures.stalled++;
    return true;
}

/* A client that leaves hears nothing more. */
static bool
client_leaves(const struct talk *talk)
{
    return talk->script->closes && all_sent(talk);
}

static void
exchange(struct talk *talk)
{
    talk->until_us = mono_us() + PATIENCE_US;
    while (!client_leaves(talk) && !is_stalled(talk) && step(talk)) {
        if (mono_us() > talk->until_us)
            finding(talk, "no answer and no close");
    }
    answers[talk->got] = '\0';
    close(talk->fd);
}

/* --- Judging --- */

/* 501 and 505 say that a method or a version is not known. A 500 of libmicrohttpd's own (a chunk's
 * line longer than its buffer, in 0.9.75) carries no X-Request-Id: known, counted, nothing of
 * ours. */
static bool
answer_is_sound(int status, const char *at, size_t left)
{
    static const char ours[] = "\r\nX-Request-Id: ";

    if (status != 500)
        return (status >= 100 && status < 500) || status == 501 || status == 503 || status == 505;
    if (memmem(at, left, ours, sizeof(ours) - 1) != NULL)
        return false;
    figures.engine_500++;
    return true;
}

/* 0: no answer begins here. */
static int
status_of(const char *at, size_t left)
{
    if (left < 12 || strncmp(at, "HTTP/1.", 7) != 0)
        return 0;
    return 100 * (at[9] - '0') + 10 * (at[10] - '0') + (at[11] - '0');
}

static size_t
content_length(const char *head, const char *end)
{
    const char *field = memmem(head, (size_t)(end - head), "\r\nContent-Length: ", 18);
    size_t length = 0;

    for (const char *c = field != NULL ? field + 18 : end; c < end && *c >= '0' && *c <= '9'; c++)
        length = 10 * length + (size_t)(*c - '0');
    return length;
}

/* To where the next answer begins. Those to HEAD have a length and no body. */
static const char *
answer_skip(const struct talk *talk, const char *at)
{
    const char *end = memmem(at, talk->got - (size_t)(at - answers), "\r\n\r\n", 4);
    size_t left;
    size_t body;

    if (end == NULL)
        return answers + talk->got; /* cut: an answer was under way when the server closed */
    body = content_length(at, end);
    end += 4;
    left = talk->got - (size_t)(end - answers);
    if (left == 0 || strncmp(end, "HTTP/1.", 7) == 0)
        return end;
    return body <= left ? end + body : answers + talk->got;
}

static void
judge(const struct talk *talk)
{
    const char *at = answers;

    while (at < answers + talk->got) {
        size_t left = talk->got - (size_t)(at - answers);
        int status = status_of(at, left);

        if (!answer_is_sound(status, at, left))
            finding(talk, "an answer that must not be");
        figures.answers[status / 100]++;
        figures.requests += status >= 200;
        at = answer_skip(talk, at);
    }
}

void
wire_talk(int fd, const struct wire_script *script)
{
    struct talk talk = { .fd = fd, .script = script };

    exchange(&talk);
    judge(&talk);
    figures.inputs++;
}

void
wire_report(void)
{
    fprintf(stderr,
            "wire: %llu inputs, %llu requests answered, %llu stalled, "
            "%llu times libmicrohttpd's own 500; answers 2xx %llu, 3xx %llu, 4xx %llu, 5xx %llu\n",
            (unsigned long long)figures.inputs, (unsigned long long)figures.requests,
            (unsigned long long)figures.stalled, (unsigned long long)figures.engine_500,
            (unsigned long long)figures.answers[2], (unsigned long long)figures.answers[3],
            (unsigned long long)figures.answers[4], (unsigned long long)figures.answers[5]);
}
