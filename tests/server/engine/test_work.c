/* SPDX-License-Identifier: Apache-2.0 */
/* Who waits for somebody else holds no worker, and is answered once, whatever comes in between. */
#include "tests/server/kit.h"

#include <pthread.h>

#include "idp/base/metrics.h"

#define HEAD " HTTP/1.1\r\nHost: a\r\n\r\n"
#define BANK "GET /bank" HEAD
#define HASH "GET /hash" HEAD
#define BEGINS "GET /begins" HEAD
#define WORK "GET /work" HEAD
#define MANY 64

static atomic_int asked;
static atomic_int ended;

struct work_asking {
    bool answered;
};

static void
ask_somebody(struct ctx *ctx, void *state)
{
    struct work_asking *asking = state;

    assert_null(ctx->store);
    atomic_fetch_add(&asked, 1);
    sem_post(&kit_entered);
    sem_wait(&kit_released);
    asking->answered = true;
}

static const struct ask ask_a_bank = { LANE_BANK, ask_somebody };
static const struct ask ask_a_hash = { LANE_HASH, ask_somebody };

static const struct problem *
end(struct request *rq, void *state)
{
    const struct work_asking *asking = state;

    atomic_fetch_add(&ended, 1);
    return asking->answered ? kit_say(rq, "answered") : &problem_try_again;
}

static const struct problem *
park(struct request *rq, const struct ask *ask)
{
    struct work_asking *asking = arena_alloc(rq->arena, sizeof(*asking));

    asking->answered = false;
    return request_ask(rq, ask, asking, end, asking);
}

static const struct problem *
endpoint_bank(struct request *rq)
{
    return park(rq, &ask_a_bank);
}

static const struct problem *
endpoint_hash(struct request *rq)
{
    return park(rq, &ask_a_hash);
}

/* Held up in its first part. */
static const struct problem *
endpoint_begins(struct request *rq)
{
    sem_post(&kit_entered);
    sem_wait(&kit_released);
    return park(rq, &ask_a_bank);
}

static const struct route routes[] = {
    { "GET", "/bank", endpoint_bank, RUN_ON_WORKER, REFUSE_OAUTH, 0, NULL, CORS_NONE },
    { "GET", "/hash", endpoint_hash, RUN_ON_WORKER, REFUSE_OAUTH, 0, NULL, CORS_NONE },
    { "GET", "/begins", endpoint_begins, RUN_ON_WORKER, REFUSE_OAUTH, 0, NULL, CORS_NONE },
    { "GET", "/work", kit_endpoint_work, RUN_ON_WORKER, REFUSE_TEXT, 0, NULL, CORS_NONE },
    { 0 },
};

static void
start(struct engine_kit *kit, size_t threads, size_t queue_limit)
{
    atomic_store(&asked, 0);
    atomic_store(&ended, 0);
    kit->config.routes = routes;
    kit->config.lanes[LANE_BANK] = (struct lane_size) { threads, queue_limit };
    kit->config.lanes[LANE_HASH] = (struct lane_size) { threads, queue_limit };
    kit_start(kit);
}

static void
assert_reads(int fd, const char *status)
{
    char *answer = kit_read_one(fd);

    assert_status_line(answer, status);
    free(answer);
    close(fd);
}

/* Until a count that another thread moves is there; the patience is for what is broken. */
static void
await(atomic_int *count, int value)
{
    for (int i = 0; i < PATIENCE_S * 1000 && atomic_load(count) < value; i++)
        usleep(1000);
    assert_int_equal(atomic_load(count), value);
}

static void
z5_sixty_four_that_wait_for_a_bank_leave_both_workers_to_others(void **state)
{
    struct engine_kit *kit = *state;
    int fds[MANY];

    start(kit, MANY, 0);
    for (int i = 0; i < MANY; i++)
        fds[i] = kit_ask(kit, BANK);
    for (int i = 0; i < MANY; i++)
        sem_wait(&kit_entered);
    for (int i = 0; i < 20; i++)
        assert_answered(kit, WORK, "200", "worked");
    assert_int_equal(atomic_load(&ended), 0);
    for (int i = 0; i < MANY; i++)
        sem_post(&kit_released);
    for (int i = 0; i < MANY; i++)
        assert_reads(fds[i], "200");
    assert_int_equal(atomic_load(&asked), MANY);
    assert_int_equal(atomic_load(&ended), MANY);
}

