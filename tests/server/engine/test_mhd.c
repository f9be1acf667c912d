/* SPDX-License-Identifier: Apache-2.0 */
/* How work begins, takes too long and ends. */
#include "tests/server/kit.h"

#include <poll.h>
#include <pthread.h>

#define HEAD " HTTP/1.1\r\nHost: a\r\n"
#define SLOW "GET /slow" HEAD "\r\n"
#define WORK "GET /work" HEAD "\r\n"
#define INLINE "GET /inline" HEAD "\r\n"

static void
assert_reads(int fd, const char *status, const char *text)
{
    char *answer = kit_read_one(fd);

    assert_status_line(answer, status);
    assert_non_null(strstr(answer, text));
    free(answer);
}

/* True when the other side ends the connection without having said anything. */
static bool
is_cut(int fd)
{
    char byte;
    bool cut = recv(fd, &byte, 1, 0) <= 0;

    close(fd);
    return cut;
}

static void
an_address_that_is_taken_or_none_is_refused(void **state)
{
    struct engine_kit *kit = *state;
    struct engine *second = NULL;
    char listen[32];

    kit_start(kit);
    snprintf(listen, sizeof(listen), "127.0.0.1:%d", engine_port(kit->engine));
    kit->config.listen = listen;
    assert_int_equal(engine_start(&kit->config, &second), ERR_UNAVAILABLE);
    kit->config.listen = "localhost";
    assert_int_equal(engine_start(&kit->config, &second), ERR_INVALID);
    kit->config.listen = "127.0.0.1:0";
    kit->config.tls_certificate_file = "/nowhere/cert.pem";
    assert_int_equal(engine_start(&kit->config, &second), ERR_INVALID);
}

static void
ht_04_a_client_that_drips_is_cut_while_others_are_served(void **state)
{
    enum {
        DRIPPERS = 100
    };
    struct engine_kit *kit = *state;
    int fds[DRIPPERS];

    kit->settings.server.header_deadline_s = 1;
    kit_start(kit);
    for (int i = 0; i < DRIPPERS; i++)
        fds[i] = kit_ask(kit, i % 2 == 0 ? "GET /inl" : "GET /inline" HEAD "X-Slow:");
    for (int tick = 0; tick < 8; tick++) {
        for (int i = 0; i < DRIPPERS; i++)
            kit_send(fds[i], "x", 1);
        assert_answered(kit, INLINE, "200", "inline");
        usleep(200000);
    }
    for (int i = 0; i < DRIPPERS; i++)
        assert_true(is_cut(fds[i]));
}

