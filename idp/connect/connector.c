/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/connect/connector.h"

#include "idp/base/env.h"
#include "idp/base/log.h"

#define PAUSE_US (CONNECTOR_PAUSE_S * 1000000LL)

void
connector_init(struct connector *connector, const char *name, enum metric is_open,
               int64_t max_in_flight)
{
    *connector = (struct connector) {
        .name = name,
        .is_open = is_open,
        .max_in_flight = max_in_flight,
        .clock = mono_us,
    };
    pthread_mutex_init(&connector->lock, NULL);
}

void
connector_end(struct connector *connector)
{
    metric_add(connector->is_open, -(connector->failures >= CONNECTOR_FAILURES_MAX));
    pthread_mutex_destroy(&connector->lock);
}

/*
 * Letting a trial through starts the next pause: whoever comes during the trial waits, and a trial
 * that never comes back does not keep the breaker open for ever.
 */
static bool
breaker_admits(struct connector *connector)
{
    int64_t now = connector->clock();

    if (connector->failures < CONNECTOR_FAILURES_MAX)
        return true;
    if (now < connector->open_until_us)
        return false;
    connector->open_until_us = now + PAUSE_US;
    return true;
}

enum err
connector_enter(struct connector *connector)
{
    enum err err = ERR_BUSY;

    pthread_mutex_lock(&connector->lock);
    if (connector->in_flight < connector->max_in_flight && breaker_admits(connector)) {
        connector->in_flight++;
        err = OK;
    }
    pthread_mutex_unlock(&connector->lock);
    return err;
}

/* True when this failure opened the breaker. */
static bool
failure_counted(struct connector *connector)
{
    connector->failures++;
    if (connector->failures >= CONNECTOR_FAILURES_MAX)
        connector->open_until_us = connector->clock() + PAUSE_US;
    return connector->failures == CONNECTOR_FAILURES_MAX;
}

void
connector_leave(struct connector *connector, bool success)
{
    bool opened = false;
    bool closed = false;

    pthread_mutex_lock(&connector->lock);
    connector->in_flight--;
    if (success) {
        closed = connector->failures >= CONNECTOR_FAILURES_MAX;
        connector->failures = 0;
    } else {
        opened = failure_counted(connector);
    }
    pthread_mutex_unlock(&connector->lock);
    metric_add(connector->is_open, opened - closed);
    if (opened)
        log_line(LOG_WARN, "connector.opened", log_text("name", connector->name));
    if (closed)
        log_line(LOG_INFO, "connector.closed", log_text("name", connector->name));
}

void
connector_release(void *connector)
{
    connector_leave(connector, false);
}
