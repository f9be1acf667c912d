/* SPDX-License-Identifier: Apache-2.0 */
/* Counters and histograms, kept per thread and summed when somebody looks. */
#ifndef IDP_BASE_METRICS_H
#define IDP_BASE_METRICS_H

#include <stdint.h>

#include "idp/base/buf.h"

enum metric {
#define METRIC(symbol, kind, name, help) METRIC_##symbol,
#include "idp/base/metric.def"
#undef METRIC
    METRIC_COUNT
};

/* Cheap: one relaxed add on a cache line that only this thread writes. */
void metric_add(enum metric metric, int64_t value);
void metric_seconds(enum metric histogram, int64_t elapsed_us);

/* The sum over all threads (tests and /metrics). */
int64_t metric_read(enum metric metric);

/* Prometheus text exposition format, version 0.0.4. */
void metrics_write(struct buf *out);

#endif
