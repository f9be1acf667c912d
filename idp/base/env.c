/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/env.h"

#include <openssl/rand.h>
#include <time.h>

#define BEIJING_OFFSET_S (8 * 3600)

static unix_s
machine_now(struct env *env)
{
    struct timespec ts;

    (void)env;
    clock_gettime(CLOCK_REALTIME, &ts);
    return ts.tv_sec;
}

static enum err
machine_random(struct env *env, void *out, size_t size)
{
    (void)env;
    if (size > INT32_MAX || RAND_bytes(out, (int)size) != 1)
        return ERR_UNAVAILABLE;
    return OK;
}

struct env *
env_machine(void)
{
    static struct env machine = { .now = machine_now, .random = machine_random };

    return &machine;
}

unix_s
env_now(struct env *env)
{
    return env->now(env);
}

enum err
env_random(struct env *env, void *out, size_t size)
{
    return env->random(env, out, size);
}

int64_t
mono_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static struct tm
broken_down(unix_s at)
{
    time_t seconds = (time_t)at;
    struct tm tm = { 0 };

    gmtime_r(&seconds, &tm);
    return tm;
}

char *
time_rfc3339(struct arena *arena, unix_s at)
{
    struct tm tm = broken_down(at);

    return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
                        tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

char *
time_beijing_compact(struct arena *arena, unix_s at)
{
    struct tm tm = broken_down(at + BEIJING_OFFSET_S);

    return arena_printf(arena, "%04d%02d%02d%02d%02d%02d", tm.tm_year + 1900, tm.tm_mon + 1,
                        tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

char *
time_beijing_minute(struct arena *arena, unix_s at)
{
    int32_t date = time_beijing_date(at);

    return arena_printf(arena, "%04d-%02d-%02d %s", date / 10000, date / 100 % 100, date % 100,
                        time_beijing_clock(arena, at));
}

char *
time_beijing_clock(struct arena *arena, unix_s at)
{
    struct tm tm = broken_down(at + BEIJING_OFFSET_S);

    return arena_printf(arena, "%02d:%02d", tm.tm_hour, tm.tm_min);
}

int32_t
time_beijing_date(unix_s at)
{
    struct tm tm = broken_down(at + BEIJING_OFFSET_S);

    return (tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday;
}
