/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/config/config_told.h"

#include <string.h>

#include "idp/base/text.h"
#include "idp/server/config/config_table.h"
#include "idp/server/config/value.h"

/* "scheme://user:…@host/…" without the password; NULL when it may stand elsewhere too. */
static const char *
address_told(struct arena *arena, const char *value)
{
    const char *authority = strstr(value, "://");
    const char *colon = authority != NULL ? strchr(authority + 3, ':') : NULL;
    const char *end = authority != NULL ? authority + 3 + strcspn(authority + 3, "/?#") : NULL;
    const char *at = end != NULL ? memrchr(authority, '@', (size_t)(end - authority)) : NULL;

    if (colon == NULL || at == NULL || colon > at || strstr(value, "password=") != NULL ||
        strchr(end, '@') != NULL)
        return NULL;
    return arena_printf(arena, "%.*s:" SETTING_HIDDEN "%s", (int)(colon - value), value, at);
}

static const char *
text_told(struct arena *arena, const struct setting *setting, const char *value, bool *hidden)
{
    const char *told;

    *hidden = value_is_secret(setting, value);
    if (!*hidden)
        return value;
    told = setting->kind != SETTING_SECRET ? address_told(arena, value) : NULL;
    return told != NULL ? told : SETTING_HIDDEN;
}

static const char *
number_told(struct arena *arena, const struct setting *setting, int64_t number)
{
    if (setting->kind == SETTING_SWITCH)
        return number != 0 ? "yes" : "no";
    return arena_printf(arena, "%lld", (long long)number);
}

static void
tell(struct arena *arena, const struct settings *settings, const struct setting *setting,
     struct told_setting *out)
{
    const char *value = setting_is_text(setting)
                            ? setting_text(settings, setting)
                            : number_told(arena, setting, setting_number(settings, setting));

    *out = (struct told_setting) {
        .section = setting->section,
        .key = setting->key,
        .value = value != NULL ? value : "",
        .help = setting->help,
        .is_default = text_eq(value != NULL ? value : "", value_default(arena, setting)),
        .is_live = setting->live,
    };
    if (setting_is_text(setting))
        out->value = text_told(arena, setting, out->value, &out->is_hidden);
}

struct told_settings
config_told(struct arena *arena, const struct settings *settings)
{
    struct told_setting *at = arena_alloc(arena, config_table_count * sizeof(*at));

    for (size_t i = 0; i < config_table_count; i++)
        tell(arena, settings, &config_table[i], &at[i]);
    return (struct told_settings) { at, config_table_count };
}
