/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row mapped once: one table of columns says where each stands in the struct, and every statement
 * that reads or writes whole rows takes names, values and places from it. A column more is a
 * member, a line of that table and a migration.
 */
#ifndef IDP_STORE_ROW_H
#define IDP_STORE_ROW_H

#include <stdatomic.h>
#include <stddef.h>

#include "idp/store/rows.h"

enum column_kind {
    COLUMN_STOP,
    COLUMN_TEXT,  /* const char *; NULL is stored as "" */
    COLUMN_INT,   /* int64_t, unix_s */
    COLUMN_BYTES, /* struct bytes */
    COLUMN_DIGEST /* struct digest */
};

struct column {
    enum column_kind kind;
    const char *name;
    size_t offset;
};

/* A column called like its member, or otherwise. */
#define COLUMN(kind, type, member)                                                                 \
    {                                                                                              \
        kind, #member, offsetof(type, member)                                                      \
    }
#define COLUMN_AS(kind, name, type, member)                                                        \
    {                                                                                              \
        kind, name, offsetof(type, member)                                                         \
    }
#define COLUMNS_END                                                                                \
    {                                                                                              \
        COLUMN_STOP, NULL, 0                                                                       \
    }

/* In a row. */
#define COLUMNS_MAX 64

/*
 * A statement over whole rows, of static storage. In `pattern`, {columns} stands for the names of
 * the columns, {values} for as many parameters from $1 on, and {sets} for `name = $n` of every
 * column but the first, which is the row's key.
 */
struct row_statement {
    const char *pattern;
    const struct column *columns;
    _Atomic(const char *) sql; /* made once per process, when it is first used */
};

/* The statement's text; it lives as long as the process. */
const char *row_sql(struct row_statement *statement);

/* INSERT … ({columns}) VALUES ({values}): as store_run() without outs. */
must_check enum err row_insert(struct store *st, struct row_statement *insert, const void *row);

/* UPDATE … SET {sets} WHERE key = $1, and when it changed no row `insert`: as change_or_insert(). */
must_check enum err row_put(struct store *st, struct row_statement *update,
                            struct row_statement *insert, const void *row);

/* SELECT {columns} …, or … RETURNING {columns}: the first row into `out`, or ERR_NOT_FOUND. */
must_check enum err row_find(struct store *st, struct row_statement *find, const struct arg *args,
                             struct arena *arena, void *out);

/* SELECT {columns} …: all rows. `rows` is rows_of() a struct of the columns' type. */
must_check enum err row_list(struct store *st, struct row_statement *list, const struct arg *args,
                             struct rows *rows);

#endif
