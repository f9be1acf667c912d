/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/store/row.h"

#include <stdlib.h>
#include <string.h>

#include "idp/base/broken.h"
#include "idp/base/buf.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"

#define ARENA_LIMIT ((size_t)256 * 1024)

static void
names_put(struct buf *out, const struct column *columns)
{
    for (size_t i = 0; columns[i].kind != COLUMN_STOP; i++) {
        if (i == COLUMNS_MAX)
            broken("no row has more than COLUMNS_MAX columns");
        buf_text(out, i > 0 ? ", " : "");
        buf_text(out, columns[i].name);
    }
}

static void
values_put(struct buf *out, const struct column *columns)
{
    for (size_t i = 0; columns[i].kind != COLUMN_STOP; i++) {
        buf_text(out, i > 0 ? ", $" : "$");
        buf_int(out, (long long)i + 1);
    }
}

static void
sets_put(struct buf *out, const struct column *columns)
{
    for (size_t i = 1; columns[i].kind != COLUMN_STOP; i++) {
        buf_text(out, i > 1 ? ", " : "");
        buf_text(out, columns[i].name);
        buf_text(out, " = $");
        buf_int(out, (long long)i + 1);
    }
}

static const struct {
    const char *mark;
    void (*put)(struct buf *out, const struct column *columns);
} marks[] = {
    { "{columns}", names_put },
    { "{values}", values_put },
    { "{sets}", sets_put },
};

static bool
mark_put(struct buf *out, const char **at, const struct column *columns)
{
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (!text_starts(*at, marks[i].mark))
            continue;
        marks[i].put(out, columns);
        *at += strlen(marks[i].mark);
        return true;
    }
    return false;
}

static char *
sql_make(const struct row_statement *statement)
{
    struct arena *arena = arena_new(ARENA_LIMIT);
    struct held held;
    struct buf text;
    char *out;

    hold_begin(&held, arena_release, arena);
    text = buf_new(arena, 512);
    for (const char *at = statement->pattern; *at != '\0';)
        if (!mark_put(&text, &at, statement->columns))
            buf_char(&text, *at++);
    out = malloc(text.size + 1);
    if (out != NULL)
        memcpy(out, text.at, text.size + 1);
    hold_release(&held);
    if (out == NULL)
        unwind(ERR_UNAVAILABLE);
    return out;
}

/* Of two threads that come first one text stays: drivers know a statement by its address. */
const char *
row_sql(struct row_statement *statement)
{
    const char *made = atomic_load_explicit(&statement->sql, memory_order_acquire);
    char *mine;

    if (made != NULL)
        return made;
    mine = sql_make(statement);
    if (atomic_compare_exchange_strong(&statement->sql, &made, mine))
        return mine;
    free(mine);
    return made;
}

static struct arg
text_or_empty(const char *text)
{
    return arg_text(text != NULL ? text : "");
}

static void
args_fill(const struct column *columns, const void *row, struct arg *out)
{
    for (; columns->kind != COLUMN_STOP; columns++, out++) {
        const char *at = (const char *)row + columns->offset;

        if (columns->kind == COLUMN_TEXT)
            *out = text_or_empty(*(const char *const *)at);
        else if (columns->kind == COLUMN_INT)
            *out = arg_int(*(const int64_t *)at);
        else if (columns->kind == COLUMN_BYTES)
            *out = arg_bytes(*(const struct bytes *)at);
        else
            *out = arg_digest((const struct digest *)at);
    }
    *out = ARG_END;
}

static void
outs_fill(const struct column *columns, void *row, struct out *out)
{
    for (; columns->kind != COLUMN_STOP; columns++, out++) {
        char *at = (char *)row + columns->offset;

        if (columns->kind == COLUMN_TEXT)
            *out = out_text((const char **)at);
        else if (columns->kind == COLUMN_INT)
            *out = out_int((int64_t *)at);
        else if (columns->kind == COLUMN_BYTES)
            *out = out_bytes((struct bytes *)at);
        else
            *out = out_digest((struct digest *)at);
    }
    *out = OUT_END;
}

enum err
row_insert(struct store *st, struct row_statement *insert, const void *row)
{
    const char *sql = row_sql(insert);
    struct arg args[COLUMNS_MAX + 1];

    args_fill(insert->columns, row, args);
    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

enum err
row_put(struct store *st, struct row_statement *update, struct row_statement *insert,
        const void *row)
{
    struct arg args[COLUMNS_MAX + 1];

    args_fill(update->columns, row, args);
    return change_or_insert(st, row_sql(update), row_sql(insert), args);
}

enum err
row_find(struct store *st, struct row_statement *find, const struct arg *args, struct arena *arena,
         void *out)
{
    const char *sql = row_sql(find);
    struct out outs[COLUMNS_MAX + 1];

    outs_fill(find->columns, out, outs);
    return store_run(st,
                     &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = arena });
}

enum err
row_list(struct store *st, struct row_statement *list, const struct arg *args, struct rows *rows)
{
    const char *sql = row_sql(list);
    struct out outs[COLUMNS_MAX + 1];

    outs_fill(list->columns, rows->row, outs);
    return rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, rows);
}
