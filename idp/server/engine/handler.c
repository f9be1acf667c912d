/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/handler.h"

#include <stdatomic.h>
#include <string.h>

#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/context/trace.h"
#include "idp/server/engine/answer.h"
#include "idp/server/engine/client_address.h"
#include "idp/server/engine/exchange.h"
#include "idp/server/engine/own_host.h"
#include "idp/server/engine/tally.h"
#include "idp/server/engine/work.h"
#include "protocols/dispatch.h"
#include "protocols/http/respond.h"

#define SECOND_US INT64_C(1000000)
#define PATH_LOGGED_MAX 256
/* A chunked body that is too large is read on for so long, to be able to say so. */
#define OVERRUN_MAX (1U << 20)

/* --- Answering --- */

/* Cut between characters. */
static const char *
path_for_log(const struct request *rq)
{
    const char *path = rq->path != NULL ? rq->path : "";
    size_t size = strlen(path);

    if (size <= PATH_LOGGED_MAX)
        return path;
    for (size = PATH_LOGGED_MAX; ((unsigned char)path[size] & 0xc0) == 0x80;)
        size--;
    return arena_copy(rq->arena, path, size);
}

/* What is not known stands as "". */
static void
access_log(const struct request *rq, int64_t elapsed_us)
{
    const struct problem *problem = rq->response.problem;

    if (!rq->ctx->settings->log.access)
        return;
    log_set_request(rq->ctx->request_id, rq->ctx->trace_id);
    log_line(LOG_INFO, "http.request", log_text("method", rq->method),
             log_text("path", path_for_log(rq)),
             log_text("route", rq->route != NULL ? rq->route->path : NULL),
             log_int("status", rq->response.status),
             log_text("problem", problem != NULL ? problem->symbol : NULL),
             log_text("partner", rq->ctx->partner_id), log_int("us", elapsed_us),
             log_text("address", rq->ctx->address), log_text("agent", rq->headers.user_agent));
    log_set_request(NULL, NULL);
}

/* `made` is ex itself or its stand-in. */
static enum MHD_Result
exchange_answer(struct exchange *ex, struct exchange *made, bool close)
{
    struct engine *engine = ex->engine;
    int64_t now_us = mono_us();

    tally_request(engine->tally, &made->rq, now_us - ex->began_us);
    access_log(&made->rq, now_us - ex->began_us);
    ex->connection->deadline_us = now_us + engine->settings->server.request_deadline_s * SECOND_US;
    return answer_queue(ex->mhd, &made->rq, close || engine->draining);
}

/* Whom nobody has asked to come is told no more than that, at once. */
static enum MHD_Result
stranger_refuse(struct exchange *ex)
{
    ex->rq.path = "";
    metric_add(METRIC_HTTP_GATE_REFUSALS, 1);
    respond_problem_text(&ex->rq, &problem_network_refused);
    respond_finish(&ex->rq);
    return exchange_answer(ex, ex, true);
}

/* A refusal at the door: where the next request would start is not known, so there is none. */
static enum MHD_Result
gate_refuse(struct exchange *ex, const struct problem *problem)
{
    metric_add(METRIC_HTTP_GATE_REFUSALS, 1);
    ex->rq.path = ex->head.path;
    ex->rq.headers = ex->head.headers;
    dispatch_refuse_unread(ex->engine->config.routes, &ex->rq, problem);
    return exchange_answer(ex, ex, true);
}

/* --- Back from the workers --- */

/*
 * The worker may still be inside ex, so the answer is made on a memory of its own, from what was
 * read before the worker began and is never written again.
 */
static struct exchange *
stand_in_make(struct exchange *ex)
{
    struct exchange *stand_in = exchange_new();

    stand_in->ctx = ctx_new(ex->engine->config.services, stand_in->arena, NULL);
    stand_in->ctx.request_id = ex->ctx.request_id;
    stand_in->ctx.address = ex->ctx.address;
    trace_take(&stand_in->ctx, ex->rq.headers.traceparent);
    stand_in->rq = (struct request) {
        .ctx = &stand_in->ctx,
        .arena = stand_in->arena,
        .now = stand_in->ctx.now,
        .method = ex->rq.method,
        .path = ex->head.path, /* ex->rq has the route's */
        .headers = ex->rq.headers,
        .query = ex->rq.query,
    };
    if (dispatch_route(ex->engine->config.routes, &stand_in->rq))
        dispatch_refuse(&stand_in->rq, &problem_try_again);
    return stand_in;
}

static enum MHD_Result
resumed_answer(struct exchange *ex)
{
    atomic_fetch_sub(&ex->engine->suspended, 1);
    if (ex->state == EXCHANGE_DONE)
        return exchange_answer(ex, ex, false);
    ex->stand_in = stand_in_make(ex);
    return exchange_answer(ex, ex->stand_in, true);
}