static void
ht_09_a_body_that_is_promised_and_never_sent_is_not_waited_for(void **state)
{
    struct engine_kit *kit = *state;
    int fd;
    char *answer;

    kit->settings.server.header_deadline_s = 1;
    kit_start(kit);
    fd = kit_ask(kit, "POST /form" HEAD "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    answer = kit_read_all(fd);
    assert_string_equal(answer, "HTTP/1.1 100 Continue\r\n\r\n");
    free(answer);
}

/* Of two that ask for the last place in the queue, the one that did not
 * get it is answered first. */
static void
a_full_queue_is_a_503_at_once(void **state)
{
    struct engine_kit *kit = *state;
    struct pollfd polls[2];
    int running;
    int turned_away;

    kit->config.workers = 1;
    kit->config.queue_limit = 1;
    kit_start(kit);
    running = kit_ask(kit, SLOW);
    sem_wait(&kit_entered);
    for (int i = 0; i < 2; i++)
        polls[i] = (struct pollfd) { .fd = kit_ask(kit, SLOW), .events = POLLIN };
    assert_true(poll(polls, 2, PATIENCE_S * 1000) == 1);
    turned_away = polls[0].revents != 0 ? 0 : 1;
    assert_reads(polls[turned_away].fd, "503", "Retry-After: 2");
    sem_post(&kit_released);
    sem_post(&kit_released);
    assert_reads(running, "200", "\r\n\r\na");
    assert_reads(polls[1 - turned_away].fd, "200", "\r\n\r\na");
    close(running);
    close(polls[0].fd);
    close(polls[1].fd);
}

static void
work_beyond_its_deadline_is_answered_503_while_it_still_runs(void **state)
{
    struct engine_kit *kit = *state;
    int running;
    int waiting;

    kit->settings.server.request_deadline_s = 1;
    kit->config.workers = 1;
    kit_start(kit);
    running = kit_ask(kit, SLOW);
    sem_wait(&kit_entered);
    waiting = kit_ask(kit, WORK);
    assert_reads(running, "503", "temporarily_unavailable");
    assert_reads(waiting, "503", "Retry-After: 2");
    assert_true(is_cut(running));
    assert_true(is_cut(waiting));
    sem_post(&kit_released);
    assert_answered(kit, WORK, "200", "worked");
}

static void
work_for_a_client_that_left_is_not_done(void **state)
{
    struct engine_kit *kit = *state;
    int running;

    kit->config.workers = 1;
    kit_start(kit);
    running = kit_ask(kit, SLOW);
    sem_wait(&kit_entered);
    kit_work_runs = 0;
    close(kit_ask(kit, WORK));
    sem_post(&kit_released);
    assert_reads(running, "200", "\r\n\r\na");
    close(running);
    assert_answered(kit, WORK, "200", "worked");
    assert_int_equal(kit_work_runs, 1);
}

#define SILENT 200

/* From another address of this machine. */
static int
dial_from(struct engine_kit *kit, uint32_t from)
{
    struct sockaddr_in own = { .sin_family = AF_INET, .sin_addr = { htonl(from) } };
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons(engine_port(kit->engine)),
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof(own)), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    return fd;
}

/* Whoever sits in silence gives way; the request under way from the same address does not. */
static void
z13_two_hundred_silent_sockets_keep_nobody_out(void **state)
{
    struct engine_kit *kit = *state;
    int silent[SILENT];
    int running;

    kit->settings.server.connection_limit = 64;
    kit_start(kit);
    running = dial_from(kit, INADDR_LOOPBACK + 1);
    kit_send(running, SLOW, strlen(SLOW));
    sem_wait(&kit_entered);
    for (int i = 0; i < SILENT; i++)
        silent[i] = dial_from(kit, INADDR_LOOPBACK + 1);
    for (int i = 0; i < 20; i++)
        assert_answered(kit, WORK, "200", "worked");
    sem_post(&kit_released);
    assert_reads(running, "200", "\r\n\r\na");
    close(running);
    for (int i = 0; i < SILENT; i++)
        close(silent[i]);
}

struct draining {
    struct engine_kit *kit;
    _Atomic(bool) hurry;
    atomic_bool done;
    pthread_t thread;
};

static void *
drain(void *at)
{
    struct draining *draining = at;

    engine_drain(draining->kit->engine, kit_drain_until(draining->kit), &draining->hurry);
    draining->done = true;
    return NULL;
}

static void
drain_start(struct draining *draining, struct engine_kit *kit)
{
    int fd;

    draining->kit = kit;
    draining->hurry = false;
    draining->done = false;
    assert_int_equal(pthread_create(&draining->thread, NULL, drain, draining), 0);
    while ((fd = kit_dial(kit)) >= 0)
        close(fd);
}

static void
drain_join(struct draining *draining)
{
    pthread_join(draining->thread, NULL);
    engine_stop(draining->kit->engine);
    draining->kit->engine = NULL;
}

static void
draining_lets_work_under_way_end_and_takes_no_new_connection(void **state)
{
    struct engine_kit *kit = *state;
    struct draining draining;
    int fd;

    kit_start(kit);
    fd = kit_ask(kit, SLOW);
    sem_wait(&kit_entered);
    drain_start(&draining, kit);
    assert_false(draining.done);
    sem_post(&kit_released);
    assert_reads(fd, "200", "Connection: close");
    assert_true(is_cut(fd));
    drain_join(&draining);
}

