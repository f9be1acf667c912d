/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/store/rows.h"

#include <string.h>

#define FIRST_ROOM 8

struct rows
rows_of(struct arena *arena, void *row, size_t row_size)
{
    return (struct rows) { .arena = arena, .row = row, .row_size = row_size };
}

static void
grow(struct rows *rows)
{
    size_t room = rows->room == 0 ? FIRST_ROOM : 2 * rows->room;
    void *at = arena_alloc(rows->arena, room * rows->row_size);

    if (rows->count > 0)
        memcpy(at, rows->at, rows->count * rows->row_size);
    rows->at = at;
    rows->room = room;
}

enum err
rows_add(void *ctx)
{
    struct rows *rows = ctx;

    if (rows->count == rows->room)
        grow(rows);
    memcpy((char *)rows->at + rows->count * rows->row_size, rows->row, rows->row_size);
    rows->count++;
    return OK;
}

enum err
rows_read(struct store *st, struct query query, struct rows *rows)
{
    query.arena = rows->arena;
    query.each = rows_add;
    query.ctx = rows;
    return store_run(st, &query);
}

enum err
row_exists(struct store *st, const char *sql, const struct arg *args, bool *out)
{
    int64_t number;
    const struct out outs[] = { out_int(&number), OUT_END };
    enum err err = store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });

    *out = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
change_one(struct store *st, const char *sql, const struct arg *args, enum err otherwise)
{
    int64_t changed = 0;
    enum err err = store_run(st, &(struct query) { .sql = sql, .args = args, .changed = &changed });

    if (err != OK)
        return err;
    return changed > 0 ? OK : otherwise;
}

enum err
change_or_insert(struct store *st, const char *update, const char *insert, const struct arg *args)
{
    enum err err = change_one(st, update, args, ERR_NOT_FOUND);

    if (err != ERR_NOT_FOUND)
        return err;
    return store_run(st, &(struct query) { .sql = insert, .args = args });
}