static void
a_full_lane_is_told_at_once_counted_and_nobodys_else(void **state)
{
    struct engine_kit *kit = *state;
    int64_t refusals = metric_read(METRIC_LANE_REFUSALS);
    int waiting;
    int other;

    start(kit, 1, 0);
    waiting = kit_ask(kit, BANK);
    sem_wait(&kit_entered);
    assert_answered(kit, BANK, "503", NULL);
    assert_int_equal(metric_read(METRIC_LANE_REFUSALS), refusals + 1);
    assert_int_equal(atomic_load(&ended), 1);
    other = kit_ask(kit, HASH);
    sem_wait(&kit_entered);
    assert_int_equal(metric_read(METRIC_LANE_REFUSALS), refusals + 1);
    sem_post(&kit_released);
    sem_post(&kit_released);
    assert_reads(waiting, "200");
    assert_reads(other, "200");
}

static void
beyond_its_deadline_it_is_answered_once_and_still_brought_to_its_end(void **state)
{
    struct engine_kit *kit = *state;
    int fd;
    char *answer;

    kit->settings.server.request_deadline_s = 1;
    start(kit, 1, 0);
    fd = kit_ask(kit, BANK);
    sem_wait(&kit_entered);
    answer = kit_read_all(fd);
    assert_status_line(answer, "503");
    assert_null(strstr(answer + 9, "HTTP/1.1"));
    free(answer);
    assert_int_equal(atomic_load(&ended), 0);
    sem_post(&kit_released);
    await(&ended, 1);
    assert_answered(kit, WORK, "200", "worked");
}

/* The first part has counted an attempt, and only the second knows that it came to nothing. */
static void
beyond_its_deadline_in_a_lanes_queue_it_is_brought_to_its_end_too(void **state)
{
    struct engine_kit *kit = *state;
    int asking;
    int waiting;

    kit->settings.server.request_deadline_s = 1;
    start(kit, 1, 1);
    asking = kit_ask(kit, HASH);
    sem_wait(&kit_entered);
    waiting = kit_ask(kit, HASH);
    assert_reads(asking, "503");
    assert_reads(waiting, "503");
    sem_post(&kit_released);
    sem_post(&kit_released);
    await(&ended, 2);
}

static void
a_client_that_leaves_while_it_waits_is_brought_to_its_end(void **state)
{
    struct engine_kit *kit = *state;
    int fd;

    start(kit, 1, 0);
    fd = kit_ask(kit, BANK);
    sem_wait(&kit_entered);
    close(fd);
    sem_post(&kit_released);
    await(&ended, 1);
    assert_answered(kit, WORK, "200", "worked");
}

static void *
stop(void *at)
{
    engine_stop(at);
    return NULL;
}

/* The engine is stopped while somebody is held up at `request`, who goes on only then. */
static void
stop_with(struct engine_kit *kit, const char *request)
{
    static const _Atomic(bool) hurry = true;
    pthread_t thread;
    int fd;

    start(kit, 1, 1);
    fd = kit_ask(kit, request);
    sem_wait(&kit_entered);
    engine_drain(kit->engine, mono_us(), &hurry);
    assert_reads(fd, "503");
    assert_int_equal(pthread_create(&thread, NULL, stop, kit->engine), 0);
    usleep(50000); /* most likely inside by now; if not, the test sees less and fails nobody */
    sem_post(&kit_released);
    sem_post(&kit_released);
    assert_int_equal(pthread_join(thread, NULL), 0);
    kit->engine = NULL;
    assert_int_equal(atomic_load(&ended), 1);
}

static void
an_engine_that_stops_waits_for_who_is_parked(void **state)
{
    stop_with(*state, BANK);
}

static void
who_would_park_in_an_engine_that_stops_finds_no_place(void **state)
{
    stop_with(*state, BEGINS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_kit(z5_sixty_four_that_wait_for_a_bank_leave_both_workers_to_others),
        in_kit(a_full_lane_is_told_at_once_counted_and_nobodys_else),
        in_kit(beyond_its_deadline_it_is_answered_once_and_still_brought_to_its_end),
        in_kit(beyond_its_deadline_in_a_lanes_queue_it_is_brought_to_its_end_too),
        in_kit(a_client_that_leaves_while_it_waits_is_brought_to_its_end),
        in_kit(an_engine_that_stops_waits_for_who_is_parked),
        in_kit(who_would_park_in_an_engine_that_stops_finds_no_place),
    };

    return cmocka_run_group_tests_name("parking", tests, NULL, NULL);
}
