/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/metrics.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/broken.h"
#include "idp/base/env.h"

#define SHARDS 64
#define BUCKETS 12
#define SECOND_US INT64_C(1000000)

enum metric_kind {
    COUNTER,
    GAUGE,
    HISTOGRAM,
    READING,
    READING_US,
    COUNTERS,
    GAUGES
};

static const struct {
    const char *name;
    const char *help;
    enum metric_kind kind;
} table[] = {
#define METRIC(symbol, kind, name, help) { name, help, kind },
#include "idp/base/metric.def"
#undef METRIC
};

static const char *const types[] = {
    [COUNTER] = "counter", [GAUGE] = "gauge",        [HISTOGRAM] = "histogram",
    [READING] = "gauge",   [READING_US] = "counter", [COUNTERS] = "counter",
    [GAUGES] = "gauge",
};

static const int64_t bucket_us[BUCKETS] = { 100,   500,    1000,   5000,    10000,   25000,
                                            50000, 100000, 250000, 1000000, 5000000, 10000000 };

/* values[m] of a histogram is its sum in microseconds; behind the metrics stand the series. */
struct metric_shard {
    _Alignas(64) _Atomic int64_t values[METRIC_VALUES];
    _Atomic int64_t buckets[METRIC_COUNT][BUCKETS + 1];
};

static struct metric_shard shards[SHARDS];
static _Atomic unsigned next_shard;
static _Thread_local struct metric_shard *mine;

struct metric_reading {
    _Atomic int64_t value;
    _Atomic int64_t until_us; /* mono_us(); 0: it has not been told */
};

static struct metric_reading readings[METRIC_COUNT];

/* Added to under the lock, read without it, never changed. */
static struct {
    pthread_mutex_t lock;
    _Atomic unsigned count;
    struct {
        enum metric family;
        const char *labels;
    } at[METRIC_SERIES_MAX];
} all_series = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct metric_shard *
my_shard(void)
{
    if (mine == NULL)
        mine = &shards[atomic_fetch_add(&next_shard, 1) % SHARDS];
    return mine;
}

static void
value_add(unsigned id, int64_t value)
{
    atomic_fetch_add_explicit(&my_shard()->values[id], value, memory_order_relaxed);
}

void
metric_add(enum metric metric, int64_t value)
{
    value_add(metric, value);
}

void
metric_tell(enum metric reading, int64_t value, int64_t good_for_s)
{
    readings[reading].value = value;
    readings[reading].until_us = good_for_s > 0 ? mono_us() + good_for_s * SECOND_US : INT64_MAX;
}

int64_t
metric_told(enum metric reading)
{
    return mono_us() < readings[reading].until_us ? readings[reading].value : METRIC_ABSENT;
}

static unsigned
series_find(enum metric family, const char *labels)
{
    unsigned count = all_series.count;
    unsigned i = 0;

    while (i < count &&
           (all_series.at[i].family != family || strcmp(all_series.at[i].labels, labels) != 0))
        i++;
    return i;
}

static unsigned
series_add(enum metric family, const char *labels)
{
    unsigned i = series_find(family, labels); /* another thread may have been faster */
    char *copy;

    if (i < all_series.count)
        return i;
    copy = strdup(labels);
    if (i == METRIC_SERIES_MAX || copy == NULL)
        broken("the series of all tables have room");
    all_series.at[i].family = family;
    all_series.at[i].labels = copy;
    all_series.count = i + 1;
    return i;
}

unsigned
metric_series(enum metric family, const char *labels)
{
    unsigned i = series_find(family, labels);

    if (i == all_series.count) {
        pthread_mutex_lock(&all_series.lock);
        i = series_add(family, labels);
        pthread_mutex_unlock(&all_series.lock);
    }
    return METRIC_COUNT + i;
}

void
metric_series_add(unsigned series, int64_t value)
{
    value_add(series, value);
}

void
metric_seconds(enum metric histogram, int64_t elapsed_us)
{
    size_t i = 0;

    while (i < BUCKETS && elapsed_us > bucket_us[i])
        i++;
    atomic_fetch_add_explicit(&my_shard()->buckets[histogram][i], 1, memory_order_relaxed);
    metric_add(histogram, elapsed_us);
}

static int64_t
value_read(size_t id)
{
    int64_t sum = 0;

    for (size_t i = 0; i < SHARDS; i++)
        sum += atomic_load_explicit(&shards[i].values[id], memory_order_relaxed);
    return sum;
}

int64_t
metric_series_read(unsigned series)
{
    return value_read(series);
}

static int64_t
family_read(enum metric family)
{
    int64_t sum = 0;

    for (unsigned i = 0; i < all_series.count; i++)
        sum += all_series.at[i].family == family ? metric_series_read(METRIC_COUNT + i) : 0;
    return sum;
}

