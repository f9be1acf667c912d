/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/life/lease.h"

#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/tables/lease.h"

#define LEASE_S 20
/* All nodes ask this often, so another one takes over 25 s after the last sign of a holder. */
#define ASK_EVERY_S 5
/* More than clocks of nodes differ: a lease that ends later comes from a clock that was wrong. */
#define LONGEST_S (3 * LEASE_S)

static void
note_change(const char *name, bool taken)
{
    metric_add(taken ? METRIC_LEASES_TAKEN : METRIC_LEASES_LOST, 1);
    log_line(taken ? LOG_INFO : LOG_WARN, taken ? "lease.taken" : "lease.lost",
             log_text("lease", name));
}

static bool
is_held(const struct lease *lease, unix_s now)
{
    return lease->until > now;
}

static void
ask(struct ctx *ctx, struct lease *lease, const char *name, const char *holder)
{
    struct stored_lease row = { name, holder, ctx->now + LEASE_S };
    enum err err = store_lease_take(ctx->store, &row, ctx->now, LONGEST_S);

    if (err == OK)
        lease->until = row.until;
    else if (err == ERR_CONFLICT)
        lease->until = 0;
    else /* what is held is held until its time is over */
        log_line(LOG_WARN, "lease.failed", log_text("lease", name),
                 log_text("error", err_name(err)));
}

bool
lease_hold(struct ctx *ctx, struct lease *lease, const char *name, const char *holder)
{
    int64_t age_s = ctx->now - lease->asked_at;
    bool was_held = lease->until != 0;

    if (age_s >= ASK_EVERY_S || age_s < 0) {
        ask(ctx, lease, name, holder);
        lease->asked_at = ctx->now;
    }
    if (!is_held(lease, ctx->now))
        lease->until = 0;
    if (was_held != (lease->until != 0))
        note_change(name, !was_held);
    return lease->until != 0;
}

void
lease_give_back(struct ctx *ctx, struct lease *lease, const char *name, const char *holder)
{
    enum err err;

    if (lease->until == 0)
        return;
    lease->until = 0;
    err = store_lease_give_back(ctx->store, name, holder);
    if (err != OK) /* it runs out by itself */
        log_line(LOG_WARN, "lease.failed", log_text("lease", name),
                 log_text("error", err_name(err)));
}
