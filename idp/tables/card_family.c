/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/card_family.h"

#include "idp/store/row.h"
#include "policies/family.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_card_family, person_id),
    COLUMN(COLUMN_TEXT, struct stored_card_family, member_id),
    COLUMN(COLUMN_INT, struct stored_card_family, kinship),
    COLUMN(COLUMN_INT, struct stored_card_family, state),
    COLUMN(COLUMN_INT, struct stored_card_family, asked_at),
    COLUMN(COLUMN_INT, struct stored_card_family, agreed_at),
    COLUMN(COLUMN_INT, struct stored_card_family, ended_at),
    COLUMNS_END,
};

enum err
store_card_family_find(struct store *st, struct arena *arena, const char *person_id,
                       const char *member_id, struct stored_card_family *out)
{
    static struct row_statement find = {
        "SELECT {columns} FROM card_family WHERE person_id = $1 AND member_id = $2", columns, NULL
    };
    const struct arg args[] = { arg_text(person_id), arg_text(member_id), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_card_family_hold(struct store *st, struct arena *arena, const char *person_id,
                       const char *member_id, struct stored_card_family *out)
{
    static struct row_statement hold = { "UPDATE card_family SET ended_at = ended_at"
                                         " WHERE person_id = $1 AND member_id = $2"
                                         " RETURNING {columns}",
                                         columns, NULL };
    const struct arg args[] = { arg_text(person_id), arg_text(member_id), ARG_END };

    return row_find(st, &hold, args, arena, out);
}

enum err
store_card_family_put(struct store *st, const struct stored_card_family *family)
{
    static struct row_statement update = {
        "UPDATE card_family SET {sets} WHERE person_id = $1 AND member_id = $2", columns, NULL
    };
    static struct row_statement insert = { "INSERT INTO card_family ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_put(st, &update, &insert, family);
}

enum err
store_card_family_agree(struct store *st, const struct stored_card_family *family,
                        unix_s asked_after)
{
    static const char sql[] = "UPDATE card_family SET state = $3, agreed_at = $4"
                              " WHERE person_id = $1 AND member_id = $2 AND state = $5"
                              " AND asked_at > $6";
    const struct arg args[] = { arg_text(family->person_id),
                                arg_text(family->member_id),
                                arg_int(FAMILY_AGREED),
                                arg_time(family->agreed_at),
                                arg_int(FAMILY_ASKED),
                                arg_time(asked_after),
                                ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_card_family_end(struct store *st, const struct stored_card_family *family)
{
    static const char sql[] = "UPDATE card_family SET state = $3, ended_at = $4"
                              " WHERE person_id = $1 AND member_id = $2 AND state <> $3";
    const struct arg args[] = { arg_text(family->person_id), arg_text(family->member_id),
                                arg_int(FAMILY_ENDED), arg_time(family->ended_at), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

static enum err
list_by(struct store *st, struct arena *arena, struct row_statement *statement, const char *id,
        struct stored_card_family_list *out)
{
    const struct arg args[] = { arg_text(id), arg_int(CARD_FAMILY_PAGE), arg_int(FAMILY_ENDED),
                                ARG_END };
    struct stored_card_family row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, statement, args, &rows);

    *out = (struct stored_card_family_list) { rows.at, rows.count };
    return err;
}

enum err
store_card_family_list(struct store *st, struct arena *arena, const char *person_id,
                       struct stored_card_family_list *out)
{
    static struct row_statement list = {
        "SELECT {columns} FROM card_family WHERE person_id = $1 AND state <> $3"
        " ORDER BY asked_at, member_id LIMIT $2",
        columns, NULL
    };

    return list_by(st, arena, &list, person_id, out);
}

enum err
store_card_family_list_of_member(struct store *st, struct arena *arena, const char *member_id,
                                 struct stored_card_family_list *out)
{
    static struct row_statement list = {
        "SELECT {columns} FROM card_family WHERE member_id = $1 AND state <> $3"
        " ORDER BY asked_at, person_id LIMIT $2",
        columns, NULL
    };

    return list_by(st, arena, &list, member_id, out);
}

enum err
store_card_family_history(struct store *st, struct arena *arena, const char *person_id,
                          struct stored_card_family_list *out)
{
    static struct row_statement list = { "SELECT {columns} FROM card_family"
                                         " WHERE person_id = $1 OR member_id = $1"
                                         " ORDER BY asked_at DESC, person_id, member_id LIMIT $2",
                                         columns, NULL };
    const struct arg args[] = { arg_text(person_id), arg_int(CARD_FAMILY_PAGE), ARG_END };
    struct stored_card_family row;
    struct rows rows = rows_of(arena, &row, sizeof(row));
    enum err err = row_list(st, &list, args, &rows);

    *out = (struct stored_card_family_list) { rows.at, rows.count };
    return err;
}

enum err
store_card_family_forget(struct store *st, const char *person_id, unix_s asked_before)
{
    static const char sql[] = "DELETE FROM card_family WHERE person_id = $1 AND asked_at < $2"
                              " AND substr(member_id, 1, 2) = 'u_'";
    const struct arg args[] = { arg_text(person_id), arg_time(asked_before), ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}
