/* SPDX-License-Identifier: Apache-2.0 */
/* What goes on beside requests: the table of jobs in jobs.c, and the threads that do them. */
#ifndef IDP_SERVER_LIFE_JOBS_H
#define IDP_SERVER_LIFE_JOBS_H

#include "idp/context/ctx.h"
#include "idp/server/life/card_feed.h"
#include "idp/server/life/lease.h"
#include "idp/tables/epoch.h"
#include "policies/sweep_clock.h"

struct jobs;

/* What this node has seen of the epoch table. Zero: nothing yet, so the
 * first look loads everything. */
struct watch {
    struct epochs seen;
    bool started;
};

/* One look at the epoch table, and whatever it says is new: partners and keys; then what others
 * have revoked. */
must_check enum err watch_once(struct ctx *ctx, const struct key32 *kek, struct watch *watch);

/* A crew is so many threads that do the same jobs. */
enum crew {
    CREW_WATCHER,   /* what every node must see within a second, and nothing that takes long */
    CREW_KEEPER,    /* what one node should do, under leases */
    CREW_FETCHER,   /* the same, where it asks others and may take long */
    CREW_MIRROR,    /* the same, where nothing else may keep it waiting */
    CREW_STAFF,     /* the same, of the directory */
    CREW_DELIVERER, /* calls to others; woken by the outbox */
    CREW_COUNT
};

#define JOBS_MAX 16

/* What a thread of a crew remembers from pass to pass. */
struct rounds {
    const struct key32 *kek;
    const char *holder; /* this node's name in leases */
    struct watch watch;
    struct sweep_clock clock;
    unix_s sweep_now; /* by that clock */
    struct card_pulls card_pulls;
    bool again; /* a round says so: there is more to do at once */
    struct {
        bool ran;
        unix_s ran_at;
        struct lease lease;
    } of[JOBS_MAX]; /* in the order of the table of jobs */
};

/* Each job of the crew that is due, one behind the other; under a lease only while it is held. What
 * fails is logged; what a job needs too much of ends that job's round. True: there is more to do at
 * once. */
bool jobs_pass(struct ctx *ctx, enum crew crew, struct rounds *rounds);

/* The next node need not wait for what this one held. */
void jobs_give_back(struct ctx *ctx, struct rounds *rounds);

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
