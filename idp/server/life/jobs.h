/* SPDX-License-Identifier: Apache-2.0 */
/* What goes on beside requests: the epoch poll, key timers, the sweep, and
 * telling partners of logouts. */
#ifndef IDP_SERVER_LIFE_JOBS_H
#define IDP_SERVER_LIFE_JOBS_H

#include "idp/tables/epoch.h"
#include "idp/work/ctx.h"

struct jobs;

/* What this node has seen of the epoch table. Zero: nothing yet, so the
 * first look loads everything. */
struct watch {
    struct epochs seen;
    bool started;
};

/* One look at the epoch table, and whatever it says is new: partners, keys,
 * revocations; then the key timers. */
must_check enum err watch_once(struct ctx *ctx, const struct key32 *kek, struct watch *watch);

/* `services` and `kek` must outlive it. */
must_check enum err jobs_start(struct services *services, const struct key32 *kek,
                               struct jobs **out);
/* Tells its threads to end behind what each is doing. */
void jobs_end(struct jobs *jobs);
/* True once none of them does anything any more. */
bool jobs_have_ended(const struct jobs *jobs);
/* Ends and frees; what is under way is waited for, so cut it before (services_cut) when that
 * may be long. NULL is fine. */
void jobs_stop(struct jobs *jobs);

#endif
