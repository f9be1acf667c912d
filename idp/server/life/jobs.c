/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/life/jobs.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "idp/audit/checkpoint.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/minutes.h"
#include "idp/base/snapshot.h"
#include "idp/base/unwind.h"
#include "idp/card/clock.h"
#include "idp/connect/directory.h"
#include "idp/context/bell.h"
#include "idp/partner/registry.h"
#include "idp/person/wechat_token.h"
#include "idp/server/life/census.h"
#include "idp/server/life/outbox.h"
#include "idp/session/revocation.h"
#include "idp/session/terminal_session.h"
#include "idp/staff/sitting_end.h"
#include "idp/staff/watch.h"
#include "idp/tables/sweep.h"
#include "keys/turning/keys.h"

#define ARENA_BYTES ((size_t)64 * 1024 * 1024)
#define STACK_BYTES ((size_t)1024 * 1024)
#define PAUSE_MS 1000
#define HOLDER_BYTES 16
#define DELIVERERS 4
#define SWEEP_AT_MOST_S 5 /* at one time: its lease must be looked after */

/* --- What the jobs do --- */

static enum err
react(struct ctx *ctx, const struct key32 *kek, struct watch *watch, const struct epochs *now)
{
    enum err err = OK;

    if (!watch->started || now->keyring != watch->seen.keyring)
        err = keys_load(ctx, kek);
    if (err == OK)
        metric_tell(METRIC_KEYS_NEXT_CHANGE,
                    ctx->keys->next_change_at != 0 ? ctx->keys->next_change_at : METRIC_ABSENT, 0);
    if (err == OK && (!watch->started || now->partner != watch->seen.partner))
        err = registry_load(ctx);
    if (err == OK)
        err = revocations_poll(ctx, now->revocation);
    not_before_raise(ctx->services, now->not_before);
    if (err == OK)
        err = card_clock_watch(ctx, now);
    if (err == OK)
        *watch = (struct watch) { .seen = *now, .started = true };
    return err;
}

enum err
watch_once(struct ctx *ctx, const struct key32 *kek, struct watch *watch)
{
    struct epochs now;
    enum err err = store_epoch_read(ctx->store, &now);

    metric_add(METRIC_EPOCH_POLLS, 1);
    if (err == OK)
        err = react(ctx, kek, watch, &now);
    if (err != OK)
        metric_add(METRIC_EPOCH_POLL_ERRORS, 1);
    return err;
}

static enum err
watch_round(struct ctx *ctx, struct rounds *rounds)
{
    return watch_once(ctx, rounds->kek, &rounds->watch);
}

static enum err
snapshots_round(struct ctx *ctx, struct rounds *rounds)
{
    (void)ctx;
    (void)rounds;
    snapshot_sweep(false);
    return OK;
}

static enum err
minutes_round(struct ctx *ctx, struct rounds *rounds)
{
    (void)ctx;
    (void)rounds;
    minutes_sample();
    return OK;
}

static enum err
census_round(struct ctx *ctx, struct rounds *rounds)
{
    (void)rounds;
    return census_take(ctx);
}

/* The watchers of all nodes load what has moved. */
static enum err
keys_round(struct ctx *ctx, struct rounds *rounds)
{
    int64_t made;
    bool moved;

    if (!keys_suffice(ctx))
        return keys_ensure(ctx, rounds->kek, &made);
    if (ctx->keys->next_change_at == 0 || ctx->keys->next_change_at > ctx->now)
        return OK;
    return keys_turn(ctx, rounds->kek, &moved);
}

static enum err
sweep_round(struct ctx *ctx, struct rounds *rounds)
{
    struct audit_keep keep = { ctx->settings->audit.keep_refusals_s,
                               ctx->settings->audit.keep_changes_s };
    int64_t removed = 0;
    enum err err;

    do
        err = store_sweep(ctx->store, rounds->sweep_now, &keep, &removed);
    while (err == OK && removed >= SWEEP_BATCH && env_now(ctx->env) < ctx->now + SWEEP_AT_MOST_S);
    rounds->again = err == OK && removed >= SWEEP_BATCH;
    return err;
}

static enum err
terminals_round(struct ctx *ctx, struct rounds *rounds)
{
    return terminal_sessions_sweep(ctx, &rounds->again);
}

static enum err
sittings_round(struct ctx *ctx, struct rounds *rounds)
{
    return sittings_sweep(ctx, &rounds->again);
}

static enum err
checkpoint_round(struct ctx *ctx, struct rounds *rounds)
{
    (void)rounds;
    return checkpoint_say(ctx, false);
}

static enum err
drain_round(struct ctx *ctx, struct rounds *rounds)
{
    (void)rounds;
    return outbox_drain(ctx);
}

/* What WeChat does not give this time is asked for the next. */
static enum err
wechat_round(struct ctx *ctx, struct rounds *rounds)
{
    enum err err = wechat_tokens_hold(ctx);

    (void)rounds;
    return err == ERR_UNAVAILABLE ? OK : err;
}

