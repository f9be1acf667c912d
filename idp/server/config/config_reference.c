/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/text.h"
#include "idp/server/config/config.h"
#include "idp/server/config/config_table.h"
#include "idp/server/config/value.h"

static void
bounds_write(struct buf *out, const struct setting *setting)
{
    buf_int(out, setting->min);
    buf_text(out, " to ");
    buf_int(out, setting->max);
    if (setting->kind == SETTING_SECONDS)
        buf_text(out, " seconds");
}

static void
kind_write(struct buf *out, const struct setting *setting)
{
    if (setting->kind == SETTING_NUMBER || setting->kind == SETTING_SECONDS)
        bounds_write(out, setting);
    else
        buf_text(out, value_words(setting->kind));
}

static void
default_write(struct buf *out, const struct setting *setting)
{
    if (setting->text == NULL) {
        buf_text(out, "required");
    } else if (setting->kind == SETTING_SWITCH) {
        buf_text(out, setting->number != 0 ? "`yes`" : "`no`");
    } else if (setting->kind == SETTING_NUMBER || setting->kind == SETTING_SECONDS) {
        buf_char(out, '`');
        buf_int(out, setting->number);
        buf_char(out, '`');
    } else if (*setting->text != '\0') {
        buf_char(out, '`');
        buf_text(out, setting->text);
        buf_char(out, '`');
    }
}

static void
row_write(struct buf *out, const struct setting *setting)
{
    buf_text(out, "| `");
    buf_text(out, setting->key);
    buf_text(out, "` | ");
    kind_write(out, setting);
    buf_text(out, " | ");
    default_write(out, setting);
    buf_text(out, " | ");
    buf_text(out, setting->help);
    buf_text(out, " |\n");
}

void
config_write_reference(struct buf *out)
{
    const char *section = "";

    buf_text(out, "# Configuration\n\nMade by `tongxing docs configuration`; do not edit.\n\n"
                  "One file: `[section]`, `key = value`, `#` comments. "
                  "A key that is unknown or set twice is an error.\n"
                  "Any text may come from a file of its own: `key@file = path`. "
                  "`tongxing check-config --config FILE` says whether a file is right.\n");
    for (size_t i = 0; i < config_table_count; i++) {
        if (!text_eq(config_table[i].section, section)) {
            section = config_table[i].section;
            buf_text(out, "\n## [");
            buf_text(out, section);
            buf_text(out, "]\n\n| key | values | default | meaning |\n| --- | --- | --- | --- |\n");
        }
        row_write(out, &config_table[i]);
    }
}
