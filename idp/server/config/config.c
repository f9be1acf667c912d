/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/config/config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "idp/base/file.h"
#include "idp/base/near.h"
#include "idp/base/text.h"
#include "idp/server/config/config_check.h"
#include "idp/server/config/issuer.h"
#include "idp/server/config/value.h"

#define FILE_MAX_BYTES 65536
#define LINE_MAX_BYTES 4096
#define NAME_MAX_BYTES 64
#define BOM "\xef\xbb\xbf"
/* Whoever gets so many has named another kind of file. */
#define MISTAKES_MAX 100

#define fault(reading, advice, ...)                                                                \
    reading_fault(reading, (reading)->line, arena_printf((reading)->arena, __VA_ARGS__), advice)

/* --- Files that values are in --- */

static const char *
mode_sentence(struct arena *arena, const char *path, unsigned mode)
{
    return arena_printf(arena,
                        "%s holds a secret and has mode %04o: nobody but its owner may read it.",
                        path, mode);
}

static const char *
mode_advice(struct arena *arena, const char *path)
{
    return arena_printf(arena, "chmod 600 %s", path);
}

/* Why it cannot be read, where that can be seen from outside; NULL: it looks as if it could. */
static const char *
unreadable_reason(const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return errno == ENOENT ? "there is no such file" : strerror(errno);
    if (!S_ISREG(st.st_mode))
        return "it is no file";
    if (st.st_size > FILE_MAX_BYTES)
        return "it is larger than 65536 bytes";
    return access(path, R_OK) != 0 ? strerror(errno) : NULL;
}

/* The value of `key@file`: the file's text without white space at its ends. */
static void
file_take(struct config_reading *reading, const struct setting *setting, const char *path)
{
    struct arena *arena = reading->arena;
    const char *name = reading_name(reading, setting);
    const char *reason = *path == '/' ? unreadable_reason(path) : NULL;
    struct bytes text;
    unsigned mode = file_open_mode(path);

    if (*path != '/')
        reading_fault_of(reading, setting,
                         arena_printf(arena, "%s@file must be an absolute path.", name),
                         "Write the whole path, from / on.");
    else if (reason != NULL || file_read(arena, path, FILE_MAX_BYTES, &text) != OK)
        reading_fault_of(reading, setting,
                         arena_printf(arena, "%s: the file %s cannot be read: %s.", name, path,
                                      reason != NULL ? reason : "the log says why"),
                         "Put it there, readable for the service's user alone.");
    else if (!text_is_utf8((const char *)text.at, text.size))
        reading_fault_of(reading, setting,
                         arena_printf(arena, "%s: the file %s is not text.", name, path),
                         "It must hold the value and nothing else, in UTF-8.");
    else if (mode != 0 && setting_is_text(setting) &&
             value_is_secret(setting, (const char *)text.at))
        reading_fault_of(reading, setting, mode_sentence(arena, path, mode),
                         mode_advice(arena, path));
    else
        value_take(reading, setting, text_trimmed(arena, (const char *)text.at));
}

/* --- Lines --- */

/* As much of it as a sentence should repeat. */
static const char *
shown(struct config_reading *reading, const char *name)
{
    size_t size = strlen(name);

    if (size <= NAME_MAX_BYTES)
        return name;
    for (size = NAME_MAX_BYTES; ((unsigned char)name[size] & 0xc0) == 0x80;)
        size--;
    return arena_printf(reading->arena, "%.*s…", (int)size, name);
}

static const char *
section_advice(struct config_reading *reading, const char *section)
{
    struct near near = near_to(section);

    for (size_t i = 0; i < config_table_count; i++)
        near_try(&near, config_table[i].section);
    if (near.best != NULL)
        return arena_printf(reading->arena, "Did you mean [%s]?", near.best);
    return "docs/configuration.md and tongxing config template name all.";
}

static void
section_take(struct config_reading *reading, const char *line)
{
    const char *end = strchr(line, ']');
    const char *section;

    reading->section = NULL;
    if (end == NULL) {
        fault(reading, "Write it as [server].", "A section must end with ].");
        return;
    }
    section = text_trimmed(reading->arena,
                           arena_copy(reading->arena, line + 1, (size_t)(end - line - 1)));
    if (end[1] != '\0')
        fault(reading, "Put it on a line of its own.",
              "Behind the ] of a section there must be nothing.");
    if (config_has_section(section))
        reading_open(reading, section);
    else
        fault(reading, section_advice(reading, section), "There is no section [%s].",
              shown(reading, section));
}

/* Where else a key of that name stands; NULL: nowhere. */
static const char *
home_of(const char *key)
{
    for (size_t i = 0; i < config_table_count; i++) {
        if (text_eq(config_table[i].key, key))
            return config_table[i].section;
    }
    return NULL;
}

