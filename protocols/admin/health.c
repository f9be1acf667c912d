/* SPDX-License-Identifier: Apache-2.0 */
/* GET /healthz, /readyz, /metrics: for the machines that look after this one. */
#include "idp/base/metrics.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"

static const struct problem *
say(struct request *rq, int status, const char *text)
{
    respond_header(rq, "Cache-Control", "no-store");
    return respond_text(rq, status, "text/plain; charset=utf-8", bytes_of_text(text));
}

/* The process lives and answers; nothing else is asked, so that a lost database does not get it
 * restarted. */
const struct problem *
endpoint_healthz(struct request *rq)
{
    return say(rq, 200, "ok\n");
}

static bool
store_answers(struct store *st, struct arena *arena)
{
    static const char sql[] = "SELECT 1";
    int64_t one = 0;
    const struct arg args[] = { ARG_END };
    const struct out outs[] = { out_int(&one), OUT_END };

    return st != NULL &&
           store_run(st, &(struct query) {
                             .sql = sql, .args = args, .outs = outs, .arena = arena }) == OK;
}

/* New requests should come here: not ending, keys open, store answering. */
const struct problem *
endpoint_readyz(struct request *rq)
{
    if (rq->ctx->services->draining)
        return say(rq, 503, "draining\n");
    if (rq->ctx->keys == NULL)
        return say(rq, 503, "no keys\n");
    if (!store_answers(rq->ctx->store, rq->arena))
        return say(rq, 503, "no store\n");
    return say(rq, 200, "ready\n");
}

const struct problem *
endpoint_metrics(struct request *rq)
{
    struct buf text = buf_new(rq->arena, 16384);

    metrics_write(&text);
    respond_header(rq, "Cache-Control", "no-store");
    return respond_text(rq, 200, "text/plain; version=0.0.4; charset=utf-8", buf_view(&text));
}
