/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/config/config.h"

#include <string.h>

#include "idp/base/file.h"
#include "idp/base/text.h"
#include "idp/server/config/config_table.h"
#include "idp/server/config/issuer.h"

#define FILE_MAX_BYTES 65536

struct reader {
    struct arena *arena;
    const char *file;
    int line;
    const char *section; /* "" before the first */
    bool seen[CONFIG_TABLE_MAX];
    bool holds_secret; /* the file itself, in plain text */
    struct settings *out;
    const char *why;
};

static enum err __attribute__((format(printf, 2, 3)))
fail(struct reader *reader, const char *format, ...)
{
    va_list args;
    const char *sentence;

    va_start(args, format);
    sentence = arena_vprintf(reader->arena, format, args);
    va_end(args);
    reader->why = arena_printf(reader->arena, "%s:%d: %s", reader->file, reader->line, sentence);
    return ERR_INVALID;
}

/* --- Values --- */

static void *
place_of(struct settings *settings, const struct setting *setting)
{
    return (char *)settings + setting->offset;
}

static void
text_put(struct settings *settings, const struct setting *setting, const char *text)
{
    memcpy(place_of(settings, setting), &text, sizeof(text));
}

static void
number_put(struct settings *settings, const struct setting *setting, int64_t number)
{
    bool on = number != 0;

    if (setting->kind == SETTING_SWITCH)
        memcpy(place_of(settings, setting), &on, sizeof(on));
    else
        memcpy(place_of(settings, setting), &number, sizeof(number));
}

static bool
is_text(const struct setting *setting)
{
    return setting->kind == SETTING_TEXT || setting->kind == SETTING_SECRET;
}

static void
defaults_put(struct settings *out)
{
    memset(out, 0, sizeof(*out));
    for (size_t i = 0; i < config_table_count; i++) {
        const struct setting *setting = &config_table[i];

        if (is_text(setting))
            text_put(out, setting, setting->text != NULL ? setting->text : "");
        else
            number_put(out, setting, setting->number);
    }
}

static enum err
switch_take(struct reader *reader, const struct setting *setting, const char *value)
{
    if (!text_eq(value, "yes") && !text_eq(value, "no"))
        return fail(reader, "%s.%s must be yes or no.", setting->section, setting->key);
    number_put(reader->out, setting, text_eq(value, "yes"));
    return OK;
}

static enum err
value_take(struct reader *reader, const struct setting *setting, const char *value)
{
    int64_t number;

    if (is_text(setting)) {
        text_put(reader->out, setting, value);
        return OK;
    }
    if (setting->kind == SETTING_SWITCH)
        return switch_take(reader, setting, value);
    if (text_to_int(value, setting->min, setting->max, &number) != OK)
        return fail(reader, "%s.%s must be a whole number from %lld to %lld.", setting->section,
                    setting->key, (long long)setting->min, (long long)setting->max);
    number_put(reader->out, setting, number);
    return OK;
}

/* A URL may hold a password. */
static bool
is_secret(const struct setting *setting, const char *value)
{
    const char *authority = strstr(value, "://");
    size_t size = authority != NULL ? strcspn(authority + 3, "/?") : 0;
    const char *at = authority != NULL ? memrchr(authority + 3, '@', size) : NULL;

    if (setting->kind == SETTING_SECRET)
        return *value != '\0';
    if (strstr(value, "password=") != NULL)
        return text_eq(setting->section, "store");
    return at != NULL && memchr(authority + 3, ':', (size_t)(at - authority - 3)) != NULL;
}

static enum err
text_take(struct reader *reader, const struct setting *setting, const char *value)
{
    if (is_text(setting) && is_secret(setting, value))
        reader->holds_secret = true;
    return value_take(reader, setting, value);
}

static enum err
fail_open(struct reader *reader, const char *path, unsigned mode)
{
    return fail(
        reader,
        "%s holds a secret and has mode %04o: nobody but its owner may read it (chmod 600).", path,
        mode);
}

/* The value of `key@file`: the file's text without white space at its ends. */
static enum err
file_take(struct reader *reader, const struct setting *setting, const char *path)
{
    struct bytes text;
    unsigned mode = file_open_mode(path);

    if (file_read(reader->arena, path, FILE_MAX_BYTES, &text) != OK)
        return fail(reader, "%s.%s: the file %s cannot be read.", setting->section, setting->key,
                    path);
    if (!text_is_utf8((const char *)text.at, text.size))
        return fail(reader, "%s.%s: the file %s is not text.", setting->section, setting->key,
                    path);
    if (mode != 0 && is_text(setting) && is_secret(setting, (const char *)text.at))
        return fail_open(reader, path, mode);
    return value_take(reader, setting, text_trimmed(reader->arena, (const char *)text.at));
}

/* --- Lines --- */