static bool
is_ascii(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text >= 0x80)
            return false;
    }
    return true;
}

static const char *
key_advice(struct config_reading *reading, const char *key)
{
    const char *dot = strchr(key, '.');
    const char *home = home_of(key);
    struct near near = near_to(key);

    if (!is_ascii(key))
        return "Write keys, blanks and signs in ASCII, not in full width.";
    if (dot != NULL && home_of(dot + 1) != NULL)
        return arena_printf(reading->arena, "Write %s alone, below [%s].", dot + 1,
                            home_of(dot + 1));
    if (home != NULL)
        return arena_printf(reading->arena, "It belongs below [%s].", home);
    for (size_t i = 0; i < config_table_count; i++) {
        if (text_eq(config_table[i].section, reading->section))
            near_try(&near, config_table[i].key);
    }
    if (near.best != NULL)
        return arena_printf(reading->arena, "Did you mean %s?", near.best);
    return "docs/configuration.md and tongxing config template name all.";
}

static const struct setting *
setting_find(struct config_reading *reading, const char *key)
{
    const struct setting *setting;

    if (*key == '\0') {
        fault(reading, "Write key = value.", "There is no key before the =.");
        return NULL;
    }
    if (*reading->section == '\0') {
        fault(reading, key_advice(reading, key), "The key %s stands before any section.",
              shown(reading, key));
        return NULL;
    }
    setting = config_setting(reading->section, key);
    if (setting == NULL)
        fault(reading, key_advice(reading, key), "There is no setting %s in section [%s].",
              shown(reading, key), reading->section);
    return setting;
}

static void
line_fault(struct config_reading *reading, const char *line)
{
    const char *advice = "Write a value behind it: key = value.";

    if (*line == ';' || text_starts(line, "//"))
        advice = "Write # in front of a comment.";
    else if (strstr(line, "＝") != NULL || strstr(line, "＃") != NULL)
        advice = "Write = and # in ASCII, not in full width.";
    else if (strchr(line, ':') != NULL)
        advice = "Write = between key and value.";
    fault(reading, advice, "A line must be [section], key = value, or a # comment.");
}

static void
pair_put(struct config_reading *reading, const struct setting *setting, const char *value,
         bool from_file)
{
    struct config_place *place = reading_place(reading, setting);

    if (place->line != 0) {
        fault(reading, "Take one of the two out.", "%s is set twice: first in line %d.",
              reading_name(reading, setting), place->line);
        return;
    }
    place->line = reading->line;
    if (from_file) {
        file_take(reading, setting, value);
        return;
    }
    if (reading->secret_line == 0 && setting_is_text(setting) && value_is_secret(setting, value))
        reading->secret_line = reading->line;
    value_take(reading, setting, value);
}

static void
pair_take(struct config_reading *reading, const char *line)
{
    const char *equals = strchr(line, '=');
    const struct setting *setting;
    char *key;
    bool from_file;

    if (equals == NULL || *line == ';' || text_starts(line, "//")) {
        line_fault(reading, line);
        return;
    }
    if (reading->section == NULL)
        return; /* of a section that there is not */
    key = text_trimmed(reading->arena, arena_copy(reading->arena, line, (size_t)(equals - line)));
    from_file = text_ends(key, "@file");
    if (from_file)
        key[strlen(key) - strlen("@file")] = '\0';
    setting = setting_find(reading, key);
    if (setting != NULL)
        pair_put(reading, setting, text_trimmed(reading->arena, equals + 1), from_file);
}

/* Bytes that no editor shows. Blanks at its ends are trimmed. */
static bool
has_controls(const char *line)
{
    for (; *line != '\0'; line++) {
        if (((unsigned char)*line < 0x20 && *line != '\t') || *line == 0x7f)
            return true;
    }
    return false;
}

/* False: it has been told what is wrong with its bytes. */
static bool
line_is_text(struct config_reading *reading, const char *text, size_t size)
{
    if (size > LINE_MAX_BYTES)
        fault(reading, "Is a line break missing?", "The line is longer than %d bytes.",
              LINE_MAX_BYTES);
    else if (memchr(text, '\0', size) != NULL)
        fault(reading, "Write the line anew: a program has damaged the file.",
              "There is a NUL byte in the line.");
    else if (!text_is_utf8(text, size))
        fault(reading, "Save the file as UTF-8.", "The line is not UTF-8 text.");
    else
        return true;
    return false;
}

static void
line_take(struct config_reading *reading, const char *text, size_t size)
{
    const char *line;

    reading->line++;
    if (!line_is_text(reading, text, size))
        return;
    line = text_trimmed(reading->arena, arena_copy(reading->arena, text, size));
    if (*line == '\0' || *line == '#')
        return;
    if (has_controls(line))
        fault(reading, "Write the line anew: no editor shows it.",
              "There is a control character in the line.");
    else if (*line == '[')
        section_take(reading, line);
    else
        pair_take(reading, line);
}

