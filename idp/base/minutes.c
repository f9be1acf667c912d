/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/minutes.h"

#include <pthread.h>

#include "idp/base/metrics.h"

#define A_MINUTE (60 / MINUTES_SAMPLE_S)
#define SAMPLES (MINUTES * A_MINUTE + 1)

static struct {
    pthread_mutex_t lock;
    size_t taken; /* since the start */
    int64_t at[SAMPLES][METRIC_VALUES];
} ring = { .lock = PTHREAD_MUTEX_INITIALIZER };

void
minutes_sample(void)
{
    pthread_mutex_lock(&ring.lock);
    metrics_copy(ring.at[ring.taken % SAMPLES]);
    ring.taken++;
    pthread_mutex_unlock(&ring.lock);
}

/* Of `back` minutes before the last sample. */
static int64_t
sample_of(unsigned id, size_t back)
{
    return ring.at[(ring.taken - 1 - back * A_MINUTE) % SAMPLES][id];
}

/* Whole minutes between the oldest sample there is and the last. */
static size_t
minutes_known(void)
{
    size_t samples = ring.taken < SAMPLES ? ring.taken : SAMPLES;

    return samples == 0 ? 0 : (samples - 1) / A_MINUTE;
}

size_t
minutes_growth(unsigned counter, int64_t out[MINUTES])
{
    size_t known;

    pthread_mutex_lock(&ring.lock);
    known = minutes_known();
    for (size_t i = 0; i < known; i++)
        out[i] = sample_of(counter, known - 1 - i) - sample_of(counter, known - i);
    pthread_mutex_unlock(&ring.lock);
    return known;
}

size_t
minutes_level(unsigned gauge, int64_t out[MINUTES])
{
    size_t known;

    pthread_mutex_lock(&ring.lock);
    known = minutes_known();
    for (size_t i = 0; i < known; i++)
        out[i] = sample_of(gauge, known - 1 - i);
    pthread_mutex_unlock(&ring.lock);
    return known;
}
