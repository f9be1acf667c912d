/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads for work that blocks: a bounded queue, a store for each thread, a time limit for each
 * job. A job that is over its time is told so while it still waits or runs, so that its client gets
 * an answer and does not wait for ours.
 */
#ifndef IDP_SERVER_ENGINE_WORKER_H
#define IDP_SERVER_ENGINE_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idp/base/err.h"
#include "idp/store/store.h"

/* Part of whatever the job is about; the pool keeps nothing of it once end() has been called. */
struct job {
    struct job *next;
    int64_t queued_us; /* mono_us() */
    bool again;        /* came by workers_submit_again(): expired or not, it is run */
};

struct worker_config {
    size_t threads;
    size_t queue_limit;
    struct database *database; /* NULL: jobs get no store */
    void (*begin)(void);       /* on each thread before its first job; NULL: nothing */
    /* On a worker thread; the store is this thread's own. */
    void (*run)(struct job *job, struct store *st);
    /* Time is up. On any thread, maybe while run() is under way, maybe more than
     * once; never after end(). */
    void (*expire)(struct job *job);
    /* The pool lets go of the job: after run(), or after expire() when it never ran. */
    void (*end)(struct job *job);
    /* Instead of end() for a job that never ran; NULL: end(). */
    void (*drop)(struct job *job);
};

struct workers;

/* ERR_INTERNAL when threads cannot be had. */
must_check enum err workers_start(const struct worker_config *config, struct workers **out);

/*
 * ERR_BUSY when no thread is free and the queue is full: the pool has not taken the job. Its time
 * begins now; with _at, at job->queued_us.
 */
must_check enum err workers_submit(struct workers *workers, struct job *job);
must_check enum err workers_submit_at(struct workers *workers, struct job *job);

/*
 * A job that was accepted before and comes back: it goes first, whatever waits, and its time goes
 * on. ERR_BUSY only from a pool that is being stopped.
 */
must_check enum err workers_submit_again(struct workers *workers, struct job *job);

/* Jobs that wait or run; those that wait. */
size_t workers_load(struct workers *workers);
size_t workers_waiting(struct workers *workers);

/*
 * Expire every job queued before that moment (mono_us()); INT64_MAX: all. Those that still wait for
 * the first time are never run.
 */
void workers_expire(struct workers *workers, int64_t before_us);

/* Lets the running jobs end, expires the waiting ones and joins the threads. Whoever submits to it
 * from now on is told ERR_BUSY. */
void workers_close(struct workers *workers);

/* workers_close(), and frees. */
void workers_stop(struct workers *workers);

#endif