/* False when there are too many mistakes to go on. */
static bool
lines_take(struct config_reading *reading, struct bytes text)
{
    const char *at = (const char *)text.at;
    size_t left = text.size;

    if (left >= strlen(BOM) && text_starts(at, BOM)) {
        reading_fault(reading, 1, "The file begins with a byte order mark.",
                      "Save it as UTF-8 without one.");
        at += strlen(BOM);
        left -= strlen(BOM);
    }
    while (left > 0 && reading->found->counts[FINDING_ERROR] < MISTAKES_MAX) {
        const char *stop = memchr(at, '\n', left);
        size_t size = stop != NULL ? (size_t)(stop - at) : left;
        size_t step = size + (stop != NULL);

        line_take(reading, at, size);
        at += step;
        left -= step;
    }
    return left == 0;
}

/* --- The whole --- */

static void
required_check(struct config_reading *reading)
{
    for (size_t i = 0; i < config_table_count; i++) {
        const struct setting *setting = &config_table[i];

        if (setting_is_text(setting) && setting->text == NULL &&
            reading_place(reading, setting)->line == 0)
            reading_fault_of(
                reading, setting,
                arena_printf(reading->arena, "%s must be set.", reading_name(reading, setting)),
                arena_printf(reading->arena, "Write %s = … below [%s].", setting->key,
                             setting->section));
    }
}

/* False: it was not read to its end, so that nothing can be said of what it has and has not. */
static bool
read_text(struct config_reading *reading, struct bytes text)
{
    bool whole = text.size <= FILE_MAX_BYTES && lines_take(reading, text);

    if (text.size > FILE_MAX_BYTES)
        reading_fault(reading, 0, "The file is larger than 65536 bytes.",
                      "It is no configuration, or holds what belongs into other files.");
    else if (whole)
        required_check(reading);
    else
        reading_fault(reading, reading->line + 1, "There are more mistakes from here on.",
                      "Is it the right file? Correct these and check again.");
    issuer_apply(reading->out);
    return whole;
}

enum err
config_parse(struct arena *arena, const char *file_name, struct bytes text, struct settings *out,
             const char **why)
{
    struct findings found = findings_new(arena);
    struct config_reading reading = reading_new(&found, file_name, out);

    (void)read_text(&reading, text);
    *why = found.counts[FINDING_ERROR] > 0 ? findings_errors(&found) : NULL;
    return *why == NULL ? OK : ERR_INVALID;
}

void
config_examine_text(struct findings *found, const char *file_name, struct bytes text,
                    struct settings *out)
{
    struct config_reading reading = reading_new(found, file_name, out);

    if (read_text(&reading, text))
        config_check(&reading);
}

static void
mode_check(struct config_reading *reading, const char *path, int line)
{
    unsigned mode = *path != '\0' ? file_open_mode(path) : 0;

    if (mode != 0)
        reading_fault(reading, line, mode_sentence(reading->arena, path, mode),
                      mode_advice(reading->arena, path));
}

/* Files that are read later are looked at where they are; what is missing is told when it is read. */
static void
modes_check(struct config_reading *reading)
{
    static const size_t keys[] = { SETTING_AT(server.tls_key_file), SETTING_AT(bank.key_file) };

    if (reading->secret_line != 0)
        mode_check(reading, reading->file, reading->secret_line);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const struct setting *setting = config_setting_at(keys[i]);

        mode_check(reading, setting_text(reading->out, setting),
                   reading_place(reading, setting)->line);
    }
}

static bool
file_examine(struct config_reading *reading)
{
    struct arena *arena = reading->arena;
    const char *reason = unreadable_reason(reading->file);
    struct bytes text;

    if (reason != NULL || file_read(arena, reading->file, FILE_MAX_BYTES, &text) != OK) {
        reading_fault(reading, 0,
                      arena_printf(arena, "the file cannot be read: %s.",
                                   reason != NULL ? reason : "the log says why"),
                      "Name another with --config FILE; tongxing config template writes one.");
        return false;
    }
    if (read_text(reading, text))
        config_check(reading);
    modes_check(reading);
    return true;
}

bool
config_examine(struct findings *found, const char *path, struct settings *out,
               struct config_place *places)
{
    struct config_reading reading = reading_new(found, path, out);
    bool read = file_examine(&reading);

    if (places != NULL)
        memcpy(places, reading.places, sizeof(reading.places));
    return read;
}

enum err
config_read(struct arena *arena, const char *path, struct settings *out, const char **why)
{
    struct findings found = findings_new(arena);

    if (config_examine(&found, path, out, NULL) && found.counts[FINDING_ERROR] == 0)
        return OK;
    *why = findings_errors(&found);
    return ERR_INVALID;
}
