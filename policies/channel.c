/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/channel.h"

#include "idp/base/text.h"

/* What a login is worth once its level is over: she is known, and no more. */
#define LEVEL_AFTER 1

/* clang-format off */
const struct channel_rule channels[CHANNELS] = {
#define CHANNEL(name, ...) { #name, __VA_ARGS__ },
#include "policies/channel.def"
#undef CHANNEL
};

const char channel_words[] =
#define CHANNEL(name, ...) " " #name
#include "policies/channel.def"
#undef CHANNEL
    ;
/* clang-format on */

static const struct channel_rule unknown = { "", "", 0, 120, 600, 0, "" };

const struct channel_rule *
channel_rule(const char *name)
{
    for (size_t i = 0; i < CHANNELS; i++) {
        if (text_eq(channels[i].name, name))
            return &channels[i];
    }
    return &unknown;
}

bool
channel_lends(const char *from, const char *to)
{
    return to != NULL && text_list_has(channel_rule(from)->lends_to, to);
}

int
channel_level(const char *name, int level, int64_t age_s)
{
    const struct channel_rule *rule = channel_rule(name);
    int most = rule->highest;

    if (rule->level_s > 0 && age_s >= rule->level_s && most > LEVEL_AFTER)
        most = LEVEL_AFTER;
    return level < most ? level : most;
}
