/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/work.h"

#include <poll.h>
#include <stdatomic.h>

#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/server/engine/exchange.h"
#include "idp/server/engine/handler.h"
#include "protocols/dispatch.h"

#define SECOND_US INT64_C(1000000)

static struct exchange *
exchange_of(struct job *job)
{
    return (struct exchange *)((char *)job - offsetof(struct exchange, job));
}

/* The first to leave WORKING resumes; the other finds it taken. */
static void
exchange_resume(struct exchange *ex, int state)
{
    int working = EXCHANGE_WORKING;

    if (atomic_compare_exchange_strong(&ex->state, &working, state))
        MHD_resume_connection(ex->mhd);
}

void
work_expire(struct job *job)
{
    exchange_resume(exchange_of(job), EXCHANGE_ABANDONED);
}

void
work_end(struct job *job)
{
    exchange_release(exchange_of(job));
}

/* Should the exchange be abandoned at this very moment, the answer may be about another
 * descriptor: nobody reads it. */
static bool
client_is_gone(const struct exchange *ex)
{
    struct pollfd pollfd = { .fd = ex->fd, .events = POLLRDHUP };

    return poll(&pollfd, 1, 0) > 0 && (pollfd.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

/* One part of a request on a worker. False: it is parked, and rq.parked says what for. */
static bool
part_run(struct exchange *ex, struct store *st)
{
    enum dispatched dispatched;

    log_set_request(ex->ctx.request_id, ex->ctx.trace_id);
    ex->ctx.store = st;
    dispatched = dispatch_run(&ex->rq);
    ex->ctx.store = NULL;
    if (dispatched == DISPATCH_ON_WORKER)
        dispatch_refuse(&ex->rq, &problem_internal);
    log_set_request(NULL, NULL);
    return dispatched != DISPATCH_PARKED;
}

/* False when the lane has no place; otherwise the exchange is the lane's from here on. */
static bool
lane_submit(struct exchange *ex)
{
    struct workers *lane = ex->engine->lanes[ex->rq.parked.ask->lane];

    exchange_hold(ex);
    if (lane != NULL && workers_submit_at(lane, &ex->job) == OK)
        return true;
    exchange_release(ex);
    metric_add(METRIC_LANE_REFUSALS, 1);
    return false;
}

/* What was begun is always brought to its end, late or not: only there is
 * it known what it came to. */
static void
parts_run(struct exchange *ex, struct store *st)
{
    while (!part_run(ex, st)) {
        if (lane_submit(ex))
            return;
    }
    exchange_resume(ex, EXCHANGE_DONE);
}

void
work_run(struct job *job, struct store *st)
{
    struct exchange *ex = exchange_of(job);
    int64_t deadline_us = ex->engine->settings->server.request_deadline_s * SECOND_US;
    bool begins = ex->rq.parked.ask == NULL; /* else it comes back from a lane */

    if (begins && mono_us() - job->queued_us > deadline_us) {
        work_expire(job);
    } else if (begins && client_is_gone(ex)) {
        dispatch_refuse(&ex->rq, &problem_try_again);
        exchange_resume(ex, EXCHANGE_DONE);
    } else {
        parts_run(ex, st);
    }
}

/* On a thread of a lane. The client may have gone: what was begun is asked all the same. */
void
work_ask(struct job *job, struct store *st)
{
    struct exchange *ex = exchange_of(job);

    (void)st;
    log_set_request(ex->ctx.request_id, ex->ctx.trace_id);
    dispatch_ask(&ex->rq);
    log_set_request(NULL, NULL);
    exchange_hold(ex);
    if (workers_submit_again(ex->engine->workers, job) == OK)
        return;
    work_expire(job);
    exchange_release(ex);
}

/* Nobody was asked and nobody waits for the answer, but the second part gives back what the first
 * one has counted. The lane's hold on the exchange goes on to the workers. */
void
work_drop(struct job *job)
{
    if (workers_submit_again(exchange_of(job)->engine->workers, job) != OK)
        work_end(job);
}

static void
text_detach(struct arena *arena, const char **text)
{
    if (*text != NULL)
        *text = arena_text(arena, *text);
}

/*
 * Copies of all that lives in the connection's memory: an abandoned exchange may outlive its
 * connection.
 */
static void
exchange_detach(struct exchange *ex)
{
    text_detach(ex->arena, &ex->rq.method);
    text_detach(ex->arena, &ex->ctx.address);
#define HEADER(member, name, care) text_detach(ex->arena, &ex->rq.headers.member);
#include "protocols/http/header.def"
#undef HEADER
    ex->fd = ex->connection->fd;
}

enum MHD_Result
work_submit(struct exchange *ex)
{
    struct engine *engine = ex->engine;

    exchange_detach(ex);
    ex->state = EXCHANGE_WORKING;
    ex->counted = true;
    ex->connection->deadline_us = CONNECTION_NO_DEADLINE;
    atomic_fetch_add(&engine->under_way, 1);
    atomic_fetch_add(&engine->suspended, 1);
    metric_add(METRIC_HTTP_IN_FLIGHT, 1);
    exchange_hold(ex);
    MHD_suspend_connection(ex->mhd);
    if (workers_submit(engine->workers, &ex->job) == OK)
        return MHD_YES;
    dispatch_refuse(&ex->rq, &problem_try_again);
    exchange_resume(ex, EXCHANGE_DONE);
    exchange_release(ex);
    return MHD_YES;
}
