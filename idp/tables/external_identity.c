/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/external_identity.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct external_identity, person_id),
    COLUMN(COLUMN_DIGEST, struct external_identity, identity),
    COLUMN(COLUMN_TEXT, struct external_identity, provider),
    COLUMN(COLUMN_TEXT, struct external_identity, application),
    COLUMN(COLUMN_DIGEST, struct external_identity, union_digest),
    COLUMN(COLUMN_INT, struct external_identity, bound_at),
    COLUMN(COLUMN_INT, struct external_identity, seen_at),
    COLUMNS_END,
};

enum err
store_external_identity_insert(struct store *st, const struct external_identity *identity)
{
    static struct row_statement insert = {
        "INSERT INTO external_identity ({columns}) VALUES ({values})", columns, NULL
    };

    return row_insert(st, &insert, identity);
}

enum err
store_external_identity_find(struct store *st, struct arena *arena, const char *person_id,
                             const struct digest *identity, struct external_identity *out)
{
    static struct row_statement find = {
        "SELECT {columns} FROM external_identity WHERE person_id = $1 AND identity = $2", columns,
        NULL
    };
    const struct arg args[] = { arg_text(person_id), arg_digest(identity), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_external_identity_update(struct store *st, const struct external_identity *identity)
{
    static const char sql[] = "UPDATE external_identity SET union_digest = $3, seen_at = $4"
                              " WHERE person_id = $1 AND identity = $2";
    const struct arg args[] = { arg_text(identity->person_id), arg_digest(&identity->identity),
                                arg_digest(&identity->union_digest), arg_time(identity->seen_at),
                                ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_external_identity_list(struct store *st, struct arena *arena, const char *person_id,
                             struct external_identities *out)
{
    static struct row_statement list = {
        "SELECT {columns} FROM external_identity WHERE person_id = "
        "$1 ORDER BY bound_at, identity LIMIT $2",
        columns, NULL
    };
    const struct arg args[] = { arg_text(person_id), arg_int(EXTERNAL_IDENTITIES_MAX), ARG_END };
    struct external_identity identity;
    struct rows rows = rows_of(arena, &identity, sizeof(identity));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct external_identities) { rows.at, rows.count };
    return err;
}

enum err
store_external_identity_delete(struct store *st, const char *person_id)
{
    static const char sql[] = "DELETE FROM external_identity WHERE person_id = $1";
    const struct arg args[] = { arg_text(person_id), ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}
