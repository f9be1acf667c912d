/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/audit/sampler.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "idp/base/log.h"
#include "idp/base/unwind.h"

#define SHARDS 64
#define SETS 16 /* of a shard */
#define WAYS 4

struct seen {
    uint64_t key;
    unix_s since; /* 0: free */
    int64_t count;
};

struct sampler_shard {
    pthread_mutex_t mutex;
    struct seen seen[SETS][WAYS];
};

struct audit_sampler {
    struct sampler_shard shards[SHARDS];
    /* The minute and its records so far, in one word so that no thread sees half of it. */
    _Atomic uint64_t minute;
};

#define COUNT_BITS 24
#define COUNT_MASK ((UINT64_C(1) << COUNT_BITS) - 1)

struct audit_sampler *
sampler_new(void)
{
    struct audit_sampler *sampler = memory_new(sizeof(*sampler));

    for (size_t i = 0; i < SHARDS; i++)
        pthread_mutex_init(&sampler->shards[i].mutex, NULL);
    return sampler;
}

void
sampler_free(struct audit_sampler *sampler)
{
    if (sampler == NULL)
        return;
    for (size_t i = 0; i < SHARDS; i++)
        pthread_mutex_destroy(&sampler->shards[i].mutex);
    free(sampler);
}

/* FNV-1a, the final NUL included. Who makes two keys meet only has fewer records of their own. */
static uint64_t
hash_text(uint64_t hash, const char *text)
{
    do
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    while (*text++ != '\0');
    return hash;
}

static uint64_t
key_of(const struct sample *sample)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    hash = hash_text(hash, sample->network);
    hash = hash_text(hash, sample->event);
    hash = hash_text(hash, sample->reason);
    hash = hash_text(hash, sample->partner_id);
    hash = hash_text(hash, sample->person_id);
    return hash ^ hash >> 32;
}

static bool
is_over(const struct seen *seen, unix_s now)
{
    return seen->since == 0 || now - seen->since >= SAMPLER_WINDOW_S || now < seen->since;
}

/* Its own place, or the one that is given up for it: free, over, or the oldest. */
static struct seen *
place_of(struct seen *ways, uint64_t key, unix_s now)
{
    struct seen *place = ways;

    for (size_t i = 0; i < WAYS; i++) {
        if (ways[i].key == key && !is_over(&ways[i], now))
            return &ways[i];
        if (is_over(place, now))
            continue;
        if (is_over(&ways[i], now) || ways[i].since < place->since)
            place = &ways[i];
    }
    *place = (struct seen) { .key = key, .since = now };
    return place;
}

static int64_t
count_one(struct audit_sampler *sampler, uint64_t key, unix_s now)
{
    struct sampler_shard *shard = &sampler->shards[key % SHARDS];
    int64_t count;

    pthread_mutex_lock(&shard->mutex);
    count = ++place_of(shard->seen[key / SHARDS % SETS], key, now)->count;
    pthread_mutex_unlock(&shard->mutex);
    return count;
}

static bool
is_power_of_ten(int64_t count)
{
    while (count % 10 == 0)
        count /= 10;
    return count == 1;
}

static bool
fits_minute(struct audit_sampler *sampler, unix_s now, int64_t rows_a_minute)
{
    uint64_t minute = (uint64_t)(now / 60) << COUNT_BITS;
    uint64_t before = atomic_load(&sampler->minute);
    uint64_t after;

    do {
        uint64_t count = (before & ~COUNT_MASK) == minute ? before & COUNT_MASK : 0;

        if (count > (uint64_t)rows_a_minute)
            return false;
        after = minute | (count + 1);
    } while (!atomic_compare_exchange_weak(&sampler->minute, &before, after));
    if ((after & COUNT_MASK) <= (uint64_t)rows_a_minute)
        return true;
    log_line(LOG_WARN, "audit.sampled", log_int("rows_a_minute", rows_a_minute));
    return false;
}

bool
sampler_keeps(struct audit_sampler *sampler, const struct sample *sample, unix_s now,
              int64_t rows_a_minute)
{
    bool is_named = sample->person_id[0] != '\0';
    int64_t count = count_one(sampler, key_of(sample), now);

    if (count > (is_named ? SAMPLER_FIRST_NAMED : SAMPLER_FIRST) && !is_power_of_ten(count))
        return false;
    return is_named || fits_minute(sampler, now, rows_a_minute);
}
