/* SPDX-License-Identifier: Apache-2.0 */
/* The clock and the random source. Nothing else in the house asks the machine for either. */
#ifndef IDP_BASE_ENV_H
#define IDP_BASE_ENV_H

#include <stddef.h>
#include <stdint.h>

#include "idp/base/arena.h"
#include "idp/base/err.h"

/* Seconds since 1970-01-01 UTC. Durations end in _s. There is no other unit of time
 * but mono_us for measuring. */
typedef int64_t unix_s;
#define TIME_NEVER INT64_MAX /* later than any time */

struct env {
    unix_s (*now)(struct env *env);
    /* Fills `out` or answers ERR_UNAVAILABLE; never short, never weak. */
    enum err (*random)(struct env *env, void *out, size_t size);
    void *state; /* for test environments */
};

/* The machine's own clock and OpenSSL's generator. Static storage, usable from every thread. */
struct env *env_machine(void);

unix_s env_now(struct env *env);
must_check enum err env_random(struct env *env, void *out, size_t size);

/* Microseconds on a clock that only goes forward: for deadlines and measuring, never stored. */
int64_t mono_us(void);

/* "2026-01-01T08:00:00Z" (RFC 3339), and Beijing time "20260101080000" as UnionPay writes it. */
char *time_rfc3339(struct arena *arena, unix_s at);
char *time_beijing_compact(struct arena *arena, unix_s at);
/* "2026-01-01 14:35", as people there write it, and "14:35", what the clock shows. */
char *time_beijing_minute(struct arena *arena, unix_s at);
char *time_beijing_clock(struct arena *arena, unix_s at);

/* Calendar date in Beijing as yyyymmdd, for ages and daily counts. */
int32_t time_beijing_date(unix_s at);

#endif
