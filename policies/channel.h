/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a person stands: the rows of channel.def. A session has the channel of the partner or
 * terminal that it began at, never what a request says of itself. Pure.
 */
#ifndef POLICIES_CHANNEL_H
#define POLICIES_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum channel_id {
#define CHANNEL(symbol, ...) CHANNEL_##symbol,
#include "policies/channel.def"
#undef CHANNEL
    CHANNELS
};

/* A row of channel.def, which says what each member means. */
struct channel_rule {
    const char *name;
    const char *ways;
    int highest;
    int64_t idle_s;
    int64_t absolute_s;
    int64_t level_s;
    const char *lends_to;
};

/* By enum channel_id. */
extern const struct channel_rule channels[CHANNELS];

/* The names as a list of words. */
extern const char channel_words[]; /* with a blank before the first */
#define CHANNEL_NAMES (channel_words + 1)

/* Never NULL: one that is not known (of a newer version) offers no way, lends to none, is worth l0
 * and lives no longer than the shortest. */
const struct channel_rule *channel_rule(const char *name);

/* Is a session of the channel `from` good for a login without a question at the channel `to`? */
bool channel_lends(const char *from, const char *to);

/* What a login of `level` is worth on the channel `age_s` after it. */
int channel_level(const char *name, int level, int64_t age_s);

#endif
