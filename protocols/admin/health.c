/* SPDX-License-Identifier: Apache-2.0 */
/* GET /healthz, /readyz, /metrics: for the machines that look after this one. */
#include <stdatomic.h>

#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/process.h"
#include "idp/store/migrate.h"
#include "idp/tables/attempt.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"

/* Beyond the kinds of policies/lockout.h. */
#define READINESS_KIND 1000
#define ROW_LIFE_S 60
#define TRY_EVERY_US INT64_C(1000000)
#define TRY_MAX_US INT64_C(3000000)

static const struct problem *
say(struct request *rq, int status, const char *text)
{
    respond_header(rq, "Cache-Control", "no-store");
    return respond_text(rq, status, "text/plain; charset=utf-8", bytes_of_text(text));
}

/* The process lives and answers; nothing else is asked, so that a lost database
 * does not get it restarted. */
const struct problem *
endpoint_healthz(struct request *rq)
{
    return say(rq, 200, "ok\n");
}

/* A newer program may have migrated to what this one does not understand. The log is told once. */
static bool
schema_fits(struct request *rq)
{
    const char *why = NULL;
    enum err err = store_schema_check(rq->ctx->store, rq->arena, &why);
    bool unfit = err == ERR_INVALID;

    if (!atomic_exchange(&rq->ctx->services->readiness.unfit, unfit) && unfit)
        log_line(LOG_ERROR, "store.schema", log_text("reason", why));
    return err == OK;
}

/*
 * Writes a row, for a store may answer and yet take nothing: a full disk, a standby. Each process
 * has one such row and writes it at most once a second, however many probes ask. A write that does
 * not come back counts as a no.
 */
static bool
store_takes_a_row(struct request *rq)
{
    struct readiness *readiness = &rq->ctx->services->readiness;
    const struct attempt attempt = { READINESS_KIND, readiness->row, ROW_LIFE_S, "", NULL };
    struct attempt_tally tally;
    bool fits = schema_fits(rq);
    enum err err = store_attempt_add(rq->ctx->store, &attempt, rq->now, &tally);

    atomic_store(&readiness->stored_us, fits && err == OK ? mono_us() : 0);
    return fits && err == OK;
}

static bool
can_store(struct request *rq)
{
    struct readiness *readiness = &rq->ctx->services->readiness;
    int64_t tried_us = atomic_load(&readiness->tried_us);
    int64_t stored_us = atomic_load(&readiness->stored_us);
    int64_t now_us = mono_us();

    if (rq->ctx->store == NULL)
        return false;
    if (now_us - tried_us >= TRY_EVERY_US &&
        atomic_compare_exchange_strong(&readiness->tried_us, &tried_us, now_us))
        return store_takes_a_row(rq);
    return stored_us != 0 && (stored_us >= tried_us || now_us - tried_us < TRY_MAX_US);
}

static const struct problem *
not_ready(struct request *rq, const char *why)
{
    respond_header(rq, "Retry-After", "2");
    return say(rq, 503, why);
}

/*
 * The front should send new requests here: the server is not ending, its keys are open, and the
 * store takes what it is given.
 */
const struct problem *
endpoint_readyz(struct request *rq)
{
    if (rq->ctx->services->draining)
        return not_ready(rq, "draining\n");
    if (rq->ctx->keys == NULL)
        return not_ready(rq, "no keys\n");
    if (!can_store(rq))
        return not_ready(rq, "no store\n");
    return say(rq, 200, "ready\n");
}

const struct problem *
endpoint_metrics(struct request *rq)
{
    struct buf text = buf_new(rq->arena, 65536);

    process_tell();
    metrics_write(&text);
    respond_header(rq, "Cache-Control", "no-store");
    return respond_text(rq, 200, "text/plain; version=0.0.4; charset=utf-8", buf_view(&text));
}
