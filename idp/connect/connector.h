/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands before every outside service: a bulkhead, so that a slow service holds few of our
 * workers, and a breaker, so that a dead one is left alone.
 */
#ifndef IDP_CONNECT_CONNECTOR_H
#define IDP_CONNECT_CONNECTOR_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "idp/base/err.h"
#include "idp/base/metrics.h"

#define CONNECTOR_FAILURES_MAX 10 /* in a row: then the breaker opens */
#define CONNECTOR_PAUSE_S 10      /* how long it stays open before one trial is let through */

/* Set up with connector_init(); members are its own business. */
struct connector {
    const char *name;
    enum metric is_open; /* a gauge */
    int64_t max_in_flight;
    int64_t (*clock)(void); /* microseconds, forward only; tests put theirs */
    pthread_mutex_t lock;
    int64_t in_flight;
    int64_t failures;
    int64_t open_until_us;
};

/* `name` is for logs and must outlive the connector; `is_open` shows the breaker. */
void connector_init(struct connector *connector, const char *name, enum metric is_open,
                    int64_t max_in_flight);
void connector_end(struct connector *connector);

/* ERR_BUSY at once when full or open. After OK, call connector_leave() exactly once. */
must_check enum err connector_enter(struct connector *connector);

/* For hold_begin(): a call that was left early is told as no success. */
void connector_release(void *connector);

/* `success`: the service answered as a working service does, whatever it said. */
void connector_leave(struct connector *connector, bool success);

#endif
