/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/text.h"
#include "idp/server/config/config.h"
#include "idp/server/config/config_table.h"
#include "idp/server/config/value.h"

static void
row_write(struct buf *out, const struct setting *setting)
{
    const char *value = value_default(out->arena, setting);
    const char *standard = *value != '\0' ? arena_printf(out->arena, "`%s`", value) : "";

    buf_text(out, arena_printf(out->arena, "| `%s` | %s | %s | %s%s |\n", setting->key,
                               value_words(out->arena, setting),
                               setting->text == NULL ? "required" : standard,
                               setting->live ? "at once | " : "| ", setting->help));
}

void
config_write_reference(struct buf *out)
{
    const char *section = "";

    buf_text(out, "# Configuration\n\nMade by `tongxing docs configuration`; do not edit.\n\n"
                  "One file: `[section]`, `key = value`, `#` comments. "
                  "A key that is unknown or set twice is an error.\n"
                  "Any text may come from a file of its own: `key@file = path`. "
                  "`tongxing check-config --config FILE` says all that is wrong with a file, and "
                  "`tongxing config template` writes one to begin with.\n"
                  "What SIGHUP takes at once is marked; the rest takes effect with a restart.\n");
    for (size_t i = 0; i < config_table_count; i++) {
        if (!text_eq(config_table[i].section, section)) {
            section = config_table[i].section;
            buf_text(out, "\n## [");
            buf_text(out, section);
            buf_text(
                out,
                "]\n\n| key | values | default | SIGHUP | meaning |\n| --- | --- | --- | --- | --- |\n");
        }
        row_write(out, &config_table[i]);
    }
}
