/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands as an operator types them, in a folder of their own that holds a configuration ("c") and
 * nothing else; the store is SQLite. One group of tests at a time.
 */
#ifndef TESTS_COMMANDS_KIT_H
#define TESTS_COMMANDS_KIT_H

/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "idp/commands/commands.h"

#define KIT_ARGS_MAX 16
#define KIT_SAID_MAX 65536

static char kit_home[] = "/tmp/tongxing-commands-XXXXXX";
/* What the last command said. */
static char kit_out[KIT_SAID_MAX];
static char kit_err[KIT_SAID_MAX];

static inline void
kit_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");

    assert_non_null(file);
    assert_int_equal(fchmod(fileno(file), 0600), 0);
    fputs(text, file);
    fclose(file);
}

static inline int
kit_open(void **state)
{
    char text[512];

    (void)state;
    if (mkdtemp(kit_home) == NULL || chdir(kit_home) != 0)
        return -1;
    snprintf(text, sizeof(text),
             "[server]\nissuer = http://127.0.0.1\n[store]\nurl = sqlite:%s/store.db\n"
             "[keys]\nencryption_key_file = %s/kek\n",
             kit_home, kit_home);
    kit_file("c", text);
    return 0;
}

/* How many files the folder holds; `each` is called with every name. */
static inline int
kit_files(void (*each)(const char *name))
{
    DIR *dir = opendir(kit_home);
    struct dirent *entry;
    int count = 0;

    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        count++;
        if (each != NULL)
            each(entry->d_name);
    }
    closedir(dir);
    return count;
}

static inline void
kit_unlink(const char *name)
{
    unlink(name);
}

static inline int
kit_close(void **state)
{
    (void)state;
    kit_files(kit_unlink);
    return rmdir(kit_home);
}

/* What a command finds in the store that no command puts there. */
static inline void
kit_sql(const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open("store.db", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

struct kit_stream {
    FILE *from;
    FILE *into;
    int saved;
};

static inline struct kit_stream
kit_catch(FILE *from)
{
    struct kit_stream stream = { from, tmpfile(), dup(fileno(from)) };

    fflush(from);
    assert_non_null(stream.into);
    assert_true(dup2(fileno(stream.into), fileno(from)) >= 0);
    return stream;
}

static inline void
kit_caught(struct kit_stream *stream, char out[KIT_SAID_MAX])
{
    fflush(stream->from);
    assert_true(dup2(stream->saved, fileno(stream->from)) >= 0);
    close(stream->saved);
    rewind(stream->into);
    out[fread(out, 1, KIT_SAID_MAX - 1, stream->into)] = '\0';
    fclose(stream->into);
}

/* The exit status of `tongxing LINE`; the line's words are split at blanks. */
static inline int
command_run_line(const char *line)
{
    static char program[] = "tongxing";
    char *argv[KIT_ARGS_MAX + 1] = { program };
    char words[512];
    char *rest = words;
    int argc = 1;
    struct kit_stream out;
    struct kit_stream err;
    int status;

    snprintf(words, sizeof(words), "%s", line);
    while (argc < KIT_ARGS_MAX && (argv[argc] = strsep(&rest, " ")) != NULL)
        argc += argv[argc][0] != '\0';
    argv[argc] = NULL;
    out = kit_catch(stdout);
    err = kit_catch(stderr);
    status = commands_main(argc, argv);
    kit_caught(&out, kit_out);
    kit_caught(&err, kit_err);
    return status;
}

/* The command is refused as called wrongly, for the reason that holds `words`, and says nothing
 * else. */
static inline void
assert_called_wrongly(const char *line, const char *words)
{
    int files = kit_files(NULL);

    if (command_run_line(line) != 2)
        fail_msg("not refused: %s\n%s%s", line, kit_out, kit_err);
    assert_string_equal(kit_out, "");
    if (strstr(kit_err, words) == NULL)
        fail_msg("%s: is refused with: %s", line, kit_err);
    assert_int_equal(kit_files(NULL), files);
}

static inline void
assert_done(const char *line, const char *words)
{
    if (command_run_line(line) != 0)
        fail_msg("failed: %s\n%s%s", line, kit_out, kit_err);
    if (strstr(kit_out, words) == NULL)
        fail_msg("%s: says: %s", line, kit_out);
}

/* It ends with 1 and says why. */
static inline void
assert_failed(const char *line, const char *words)
{
    assert_int_equal(command_run_line(line), 1);
    if (strstr(kit_err, words) == NULL)
        fail_msg("%s: fails with: %s", line, kit_err);
}

#endif
