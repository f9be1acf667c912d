/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/text.h"
#include "idp/server/config/config.h"
#include "idp/server/config/config_table.h"
#include "idp/server/config/value.h"

#define WIDTH 100

/* What whoever installs must think about; it stands there without a # in front. */
static const struct {
    size_t setting;
    const char *line;
    const char *why;
} choices[] = {
    { SETTING_AT(server.issuer),
      "issuer =", "1 of 3, REQUIRED: such as https://login.example.gov.cn" },
    { SETTING_AT(server.trusted_proxies), "trusted_proxies =",
      "2 of 3: the proxy on this machine that ends TLS, 127.0.0.1 as a rule. Without one leave it "
      "empty and set tls_certificate_file, tls_key_file and listen." },
    { SETTING_AT(store.url), "url = sqlite:/var/lib/tongxing/tongxing.db",
      "3 of 3: this is right for one machine. Two and more share a PostgreSQL database; an address "
      "with a password in it belongs into a file of its own: url@file = PATH." },
};

#define CHOICES (sizeof(choices) / sizeof(choices[0]))

/* "# " and words up to the width, as often as needed. */
static void
comment_write(struct buf *out, const char *text)
{
    const char *cursor = text;
    const char *word;
    size_t size;
    size_t column = 0;

    while ((word = text_next_word(&cursor, &size)) != NULL) {
        if (column > 0 && column + 1 + size > WIDTH) {
            buf_char(out, '\n');
            column = 0;
        }
        buf_text(out, column == 0 ? "# " : " ");
        buf_bytes(out, word, size);
        column += (column == 0 ? 2 : 1) + size;
    }
    buf_char(out, '\n');
}

static void
line_write(struct buf *out, const struct setting *setting)
{
    const char *value = value_default(out->arena, setting);

    for (size_t i = 0; i < CHOICES; i++) {
        if (choices[i].setting != setting->offset)
            continue;
        comment_write(out, choices[i].why);
        buf_text(out, choices[i].line);
        buf_char(out, '\n');
        return;
    }
    buf_text(out, arena_printf(out->arena, "#%s =%s%s\n", setting->key, *value != '\0' ? " " : "",
                               value));
}

static void
setting_write(struct buf *out, const struct setting *setting)
{
    buf_char(out, '\n');
    comment_write(out, arena_printf(out->arena, "%s [%s%s]", setting->help,
                                    value_words(out->arena, setting),
                                    setting->live ? "; SIGHUP reads it anew" : ""));
    line_write(out, setting);
}

void
config_write_template(struct buf *out)
{
    const char *section = "";

    buf_text(out, "# The configuration of Tongxing, as `tongxing config template` writes it.\n"
                  "#\n"
                  "# Three lines are to be looked at: search for \"of 3\". All others show the "
                  "default behind a #.\n"
                  "# A comment needs a line of its own; the value of `key@file = PATH` is what "
                  "stands in that file.\n"
                  "# `tongxing check-config --deep` says what is wrong with the file, the machine "
                  "and the keys.\n");
    for (size_t i = 0; i < config_table_count; i++) {
        if (!text_eq(config_table[i].section, section)) {
            section = config_table[i].section;
            buf_text(out, arena_printf(out->arena, "\n[%s]\n", section));
        }
        setting_write(out, &config_table[i]);
    }
}