static enum err
cards_round(struct ctx *ctx, struct rounds *rounds)
{
    return card_feed_round(ctx, &rounds->card_pulls, &rounds->again);
}

static enum err
staff_round(struct ctx *ctx, struct rounds *rounds)
{
    return directory_is_configured(ctx->services->directory) ? staff_watch(ctx, &rounds->again)
                                                             : OK;
}

static enum err
deliver_round(struct ctx *ctx, struct rounds *rounds)
{
    return outbox_deliver(ctx, &rounds->again);
}

/* --- The table --- */

struct duty {
    const char *name; /* in the log, and of its lease */
    enum crew crew;
    bool leased; /* one node does it */
    int64_t every_s;
    enum err (*round)(struct ctx *ctx, struct rounds *rounds);
};

static const struct duty duties[] = {
    { "watch", CREW_WATCHER, false, 1, watch_round },
    { "snapshots", CREW_WATCHER, false, 30, snapshots_round },
    { "checkpoint", CREW_WATCHER, false, CHECKPOINT_EVERY_S, checkpoint_round },
    { "minutes", CREW_WATCHER, false, MINUTES_SAMPLE_S, minutes_round },
    { "keys", CREW_KEEPER, true, 1, keys_round },
    { "drain", CREW_KEEPER, true, 5, drain_round },
    { "sweep", CREW_KEEPER, true, 30, sweep_round },
    { "terminals", CREW_KEEPER, true, 5, terminals_round },
    { "sittings", CREW_KEEPER, true, 30, sittings_round },
    { "census", CREW_KEEPER, true, CENSUS_EVERY_S, census_round },
    { "wechat", CREW_FETCHER, true, 5, wechat_round },
    { "cards", CREW_MIRROR, true, CARD_FEED_EVERY_S, cards_round },
    { "staff", CREW_STAFF, true, STAFF_WATCH_EVERY_S, staff_round },
    { "outbox", CREW_DELIVERER, false, 0, deliver_round },
};

#define DUTIES (sizeof(duties) / sizeof(duties[0]))
_Static_assert(DUTIES <= JOBS_MAX, "struct rounds has too few places");

static const struct {
    const char *name;
    size_t threads;
} crews[CREW_COUNT] = {
    [CREW_WATCHER] = { "watcher", 1 }, [CREW_KEEPER] = { "keeper", 1 },
    [CREW_FETCHER] = { "fetcher", 1 }, [CREW_MIRROR] = { "mirror", 1 },
    [CREW_STAFF] = { "staff", 1 },     [CREW_DELIVERER] = { "deliverer", DELIVERERS },
};

/* Also when the clock has been set back. */
static bool
is_due(const struct ctx *ctx, const struct rounds *rounds, size_t i)
{
    int64_t age_s = ctx->now - rounds->of[i].ran_at;

    return !rounds->of[i].ran || age_s >= duties[i].every_s || age_s < 0;
}

struct turn {
    struct ctx *ctx;
    struct rounds *rounds;
    size_t i;
    bool again;
};

static void
note(const char *job, enum err err)
{
    if (err != OK)
        log_line(LOG_WARN, "job.failed", log_text("job", job), log_text("error", err_name(err)));
}

/* A lease is looked after more often than its job is due. */
static void
take_turn(void *state)
{
    struct turn *turn = state;
    const struct duty *duty = &duties[turn->i];
    struct rounds *rounds = turn->rounds;
    struct lease *lease = &rounds->of[turn->i].lease;

    if (duty->leased && !lease_hold(turn->ctx, lease, duty->name, rounds->holder))
        return;
    if (!is_due(turn->ctx, rounds, turn->i))
        return;
    rounds->again = false;
    rounds->of[turn->i].ran_at = turn->ctx->now;
    note(duty->name, duty->round(turn->ctx, rounds));
    turn->again = rounds->again;
    rounds->of[turn->i].ran = !rounds->again;
}

bool
jobs_pass(struct ctx *ctx, enum crew crew, struct rounds *rounds)
{
    bool again = false;

    rounds->sweep_now = sweep_clock_read(&rounds->clock, ctx->now, mono_us() / 1000000);
    for (size_t i = 0; i < DUTIES; i++) {
        struct turn turn = { .ctx = ctx, .rounds = rounds, .i = i };

        if (duties[i].crew == crew)
            note(duties[i].name, unwind_run(take_turn, &turn));
        again |= turn.again;
    }
    return again;
}

void
jobs_give_back(struct ctx *ctx, struct rounds *rounds)
{
    for (size_t i = 0; i < DUTIES; i++)
        if (duties[i].leased)
            lease_give_back(ctx, &rounds->of[i].lease, duties[i].name, rounds->holder);
}

/* --- The threads --- */

