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

/* A READING, good for so many seconds; 0: until it is told anew. METRIC_ABSENT: it is left out. */
#define METRIC_ABSENT INT64_MIN
void metric_tell(enum metric reading, int64_t value, int64_t good_for_s);
/* METRIC_ABSENT when there is nothing to tell. */
int64_t metric_told(enum metric reading);

/*
 * The series of a family with these labels, as they are written: `way="sms",outcome="ok"`. They come
 * from tables of the program, never from outside, so that their number is bounded; more than there is
 * room for is a bug. Asked for again, it is the same: whoever counts often keeps it. Series are numbered
 * behind the metrics.
 */
unsigned metric_series(enum metric family, const char *labels);
void metric_series_add(unsigned series, int64_t value);
int64_t metric_series_read(unsigned series);

/* The sum over all threads, of a family over all its series; a reading that is left out is 0 (tests
 * and pages). */
int64_t metric_read(enum metric metric);

/* How many values there are at most: metrics, and behind them the series. */
#define METRIC_SERIES_MAX 2048
#define METRIC_VALUES (METRIC_COUNT + METRIC_SERIES_MAX)

/* All of them at this moment, as metric_read() gives them; series not named yet stay as they are. */
void metrics_copy(int64_t out[METRIC_VALUES]);

/* Prometheus text exposition format, version 0.0.4. */
void metrics_write(struct buf *out);

/* docs/metrics.md. */
void metrics_write_reference(struct buf *out);

#endif
