/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/metrics.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define SHARDS 64
#define BUCKETS 12

enum metric_kind {
    COUNTER,
    GAUGE,
    HISTOGRAM
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

static const int64_t bucket_us[BUCKETS] = { 100,   500,    1000,   5000,    10000,   25000,
                                            50000, 100000, 250000, 1000000, 5000000, 10000000 };

/* values[m] of a histogram is its sum in microseconds. */
struct metric_shard {
    _Alignas(64) _Atomic int64_t values[METRIC_COUNT];
    _Atomic int64_t buckets[METRIC_COUNT][BUCKETS + 1];
};

static struct metric_shard shards[SHARDS];
static _Atomic unsigned next_shard;
static _Thread_local struct metric_shard *mine;

static struct metric_shard *
my_shard(void)
{
    if (mine == NULL)
        mine = &shards[atomic_fetch_add(&next_shard, 1) % SHARDS];
    return mine;
}

void
metric_add(enum metric metric, int64_t value)
{
    atomic_fetch_add_explicit(&my_shard()->values[metric], value, memory_order_relaxed);
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

int64_t
metric_read(enum metric metric)
{
    int64_t sum = 0;

    for (size_t i = 0; i < SHARDS; i++)
        sum += atomic_load_explicit(&shards[i].values[metric], memory_order_relaxed);
    return sum;
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
    static const char *const kinds[] = { "counter", "gauge", "histogram" };
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
    buf_text(out, kinds[table[metric].kind]);
    buf_char(out, '\n');
}

void
metrics_write(struct buf *out)
{
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        head_write(out, i);
        if (table[i].kind == HISTOGRAM) {
            histogram_write(out, (enum metric)i);
            continue;
        }
        buf_text(out, table[i].name);
        buf_char(out, ' ');
        buf_int(out, metric_read((enum metric)i));
        buf_char(out, '\n');
    }
}
