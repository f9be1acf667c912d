/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/worker.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "idp/base/env.h"

struct worker {
    struct workers *pool;
    pthread_t thread;
    pthread_mutex_t
        lock; /* guards `running` against expiry; nobody else wants it while the job runs */
    struct job *running;
    bool has_run; /* counted in the pool's `running` until the next look at the queue */
};

struct workers {
    struct worker_config config;
    pthread_mutex_t lock; /* guards the queue */
    pthread_cond_t filled;
    struct job *first;
    struct job **last;
    size_t waiting;
    size_t running;
    bool stopping;
    size_t started;
    struct worker worker[];
};

/* With the lock held, here and below. */
static void
queue_unlink(struct workers *workers, struct job **at)
{
    *at = (*at)->next;
    if (*at == NULL)
        workers->last = at;
    workers->waiting--;
}

static struct job *
queue_take(struct workers *workers)
{
    struct job *job = workers->first;

    queue_unlink(workers, &workers->first);
    return job;
}

/*
 * The next job, or NULL when it is time to go. It becomes `running` before the queue is let go, so
 * that no expiry can miss it in between.
 */
static struct job *
job_wait(struct worker *worker)
{
    struct workers *workers = worker->pool;
    struct job *job = NULL;

    pthread_mutex_lock(&workers->lock);
    workers->running -= worker->has_run;
    worker->has_run = false;
    while (workers->first == NULL && !workers->stopping)
        pthread_cond_wait(&workers->filled, &workers->lock);
    if (workers->first != NULL) {
        job = queue_take(workers);
        workers->running++;
        worker->has_run = true;
        pthread_mutex_lock(&worker->lock);
        worker->running = job;
        pthread_mutex_unlock(&worker->lock);
    }
    pthread_mutex_unlock(&workers->lock);
    return job;
}

static void
job_end(struct worker *worker, struct job *job)
{
    pthread_mutex_lock(&worker->lock);
    worker->running = NULL;
    pthread_mutex_unlock(&worker->lock);
    worker->pool->config.end(job);
}

static void *
work(void *at)
{
    struct worker *worker = at;
    const struct worker_config *config = &worker->pool->config;
    struct store *st = config->database != NULL ? store_open(config->database) : NULL;
    struct job *job;

    if (config->begin != NULL)
        config->begin();
    while ((job = job_wait(worker)) != NULL) {
        config->run(job, st);
        job_end(worker, job);
    }
    if (st != NULL)
        store_close(st);
    return NULL;
}

enum err
workers_start(const struct worker_config *config, struct workers **out)
{
    struct workers *workers =
        calloc(1, sizeof(*workers) + config->threads * sizeof(workers->worker[0]));

    if (workers == NULL)
        return ERR_INTERNAL;
    workers->config = *config;
    workers->last = &workers->first;
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->filled, NULL);
    for (size_t i = 0; i < config->threads; i++, workers->started++) {
        struct worker *worker = &workers->worker[i];

        worker->pool = workers;
        pthread_mutex_init(&worker->lock, NULL);
        if (pthread_create(&worker->thread, NULL, work, worker) != 0) {
            workers_stop(workers);
            return ERR_INTERNAL;
        }
    }
    *out = workers;
    return OK;
}

static bool
has_place(const struct workers *workers)
{
    size_t idle = workers->started - workers->running;

    return workers->waiting < workers->config.queue_limit + idle && !workers->stopping;
}

enum err
workers_submit_at(struct workers *workers, struct job *job)
{
    enum err err = ERR_BUSY;

    job->next = NULL;
    job->again = false;
    pthread_mutex_lock(&workers->lock);
    if (has_place(workers)) {
        *workers->last = job;
        workers->last = &job->next;
        workers->waiting++;
        pthread_cond_signal(&workers->filled);
        err = OK;
    }
    pthread_mutex_unlock(&workers->lock);
    return err;
}

enum err
workers_submit(struct workers *workers, struct job *job)
{
    job->queued_us = mono_us();
    return workers_submit_at(workers, job);
}

enum err
workers_submit_again(struct workers *workers, struct job *job)
{
    enum err err = ERR_BUSY;

    job->again = true;
    pthread_mutex_lock(&workers->lock);
    if (!workers->stopping) {
        job->next = workers->first;
        if (workers->first == NULL)
            workers->last = &job->next;
        workers->first = job;
        workers->waiting++;
        pthread_cond_signal(&workers->filled);
        err = OK;
    }
    pthread_mutex_unlock(&workers->lock);
    return err;
}

size_t
workers_load(struct workers *workers)
{
    size_t load;

    pthread_mutex_lock(&workers->lock);
    load = workers->waiting + workers->running;
    pthread_mutex_unlock(&workers->lock);
    return load;
}

size_t
workers_waiting(struct workers *workers)
{
    size_t waiting;

    pthread_mutex_lock(&workers->lock);
    waiting = workers->waiting;
    pthread_mutex_unlock(&workers->lock);
    return waiting;
}

/*
 * The first that waits for the first time and is over it: the queue is in order of time, but for
 * those that came back, who stand before all others. They are told, and stay.
 */
static struct job *
expired_take(struct workers *workers, int64_t before_us)
{
    struct job **at = &workers->first;
    struct job *job;

    pthread_mutex_lock(&workers->lock);
    for (; *at != NULL && (*at)->again; at = &(*at)->next)
        if ((*at)->queued_us < before_us)
            workers->config.expire(*at);
    job = *at;
    if (job != NULL && job->queued_us < before_us)
        queue_unlink(workers, at);
    else
        job = NULL;
    pthread_mutex_unlock(&workers->lock);
    return job;
}

void
workers_expire(struct workers *workers, int64_t before_us)
{
    struct job *job;

    while ((job = expired_take(workers, before_us)) != NULL) {
        workers->config.expire(job);
        if (workers->config.drop != NULL)
            workers->config.drop(job);
        else
            workers->config.end(job);
    }
    for (size_t i = 0; i < workers->started; i++) {
        struct worker *worker = &workers->worker[i];

        pthread_mutex_lock(&worker->lock);
        if (worker->running != NULL && worker->running->queued_us < before_us)
            workers->config.expire(worker->running);
        pthread_mutex_unlock(&worker->lock);
    }
}

void
workers_close(struct workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    workers->stopping = true;
    pthread_cond_broadcast(&workers->filled);
    pthread_mutex_unlock(&workers->lock);
    workers_expire(workers, INT64_MAX);
    for (size_t i = 0; i < workers->started; i++)
        pthread_join(workers->worker[i].thread, NULL);
    pthread_mutex_lock(&workers->lock); /* a late submitter may be looking */
    workers->started = 0;
    pthread_mutex_unlock(&workers->lock);
}

void
workers_stop(struct workers *workers)
{
    workers_close(workers);
    free(workers);
}
