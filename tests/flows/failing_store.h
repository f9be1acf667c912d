/* SPDX-License-Identifier: Apache-2.0 */
/* The world's store behind a driver that fails when it is told to. */
#ifndef TESTS_FLOWS_FAILING_STORE_H
#define TESTS_FLOWS_FAILING_STORE_H

#include "idp/base/text.h"
#include "idp/store/driver.h"
#include "tests/world.h"

/* The store's own driver, behind one that fails when its countdown ends. */
static struct {
    const struct driver *own;
    struct driver driver;
    int countdown; /* statements, beginnings and commits up to the one that fails; 0: none does */
    bool for_good; /* and so do all after it */
    int failures;
} failing;

static inline bool
fails_now(void)
{
    bool now = failing.countdown == 1 ||
               (failing.countdown == 0 && failing.failures > 0 && failing.for_good);

    failing.countdown -= failing.countdown > 0;
    failing.failures += now;
    return now;
}

static inline enum err
failing_begin(struct store *st)
{
    return fails_now() ? ERR_UNAVAILABLE : failing.own->begin(st);
}

/* It fails before it reached the disk. */
static inline enum err
failing_commit(struct store *st)
{
    if (!fails_now())
        return failing.own->commit(st);
    failing.own->rollback(st);
    return ERR_UNAVAILABLE;
}

static inline enum err
failing_run(struct store *st, const struct query *query)
{
    return fails_now() ? ERR_UNAVAILABLE : failing.own->run(st, query);
}

/* The statement of that number fails from here on, counted from 1. */
static inline void
failing_begin_at(struct world *w, int statement, bool for_good)
{
    failing.own = w->services.database->driver;
    failing.driver = *failing.own;
    failing.driver.begin = failing_begin;
    failing.driver.commit = failing_commit;
    failing.driver.run = failing_run;
    failing.countdown = statement;
    failing.for_good = for_good;
    failing.failures = 0;
    w->services.database->driver = &failing.driver;
}

static inline void
failing_end(struct world *w)
{
    w->services.database->driver = failing.own;
}

/* Told in whichever way the endpoint has that it is for later. */
static inline bool
is_put_off(struct world *w)
{
    const char *error = w->answer.status == 303 ? world_location_param(w, "error") : NULL;

    return w->answer.status == 503 || text_eq(error, "temporarily_unavailable");
}

#endif
