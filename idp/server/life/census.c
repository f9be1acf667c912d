/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/life/census.h"

#include "idp/base/metrics.h"
#include "idp/tables/outbox.h"
#include "idp/tables/session.h"
#include "idp/tables/terminal.h"

#define SESSIONS_MOST 1000000
#define DELIVERIES_MOST 100000
/* The longest pause between two tries, and a little more. */
#define DELIVERIES_WITHIN_S 7200
#define GOOD_FOR_S (CENSUS_EVERY_S + 30)

static enum err
terminals_count(struct ctx *ctx)
{
    static const struct {
        enum terminal_state state;
        enum metric metric;
    } states[] = {
        { TERMINAL_ANNOUNCED, METRIC_TERMINALS_ANNOUNCED },
        { TERMINAL_ENROLLED, METRIC_TERMINALS_ENROLLED },
        { TERMINAL_RETIRED, METRIC_TERMINALS_RETIRED },
    };
    enum err err = OK;

    for (size_t i = 0; err == OK && i < sizeof(states) / sizeof(states[0]); i++) {
        int64_t count = 0;

        err = store_terminal_count(ctx->store, states[i].state, &count);
        if (err == OK)
            metric_tell(states[i].metric, count, GOOD_FOR_S);
    }
    return err;
}

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
    return terminals_count(ctx);
}