struct jobs {
    struct services *services;
    const struct key32 *kek;
    char holder[2 * HOLDER_BYTES + 1];
    struct bell *stop; /* has rung when it is time to end */
    pthread_t threads[5 + DELIVERERS];
    size_t count;
    _Atomic(int) running; /* below 0 while a thread ends before it has been counted */
};

struct background {
    struct jobs *jobs;
    enum crew crew;
    struct arena *arena;
    struct store *store;
    struct rounds rounds;
    bool again; /* there is more to do at once */
};

static void
worker_equip(void *state)
{
    struct background *worker = state;

    if (worker->arena == NULL)
        worker->arena = arena_new(ARENA_BYTES);
    if (worker->store == NULL)
        worker->store = store_open(worker->jobs->services->database);
}

static struct ctx
worker_ctx(struct background *worker)
{
    return ctx_new(worker->jobs->services, worker->arena, worker->store);
}

/* What ends early for want of memory is begun anew the next time. */
static void
worker_pass(struct background *worker)
{
    enum err err = unwind_run(worker_equip, worker);
    struct ctx ctx;

    worker->again = false;
    note(crews[worker->crew].name, err);
    if (err != OK)
        return;
    ctx = worker_ctx(worker);
    worker->again = jobs_pass(&ctx, worker->crew, &worker->rounds);
    arena_reset(worker->arena);
}

/* True when it is time to end. */
static bool
pause_for(const struct background *worker)
{
    struct bell *outbox = worker->jobs->services->outbox;
    bool listens = worker->crew == CREW_DELIVERER && outbox != NULL;
    struct pollfd waits[] = { { .fd = bell_fd(worker->jobs->stop), .events = POLLIN },
                              { .fd = listens ? bell_fd(outbox) : -1, .events = POLLIN } };

    poll(waits, 2, worker->again ? 0 : PAUSE_MS);
    if (listens && waits[1].revents != 0)
        bell_heard(outbox);
    return waits[0].revents != 0;
}

static void
worker_leave(struct background *worker)
{
    if (worker->store != NULL && worker->arena != NULL) {
        struct ctx ctx = worker_ctx(worker);

        jobs_give_back(&ctx, &worker->rounds);
    }
    if (worker->store != NULL)
        store_close(worker->store);
    arena_free(worker->arena);
    atomic_fetch_sub(&worker->jobs->running, 1);
    free(worker);
}

static void *
work(void *state)
{
    struct background *worker = state;

    do
        worker_pass(worker);
    while (!pause_for(worker));
    worker_leave(worker);
    return NULL;
}

static enum err
thread_start(struct jobs *jobs, enum crew crew)
{
    struct background *worker = calloc(1, sizeof(*worker));
    pthread_attr_t attr;
    int failed;

    if (worker == NULL)
        return ERR_INTERNAL;
    *worker = (struct background) { .jobs = jobs,
                                    .crew = crew,
                                    .rounds = { .kek = jobs->kek, .holder = jobs->holder } };
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    failed = pthread_create(&jobs->threads[jobs->count], &attr, work, worker);
    pthread_attr_destroy(&attr);
    if (failed != 0) {
        free(worker);
        return ERR_INTERNAL;
    }
    jobs->count++;
    atomic_fetch_add(&jobs->running, 1);
    return OK;
}

static enum err
threads_start(struct jobs *jobs)
{
    enum err err = OK;

    for (size_t crew = 0; crew < CREW_COUNT; crew++)
        for (size_t i = 0; err == OK && i < crews[crew].threads; i++)
            err = thread_start(jobs, (enum crew)crew);
    return err;
}

static enum err
holder_make(struct jobs *jobs)
{
    uint8_t bytes[HOLDER_BYTES];
    enum err err = env_random(jobs->services->env, bytes, sizeof(bytes));

    for (size_t i = 0; err == OK && i < sizeof(bytes); i++)
        snprintf(jobs->holder + 2 * i, 3, "%02x", bytes[i]);
    return err;
}

enum err
jobs_start(struct services *services, const struct key32 *kek, struct jobs **out)
{
    struct jobs *jobs = calloc(1, sizeof(*jobs));
    enum err err;

    if (jobs == NULL)
        return ERR_INTERNAL;
    jobs->services = services;
    jobs->kek = kek;
    err = holder_make(jobs);
    services->node = jobs->holder;
    if (err == OK)
        err = bell_new(&jobs->stop);
    if (err == OK)
        err = threads_start(jobs);
    if (err != OK)
        jobs_stop(jobs);
    else
        *out = jobs;
    return err;
}

void
jobs_end(struct jobs *jobs)
{
    bell_ring(jobs->stop);
}

bool
jobs_have_ended(const struct jobs *jobs)
{
    return atomic_load(&jobs->running) <= 0;
}

void
jobs_stop(struct jobs *jobs)
{
    if (jobs == NULL)
        return;
    jobs_end(jobs);
    for (size_t i = 0; i < jobs->count; i++)
        pthread_join(jobs->threads[i], NULL);
    bell_free(jobs->stop);
    free(jobs);
}
