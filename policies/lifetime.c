/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/lifetime.h"

#include <stddef.h>
#include <stdint.h>

#define HOUR_S 3600
#define DAY_S (24 * HOUR_S)

struct bounds {
    const char *name;
    size_t offset;
    int64_t min;
    int64_t max;
};

static const struct bounds all_bounds[] = {
    { "server.request_deadline_s", offsetof(struct settings, server.request_deadline_s), 1, 300 },
    { "server.header_deadline_s", offsetof(struct settings, server.header_deadline_s), 1, 300 },
    { "server.drain_deadline_s", offsetof(struct settings, server.drain_deadline_s), 0, 600 },
    { "keys.rotation_s", offsetof(struct settings, keys.rotation_s), HOUR_S, 400 * DAY_S },
    { "keys.announce_s", offsetof(struct settings, keys.announce_s), 60, 30 * DAY_S },
    { "life.transaction_s", offsetof(struct settings, life.transaction_s), 60, HOUR_S },
    /* RFC 6749, 4.1.2 recommends at most ten minutes. */
    { "life.code_s", offsetof(struct settings, life.code_s), 5, 600 },
    /* Also how long every node remembers a revocation (design 4). */
    { "life.access_token_s", offsetof(struct settings, life.access_token_s), 30, HOUR_S },
    { "life.id_token_s", offsetof(struct settings, life.id_token_s), 30, DAY_S },
    { "life.grant_s", offsetof(struct settings, life.grant_s), 300, 400 * DAY_S },
    { "life.session_idle_s", offsetof(struct settings, life.session_idle_s), 60, 30 * DAY_S },
    { "life.session_absolute_s", offsetof(struct settings, life.session_absolute_s), 60,
      90 * DAY_S },
    { "bank.deadline_s", offsetof(struct settings, bank.deadline_s), 1, 120 },
    { "sms.deadline_s", offsetof(struct settings, sms.deadline_s), 1, 120 },
};

static int64_t
value_of(const struct settings *settings, const struct bounds *bounds)
{
    return *(const int64_t *)((const char *)settings + bounds->offset);
}

const char *
lifetime_check(const struct settings *settings)
{
    for (size_t i = 0; i < sizeof(all_bounds) / sizeof(all_bounds[0]); i++) {
        int64_t value = value_of(settings, &all_bounds[i]);

        if (value < all_bounds[i].min || value > all_bounds[i].max)
            return all_bounds[i].name;
    }
    /* A key announced for longer than it signs would never sign. */
    if (settings->keys.announce_s >= settings->keys.rotation_s)
        return "keys.announce_s";
    return NULL;
}
