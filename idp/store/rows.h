/* SPDX-License-Identifier: Apache-2.0 */
/* What the table groups share: lists that grow in an arena, and
 * insert-or-replace without ON CONFLICT. */
#ifndef IDP_STORE_ROWS_H
#define IDP_STORE_ROWS_H

#include "idp/store/store.h"

/* An array in `arena` to which rows_add() appends a copy of `row`, into which the
 * outs of the query point. */
struct rows {
    struct arena *arena;
    void *row;
    size_t row_size;
    void *at;
    size_t count;
    size_t room;
};

struct rows rows_of(struct arena *arena, void *row, size_t row_size);

/* query.each; its ctx is a struct rows. */
enum err rows_add(void *ctx);

/* Runs the query (sql, args, outs) into `rows`. */
must_check enum err rows_read(struct store *st, struct query query, struct rows *rows);

/* Does the statement, which reads one number, find a row? */
must_check enum err row_exists(struct store *st, const char *sql, const struct arg *args,
                               bool *out);

/* OK when the statement changed a row, else `otherwise`. */
must_check enum err change_one(struct store *st, const char *sql, const struct arg *args,
                               enum err otherwise);

/*
 * `update`, and when it changed no row `insert`, with the same arguments. ERR_CONFLICT when the row
 * came into being in between.
 */
must_check enum err change_or_insert(struct store *st, const char *update, const char *insert,
                                     const struct arg *args);

#endif
