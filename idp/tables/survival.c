/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/survival.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_survival, person_id),
    COLUMN(COLUMN_TEXT, struct stored_survival, survival_id),
    COLUMN(COLUMN_INT, struct stored_survival, how),
    COLUMN(COLUMN_INT, struct stored_survival, confirmed_at),
    COLUMN(COLUMN_INT, struct stored_survival, until),
    COLUMN(COLUMN_TEXT, struct stored_survival, staff_id),
    COLUMN(COLUMN_TEXT, struct stored_survival, counter_id),
    COLUMNS_END,
};

enum err
store_survival_insert(struct store *st, const struct stored_survival *survival)
{
    static struct row_statement insert = { "INSERT INTO survival ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_insert(st, &insert, survival);
}

enum err
store_survival_last(struct store *st, struct arena *arena, const char *person_id,
                    struct stored_survival *out)
{
    static struct row_statement find = { "SELECT {columns} FROM survival WHERE person_id = $1"
                                         " ORDER BY until DESC, confirmed_at DESC LIMIT 1",
                                         columns, NULL };
    const struct arg args[] = { arg_text(person_id), ARG_END };

    return row_find(st, &find, args, arena, out);
}
