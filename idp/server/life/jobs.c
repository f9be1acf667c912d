/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/life/jobs.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/snapshot.h"
#include "idp/base/unwind.h"
#include "idp/partner/registry.h"
#include "idp/server/life/outbox.h"
#include "idp/session/revocation.h"
#include "idp/tables/sweep.h"
#include "keys/turning/keys.h"
#include "policies/sweep_clock.h"

#define ARENA_BYTES ((size_t)64 * 1024 * 1024)
#define STACK_BYTES ((size_t)1024 * 1024)
#define DELIVERERS 4
#define PAUSE_MS 1000
#define SWEEP_EVERY 30 /* pauses */

struct jobs {
    struct services *services;
    const struct key32 *kek;
    int stop_fd; /* an eventfd: readable when it is time to end */
    pthread_t threads[1 + DELIVERERS];
    size_t count;
    _Atomic(int) running; /* below 0 while a thread ends before it has been counted */
};

static enum err
react(struct ctx *ctx, const struct key32 *kek, struct watch *watch, const struct epochs *now)
{
    enum err err = OK;

    if (!watch->started || now->keyring != watch->seen.keyring)
        err = keys_load(ctx, kek);
    if (err == OK && (!watch->started || now->partner != watch->seen.partner))
        err = registry_load(ctx);
    if (err == OK)
        err = revocations_poll(ctx, now->revocation);
    if (err == OK)
        *watch = (struct watch) { .seen = *now, .started = true };
    return err;
}

enum err
watch_once(struct ctx *ctx, const struct key32 *kek, struct watch *watch)
{
    struct epochs now;
    bool moved = false;
    enum err err = store_epoch_read(ctx->store, &now);

    metric_add(METRIC_EPOCH_POLLS, 1);
    if (err == OK)
        err = react(ctx, kek, watch, &now);
    if (err == OK && ctx->keys->next_change_at != 0 && ctx->keys->next_change_at <= ctx->now)
        err = keys_turn(ctx, kek, &moved);
    if (err == OK && moved)
        err = keys_load(ctx, kek);
    if (err != OK)
        metric_add(METRIC_EPOCH_POLL_ERRORS, 1);
    return err;
}

/* True when it is time to end. */
static bool
pause_for(struct jobs *jobs, int ms)
{
    struct pollfd stop = { .fd = jobs->stop_fd, .events = POLLIN };

    return poll(&stop, 1, ms) > 0;
}

static void
note(const char *job, enum err err)
{
    if (err != OK)
        log_line(LOG_WARN, "job.failed", log_text("job", job), log_text("error", err_name(err)));
}

static void
sweep(struct ctx *ctx, unix_s now)
{
    struct audit_keep keep = { ctx->settings->audit.keep_refusals_s,
                               ctx->settings->audit.keep_changes_s };
    int64_t removed = SWEEP_BATCH;
    enum err err = OK;

    while (err == OK && removed >= SWEEP_BATCH)
        err = store_sweep(ctx->store, now, &keep, &removed);
    note("sweep", err);
    snapshot_sweep(false);
}

/* A background thread: rounds of work, each with the same arena and store. */
struct worker {
    struct jobs *jobs;
    const char *name;
    struct arena *arena;
    struct store *store;
    struct watch watch;
    struct sweep_clock clock;
    int64_t rounds;
    bool again; /* there may be more to do at once */
    void (*round)(void *worker);
};

static void
watch_round(void *state)
{
    struct worker *worker = state;
    struct jobs *jobs = worker->jobs;
    struct ctx ctx = ctx_new(jobs->services, worker->arena, worker->store);
    unix_s sweep_now = sweep_clock_read(&worker->clock, ctx.now, mono_us() / 1000000);

    note(worker->name, watch_once(&ctx, jobs->kek, &worker->watch));
    if (worker->rounds++ % SWEEP_EVERY == 0)
        sweep(&ctx, sweep_now);
}

static void
deliver_round(void *state)
{
    struct worker *worker = state;
    struct ctx ctx = ctx_new(worker->jobs->services, worker->arena, worker->store);

    note(worker->name, outbox_deliver(&ctx, &worker->again));
}

static void
worker_equip(void *state)
{
    struct worker *worker = state;

    if (worker->arena == NULL)
        worker->arena = arena_new(ARENA_BYTES);
    if (worker->store == NULL)
        worker->store = store_open(worker->jobs->services->database);
}

/* A round that needs more than there is ends by itself; the next one begins anew. */
static void
worker_round(struct worker *worker)
{
    enum err err = unwind_run(worker_equip, worker);

    worker->again = false;
    if (err == OK)
        err = unwind_run(worker->round, worker);
    note(worker->name, err);
    if (worker->arena != NULL)
        arena_reset(worker->arena);
}

static void
work(struct worker *worker)
{
    do
        worker_round(worker);
    while (!pause_for(worker->jobs, worker->again ? 0 : PAUSE_MS));
    if (worker->store != NULL)
        store_close(worker->store);
    arena_free(worker->arena);
    atomic_fetch_sub(&worker->jobs->running, 1);
}

static void *
watcher(void *jobs)
{
    work(&(struct worker) { .jobs = jobs, .name = "watch", .round = watch_round });
    return NULL;
}

static void *
deliverer(void *jobs)
{
    work(&(struct worker) { .jobs = jobs, .name = "logout", .round = deliver_round });
    return NULL;
}

static enum err
thread_start(struct jobs *jobs, void *(*run)(void *))
{
    pthread_attr_t attr;
    int failed;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    failed = pthread_create(&jobs->threads[jobs->count], &attr, run, jobs);
    pthread_attr_destroy(&attr);
    if (failed != 0)
        return ERR_INTERNAL;
    jobs->count++;
    atomic_fetch_add(&jobs->running, 1);
    return OK;
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
    jobs->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    err = jobs->stop_fd >= 0 ? thread_start(jobs, watcher) : ERR_INTERNAL;
    for (size_t i = 0; err == OK && i < DELIVERERS; i++)
        err = thread_start(jobs, deliverer);
    if (err != OK)
        jobs_stop(jobs);
    else
        *out = jobs;
    return err;
}

void
jobs_end(struct jobs *jobs)
{
    eventfd_write(jobs->stop_fd, 1);
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
    close(jobs->stop_fd);
    free(jobs);
}