int64_t
metric_read(enum metric metric)
{
    int64_t told;

    switch (table[metric].kind) {
    case COUNTERS:
    case GAUGES:
        return family_read(metric);
    case READING:
    case READING_US:
        told = metric_told(metric);
        return told != METRIC_ABSENT ? told : 0;
    default:
        return value_read(metric);
    }
}

void
metrics_copy(int64_t out[METRIC_VALUES])
{
    for (size_t i = 0; i < METRIC_COUNT; i++)
        out[i] = metric_read((enum metric)i);
    for (unsigned i = 0; i < all_series.count; i++)
        out[METRIC_COUNT + i] = metric_series_read(METRIC_COUNT + i);
}

static int64_t
bucket_read(enum metric metric, size_t bucket)
{
    int64_t sum = 0;

    for (size_t i = 0; i < SHARDS; i++)
        sum += atomic_load_explicit(&shards[i].buckets[metric][bucket], memory_order_relaxed);
    return sum;
}

static void
put_seconds(struct buf *out, int64_t us)
{
    char digits[7];
    int64_t fraction = us % 1000000;

    for (int i = 5; i >= 0; i--, fraction /= 10)
        digits[i] = (char)('0' + fraction % 10);
    buf_int(out, us / 1000000);
    buf_char(out, '.');
    buf_bytes(out, digits, 6);
}

static void
histogram_write(struct buf *out, enum metric metric)
{
    int64_t count = 0;

    for (size_t i = 0; i <= BUCKETS; i++) {
        count += bucket_read(metric, i);
        buf_text(out, table[metric].name);
        buf_text(out, "_bucket{le=\"");
        if (i < BUCKETS)
            put_seconds(out, bucket_us[i]);
        else
            buf_text(out, "+Inf");
        buf_text(out, "\"} ");
        buf_int(out, count);
        buf_char(out, '\n');
    }
    buf_text(out, table[metric].name);
    buf_text(out, "_sum ");
    put_seconds(out, metric_read(metric));
    buf_char(out, '\n');
    buf_text(out, table[metric].name);
    buf_text(out, "_count ");
    buf_int(out, count);
    buf_char(out, '\n');
}

/* HELP and TYPE stand once before the first line of a family (rows of one family are
 * neighbours in the table). */
static void
head_write(struct buf *out, size_t metric)
{
    size_t size = strcspn(table[metric].name, "{");

    if (metric > 0 && strcspn(table[metric - 1].name, "{") == size &&
        strncmp(table[metric - 1].name, table[metric].name, size) == 0)
        return;
    buf_text(out, "# HELP ");
    buf_bytes(out, table[metric].name, size);
    buf_char(out, ' ');
    buf_text(out, table[metric].help);
    buf_text(out, "\n# TYPE ");
    buf_bytes(out, table[metric].name, size);
    buf_char(out, ' ');
    buf_text(out, types[table[metric].kind]);
    buf_char(out, '\n');
}

static void
family_write(struct buf *out, enum metric family)
{
    for (unsigned i = 0; i < all_series.count; i++) {
        if (all_series.at[i].family != family)
            continue;
        buf_bytes(out, table[family].name, strcspn(table[family].name, "{"));
        buf_char(out, '{');
        buf_text(out, all_series.at[i].labels);
        buf_text(out, "} ");
        buf_int(out, metric_series_read(METRIC_COUNT + i));
        buf_char(out, '\n');
    }
}

static void
value_write(struct buf *out, enum metric metric)
{
    enum metric_kind kind = table[metric].kind;
    bool told = kind == READING || kind == READING_US;
    int64_t value = told ? metric_told(metric) : value_read(metric);

    if (told && value == METRIC_ABSENT)
        return;
    buf_text(out, table[metric].name);
    buf_char(out, ' ');
    if (kind == READING_US)
        put_seconds(out, value);
    else
        buf_int(out, value);
    buf_char(out, '\n');
}

void
metrics_write(struct buf *out)
{
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        head_write(out, i);
        if (table[i].kind == HISTOGRAM)
            histogram_write(out, (enum metric)i);
        else if (table[i].kind == COUNTERS || table[i].kind == GAUGES)
            family_write(out, (enum metric)i);
        else
            value_write(out, (enum metric)i);
    }
}

void
metrics_write_reference(struct buf *out)
{
    buf_text(out, "# Metrics\n\nWhat `/metrics` of the admin listener shows, in the text format of "
                  "Prometheus. Generated from `idp/base/metric.def`; do not edit.\n\n"
                  "| metric | type | what it is |\n| --- | --- | --- |\n");
    for (size_t i = 0; i < METRIC_COUNT; i++)
        buf_text(out, arena_printf(out->arena, "| `%s` | %s | %s |\n", table[i].name,
                                   types[table[i].kind], table[i].help));
}
