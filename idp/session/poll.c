/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/poll.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/unwind.h"

#define PLACES ((size_t)1 << 18) /* 2 MiB */
#define TIME_BITS 24             /* seconds of 194 days: longer than anybody waits */
#define TIME_MASK (((uint64_t)1 << TIME_BITS) - 1)

/* A place is one word: 40 bits that say whose, and when it asked. 0: nobody. */
struct polls {
    _Atomic uint64_t places[PLACES];
};

struct polls *
polls_new(void)
{
    return memory_new(sizeof(struct polls)); /* pages come when touched */
}

void
polls_free(struct polls *polls)
{
    free(polls);
}

bool
poll_is_hasty(struct polls *polls, const struct digest *waiter, int64_t interval_s, unix_s now)
{
    uint64_t words[2];
    uint64_t whose;
    uint64_t before;
    int64_t since_s;

    memcpy(words, waiter->bytes, sizeof(words));
    whose = words[1] & ~TIME_MASK;
    before = atomic_exchange_explicit(&polls->places[words[0] % PLACES],
                                      whose | ((uint64_t)now & TIME_MASK), memory_order_relaxed);
    if (before == 0 || (before & ~TIME_MASK) != whose)
        return false;
    since_s = (int64_t)(((uint64_t)now - before) & TIME_MASK);
    return since_s < interval_s - POLL_TOLERANCE_S;
}