static bool
section_is_known(const char *section)
{
    for (size_t i = 0; i < config_table_count; i++) {
        if (text_eq(config_table[i].section, section))
            return true;
    }
    return false;
}

static enum err
section_take(struct reader *reader, const char *line)
{
    size_t size = strlen(line);

    if (line[size - 1] != ']')
        return fail(reader, "A section must end with ].");
    reader->section = arena_copy(reader->arena, line + 1, size - 2);
    if (!section_is_known(reader->section))
        return fail(reader, "There is no section [%s].", reader->section);
    return OK;
}

static const struct setting *
setting_find(const struct reader *reader, const char *key)
{
    for (size_t i = 0; i < config_table_count; i++) {
        if (text_eq(config_table[i].section, reader->section) && text_eq(config_table[i].key, key))
            return &config_table[i];
    }
    return NULL;
}

static enum err
pair_take(struct reader *reader, const char *line)
{
    const char *equals = strchr(line, '=');
    const struct setting *setting;
    const char *value;
    char *key;
    bool from_file;

    if (equals == NULL)
        return fail(reader, "A line must be [section], key = value, or a # comment.");
    key = text_trimmed(reader->arena, arena_copy(reader->arena, line, (size_t)(equals - line)));
    value = text_trimmed(reader->arena, equals + 1);
    from_file = text_ends(key, "@file");
    if (from_file)
        key[strlen(key) - strlen("@file")] = '\0';
    setting = setting_find(reader, key);
    if (setting == NULL)
        return fail(reader, "There is no setting %s in section [%s].", key, reader->section);
    if (reader->seen[setting - config_table])
        return fail(reader, "%s.%s is set twice.", setting->section, setting->key);
    reader->seen[setting - config_table] = true;
    return from_file ? file_take(reader, setting, value) : text_take(reader, setting, value);
}

static enum err
line_take(struct reader *reader, const char *text, size_t size)
{
    const char *line = text_trimmed(reader->arena, arena_copy(reader->arena, text, size));

    reader->line++;
    if (*line == '\0' || *line == '#')
        return OK;
    return *line == '[' ? section_take(reader, line) : pair_take(reader, line);
}

static enum err
lines_take(struct reader *reader, struct bytes text)
{
    const char *at = (const char *)text.at;
    size_t left = text.size;
    enum err err = OK;

    while (err == OK && left > 0) {
        const char *stop = memchr(at, '\n', left);
        size_t size = stop != NULL ? (size_t)(stop - at) : left;
        size_t step = size + (stop != NULL);

        err = line_take(reader, at, size);
        at += step;
        left -= step;
    }
    return err;
}

static enum err
required_check(struct reader *reader)
{
    for (size_t i = 0; i < config_table_count; i++) {
        if (is_text(&config_table[i]) && config_table[i].text == NULL && !reader->seen[i])
            return fail(reader, "%s.%s must be set.", config_table[i].section, config_table[i].key);
    }
    return OK;
}

static enum err
parse(struct reader *reader, struct bytes text)
{
    enum err err = OK;

    defaults_put(reader->out);
    if (text.size > FILE_MAX_BYTES || !text_is_utf8((const char *)text.at, text.size))
        err = fail(reader, "The file is not UTF-8 text of at most %d bytes.", FILE_MAX_BYTES);
    if (err == OK)
        err = lines_take(reader, text);
    if (err == OK)
        err = required_check(reader);
    issuer_apply(reader->out);
    return err;
}

enum err
config_parse(struct arena *arena, const char *file_name, struct bytes text, struct settings *out,
             const char **why)
{
    struct reader reader = { .arena = arena, .file = file_name, .section = "", .out = out };
    enum err err = parse(&reader, text);

    *why = reader.why;
    return err;
}

/* Files that are read later are looked at where they are; what is missing
 * is told when it is read. */
static enum err
modes_check(struct reader *reader)
{
    const char *const paths[] = { reader->holds_secret ? reader->file : "",
                                  reader->out->server.tls_key_file, reader->out->bank.key_file };

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        unsigned mode = *paths[i] != '\0' ? file_open_mode(paths[i]) : 0;

        if (mode != 0)
            return fail_open(reader, paths[i], mode);
    }
    return OK;
}

enum err
config_read(struct arena *arena, const char *path, struct settings *out, const char **why)
{
    struct reader reader = { .arena = arena, .file = path, .section = "", .out = out };
    struct bytes text;
    enum err err = file_read(arena, path, FILE_MAX_BYTES, &text);

    if (err != OK) {
        *why = arena_printf(arena, "%s: the file cannot be read.", path);
        return err;
    }
    err = parse(&reader, text);
    if (err == OK)
        err = modes_check(&reader);
    *why = reader.why;
    return err == OK ? config_check(arena, out, why) : err;
}