static void
draining_tells_kept_connections_to_close(void **state)
{
    struct engine_kit *kit = *state;
    struct draining draining;
    int busy;
    int kept;

    kit_start(kit);
    busy = kit_ask(kit, SLOW);
    kept = kit_ask(kit, INLINE);
    sem_wait(&kit_entered);
    assert_reads(kept, "200", "inline");
    drain_start(&draining, kit);
    kit_send(kept, "GET /doc" HEAD "\r\n", strlen("GET /doc" HEAD "\r\n"));
    assert_reads(kept, "200", "Connection: close");
    assert_true(is_cut(kept));
    sem_post(&kit_released);
    assert_reads(busy, "200", "Connection: close");
    close(busy);
    drain_join(&draining);
}

static void
draining_answers_503_for_what_does_not_end_in_time(void **state)
{
    struct engine_kit *kit = *state;
    struct draining draining;
    int fd;

    kit->settings.server.drain_deadline_s = 1;
    kit_start(kit);
    fd = kit_ask(kit, SLOW);
    sem_wait(&kit_entered);
    drain_start(&draining, kit);
    assert_reads(fd, "503", "temporarily_unavailable");
    close(fd);
    sem_post(&kit_released);
    drain_join(&draining);
}

static void
a_second_signal_hurries_draining(void **state)
{
    struct engine_kit *kit = *state;
    struct draining draining;
    int fd;

    kit_start(kit);
    fd = kit_ask(kit, SLOW);
    sem_wait(&kit_entered);
    drain_start(&draining, kit);
    draining.hurry = true;
    assert_reads(fd, "503", "temporarily_unavailable");
    close(fd);
    sem_post(&kit_released);
    drain_join(&draining);
}

/* Closing the listening socket too early made libmicrohttpd abort now and then. */
static void
an_engine_may_be_ended_as_soon_as_it_has_started(void **state)
{
    struct engine_kit *kit = *state;

    for (int i = 0; i < 200; i++) {
        kit_start(kit);
        engine_drain(kit->engine, kit_drain_until(kit), NULL);
        engine_stop(kit->engine);
    }
    kit->engine = NULL;
}

static void
tls_without_a_key_or_a_certificate_is_refused(void **state)
{
    static const char text[] = SOURCE_DIR "/LICENSE";
    struct engine_kit *kit = *state;

    kit->config.tls_certificate_file = text;
    kit->config.tls_key_file = "/nowhere/key.pem";
    assert_int_equal(engine_start(&kit->config, &kit->engine), ERR_INVALID);
    kit->config.tls_key_file = text;
    assert_int_equal(engine_start(&kit->config, &kit->engine), ERR_INVALID);
    assert_null(kit->engine);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_kit(an_address_that_is_taken_or_none_is_refused),
        in_kit(z13_two_hundred_silent_sockets_keep_nobody_out),
        in_kit(ht_04_a_client_that_drips_is_cut_while_others_are_served),
        in_kit(ht_09_a_body_that_is_promised_and_never_sent_is_not_waited_for),
        in_kit(a_full_queue_is_a_503_at_once),
        in_kit(work_beyond_its_deadline_is_answered_503_while_it_still_runs),
        in_kit(work_for_a_client_that_left_is_not_done),
        in_kit(draining_lets_work_under_way_end_and_takes_no_new_connection),
        in_kit(draining_tells_kept_connections_to_close),
        in_kit(draining_answers_503_for_what_does_not_end_in_time),
        in_kit(a_second_signal_hurries_draining),
        in_kit(an_engine_may_be_ended_as_soon_as_it_has_started),
        in_kit(tls_without_a_key_or_a_certificate_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