/* --- Reading --- */

struct header_list {
    struct gate_header at[GATE_MAX_HEADERS];
    size_t count; /* may be more than fit */
};

static enum MHD_Result
header_collect(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_size,
               const char *value, size_t value_size)
{
    struct header_list *list = cls;

    (void)kind;
    if (list->count < GATE_MAX_HEADERS)
        list->at[list->count] = (struct gate_header) { name, name_size, value, value_size };
    list->count++;
    return MHD_YES;
}

static const struct problem *
head_check(struct exchange *ex, const char *method, const char *version)
{
    struct header_list list;
    struct gate_input in = { .method = method, .target = ex->target, .version = version };

    list.count = 0;
    MHD_get_connection_values_n(ex->mhd, MHD_HEADER_KIND, header_collect, &list);
    in.headers = list.at;
    in.header_count = list.count;
    return gate_check(ex->arena, &in, &ex->head);
}

static void
request_fill(struct exchange *ex, const char *method)
{
    struct request *rq = &ex->rq;

    ex->ctx = ctx_new(ex->engine->config.services, ex->arena, NULL);
    ex->ctx.request_id = request_id_new(ex->ctx.env, ex->arena);
    ex->ctx.address = ex->connection->peer;
    rq->ctx = &ex->ctx;
    rq->arena = ex->arena;
    rq->now = ex->ctx.now;
    rq->method = method;
    rq->language = LANGUAGE_ZH_CN;
}

/* Read once for a connection; the handshake lies behind its first request. */
static const char *
certificate_of(struct exchange *ex)
{
    struct connection *connection = ex->connection;

    if (ex->engine->client_authorities == NULL)
        return NULL;
    if (!connection->certificate_read) {
        connection->certificate_read = true;
        if (!client_certificate_thumbprint(
                MHD_get_connection_info(ex->mhd, MHD_CONNECTION_INFO_GNUTLS_SESSION)->tls_session,
                connection->certificate))
            connection->certificate[0] = '\0';
    }
    return connection->certificate[0] != '\0' ? arena_text(ex->arena, connection->certificate)
                                              : NULL;
}

static void
head_fill(struct exchange *ex)
{
    ex->rq.path = ex->head.path;
    ex->rq.query = ex->head.query;
    ex->rq.headers = ex->head.headers;
    ex->rq.client_certificate = certificate_of(ex);
    trace_take(&ex->ctx, ex->head.headers.traceparent);
    ex->ctx.address = client_address(ex->arena, ex->connection->peer,
                                     connections_trusted(ex->engine->connections),
                                     ex->engine->config.direct ? NULL : ex->head.forwarded_for);
}

/* By the peer, before anything that it says is looked at. */
static bool
is_let_in(const struct exchange *ex)
{
    return ex->engine->networks.count == 0 ||
           networks_have(&ex->engine->networks, ex->connection->peer);
}

static enum MHD_Result
inline_run(struct exchange *ex)
{
    if (dispatch_run(&ex->rq) == DISPATCH_ANSWERED)
        return exchange_answer(ex, ex, false);
    return work_submit(ex);
}

/*
 * The head is there. Only a refusal is answered now, before a body has been sent: libmicrohttpd
 * closes the connection behind an answer given this early.
 */
static enum MHD_Result
head_read(struct exchange *ex, const char *method, const char *version)
{
    const struct problem *problem;

    ex->state = EXCHANGE_READING;
    request_fill(ex, method);
    if (!is_let_in(ex))
        return stranger_refuse(ex);
    problem = head_check(ex, method, version);
    if (problem != NULL)
        return gate_refuse(ex, problem);
    head_fill(ex);
    if (!own_host_matches(ex->engine->config.hosts, ex->head.headers.host))
        return gate_refuse(ex, &problem_misdirected);
    if (method_has_body(method) && !dispatch_route(ex->engine->config.routes, &ex->rq))
        return exchange_answer(ex, ex, true);
    ex->body = buf_new(ex->arena, (size_t)ex->head.content_length + 1);
    return MHD_YES;
}

static enum MHD_Result
body_take(struct exchange *ex, const char *data, size_t *size)
{
    if (ex->body.size + *size > GATE_MAX_BODY_BYTES || ex->body_overrun > 0)
        ex->body_overrun += *size;
    else
        buf_bytes(&ex->body, data, *size);
    *size = 0;
    return ex->body_overrun > OVERRUN_MAX ? MHD_NO : MHD_YES;
}

static enum MHD_Result
request_complete(struct exchange *ex)
{
    if (ex->body_overrun > 0) {
        dispatch_refuse(&ex->rq, &problem_body_too_large);
        return exchange_answer(ex, ex, true);
    }
    if (ex->rq.route == NULL && !dispatch_route(ex->engine->config.routes, &ex->rq))
        return exchange_answer(ex, ex, false);
    ex->rq.body = buf_view(&ex->body);
    return ex->rq.route->run == RUN_ON_WORKER ? work_submit(ex) : inline_run(ex);
}

