/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/life/census.h"

#include "idp/base/metrics.h"
#include "idp/tables/outbox.h"
#include "idp/tables/session.h"

#define SESSIONS_MOST 1000000
#define DELIVERIES_MOST 100000
/* The longest pause between two tries, and a little more. */
#define DELIVERIES_WITHIN_S 7200
#define GOOD_FOR_S (CENSUS_EVERY_S + 30)

enum err
census_take(struct ctx *ctx)
{
    int64_t sessions = 0;
    int64_t waiting = 0;
    enum err err = store_session_count(ctx->store, ctx->now, SESSIONS_MOST, &sessions);

    if (err == OK)
        err = store_delivery_count(ctx->store, ctx->now, DELIVERIES_WITHIN_S, DELIVERIES_MOST,
                                   &waiting);
    if (err != OK)
        return err;
    metric_tell(METRIC_SESSIONS_LIVE, sessions, GOOD_FOR_S);
    metric_tell(METRIC_DELIVERIES_WAITING, waiting, GOOD_FOR_S);
    return OK;
}