/* --- What libmicrohttpd calls --- */

struct request_start {
    struct engine *engine;
    struct MHD_Connection *mhd;
    const char *target;
    struct exchange *ex;
};

static void
begin(void *state)
{
    struct request_start *beginning = state;
    struct exchange *ex = exchange_new();

    ex->engine = beginning->engine;
    ex->mhd = beginning->mhd;
    ex->connection =
        MHD_get_connection_info(ex->mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    ex->began_us = mono_us();
    beginning->ex = ex;
    if (ex->connection == NULL)
        unwind(ERR_UNAVAILABLE);
    ex->connection->unfinished = ex;
    connection_set_idle(ex->engine->connections, ex->connection, false);
    if (strlen(beginning->target) <= GATE_MAX_TARGET_BYTES)
        ex->target = arena_text(ex->arena, beginning->target);
}

/* The connection lets go of its request. */
static void
exchange_finish(struct engine *engine, struct exchange *ex)
{
    if (ex->connection != NULL)
        ex->connection->unfinished = NULL;
    if (ex->counted) {
        atomic_fetch_sub(&engine->under_way, 1);
        metric_add(METRIC_HTTP_IN_FLIGHT, -1);
    }
    exchange_release(ex->stand_in);
    exchange_release(ex);
}

/* The request line is there: the only moment at which its target can be seen as it came. NULL when
 * there is no memory for it: on_request() then closes the connection. */
void *
on_request_line(void *cls, const char *target, struct MHD_Connection *mhd)
{
    struct request_start beginning = { .engine = cls, .mhd = mhd, .target = target };

    if (unwind_run(begin, &beginning) == OK)
        return beginning.ex;
    if (beginning.ex != NULL)
        exchange_finish(cls, beginning.ex);
    return NULL;
}

static void
deadline_tighten(struct exchange *ex)
{
    int64_t header_us = ex->engine->settings->server.header_deadline_s * SECOND_US;

    if (ex->connection->deadline_us > ex->began_us + header_us)
        ex->connection->deadline_us = ex->began_us + header_us;
}

/* One call of on_request(). */
struct request_turn {
    struct exchange *ex;
    const char *method;
    const char *version;
    const char *data;
    size_t *data_size;
    enum MHD_Result result;
};

static enum MHD_Result
turn_taken(const struct request_turn *turn)
{
    struct exchange *ex = turn->ex;

    switch ((int)ex->state) {
    case EXCHANGE_NEW:
        deadline_tighten(ex);
        return head_read(ex, turn->method, turn->version);
    case EXCHANGE_READING:
        return *turn->data_size > 0 ? body_take(ex, turn->data, turn->data_size)
                                    : request_complete(ex);
    case EXCHANGE_WORKING:
        return MHD_YES;
    default:
        return resumed_answer(ex);
    }
}

static void
take_turn(void *state)
{
    struct request_turn *turn = state;

    turn->result = turn_taken(turn);
}

/*
 * What an endpoint needs too much of is answered by dispatch; without memory even for what is
 * around it the connection is closed.
 */
/* NOLINTBEGIN(readability-function-size): the parameters are libmicrohttpd's */
enum MHD_Result
on_request(void *cls, struct MHD_Connection *mhd, const char *url, const char *method,
           const char *version, const char *data, size_t *data_size, void **at)
{
    struct request_turn turn = { *at, method, version, data, data_size, MHD_NO };

    (void)cls;
    (void)mhd;
    (void)url;
    if (turn.ex == NULL || unwind_run(take_turn, &turn) != OK)
        return MHD_NO;
    return turn.result;
}
/* NOLINTEND(readability-function-size) */

void
on_completed(void *cls, struct MHD_Connection *mhd, void **at, enum MHD_RequestTerminationCode how)
{
    struct engine *engine = cls;
    struct exchange *ex = *at;
    int64_t idle_s = KEEP_ALIVE_S + engine->settings->server.header_deadline_s;

    (void)mhd;
    (void)how;
    if (ex == NULL)
        return;
    *at = NULL;
    ex->connection->deadline_us = mono_us() + idle_s * SECOND_US;
    connection_set_idle(engine->connections, ex->connection, true);
    exchange_finish(engine, ex);
}

/* libmicrohttpd refuses some requests between their first line and on_request() (a first line that
 * leaves no room for a header), and does not complete what it never showed. */
void
connection_end(struct engine *engine, struct connection *connection)
{
    if (connection != NULL && connection->unfinished != NULL)
        exchange_finish(engine, connection->unfinished);
    connection_remove(engine->connections, connection);
}
