/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/person.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_person, person_id),
    COLUMN(COLUMN_INT, struct stored_person, state),
    COLUMN(COLUMN_BYTES, struct stored_person, name_sealed),
    COLUMN(COLUMN_BYTES, struct stored_person, identity_sealed),
    COLUMN(COLUMN_BYTES, struct stored_person, phone_sealed),
    COLUMN(COLUMN_INT, struct stored_person, birth_date),
    COLUMN(COLUMN_INT, struct stored_person, phone_verified_at),
    COLUMN(COLUMN_INT, struct stored_person, created_at),
    COLUMN(COLUMN_INT, struct stored_person, updated_at),
    COLUMN(COLUMN_INT, struct stored_person, secured_at),
    COLUMNS_END,
};

enum err
store_person_insert(struct store *st, const struct stored_person *person)
{
    static struct row_statement insert = { "INSERT INTO person ({columns}) VALUES ({values})",
                                           columns, NULL };

    return row_insert(st, &insert, person);
}

enum err
store_person_load(struct store *st, struct arena *arena, const char *person_id,
                  struct stored_person *out)
{
    static struct row_statement find = { "SELECT {columns} FROM person WHERE person_id = $1",
                                         columns, NULL };
    const struct arg args[] = { arg_text(person_id), ARG_END };

    return row_find(st, &find, args, arena, out);
}

enum err
store_person_state(struct store *st, const char *person_id, int64_t *out)
{
    static const char sql[] = "SELECT state FROM person WHERE person_id = $1";
    const struct arg args[] = { arg_text(person_id), ARG_END };
    const struct out outs[] = { out_int(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

enum err
store_person_set_state(struct store *st, const char *person_id, enum person_state state, unix_s now)
{
    static const char sql[] = "UPDATE person SET state = $2, updated_at = $3 WHERE person_id = $1";
    const struct arg args[] = { arg_text(person_id), arg_int(state), arg_time(now), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_person_secure(struct store *st, const char *person_id, unix_s begun_at, unix_s now)
{
    static const char sql[] = "UPDATE person SET secured_at = $3, updated_at = $3"
                              " WHERE person_id = $1 AND secured_at < $2 AND state = $4";
    const struct arg args[] = { arg_text(person_id), arg_time(begun_at), arg_time(now),
                                arg_int(PERSON_ACTIVE), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_person_hold(struct store *st, const char *person_id, unix_s begun_at)
{
    static const char sql[] = "UPDATE person SET secured_at = secured_at"
                              " WHERE person_id = $1 AND secured_at < $2";
    const struct arg args[] = { arg_text(person_id), arg_time(begun_at), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_person_secured_at(struct store *st, const char *person_id, unix_s *out)
{
    static const char sql[] = "SELECT secured_at FROM person WHERE person_id = $1";
    const struct arg args[] = { arg_text(person_id), ARG_END };
    const struct out outs[] = { out_time(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

enum err
store_person_set_phone(struct store *st, const char *person_id, struct bytes phone_sealed,
                       unix_s verified_at, unix_s now)
{
    static const char sql[] = "UPDATE person SET phone_sealed = $2, phone_verified_at = $3,"
                              " updated_at = $4 WHERE person_id = $1";
    const struct arg args[] = { arg_text(person_id), arg_bytes(phone_sealed), arg_time(verified_at),
                                arg_time(now), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_person_set_name(struct store *st, const char *person_id, struct bytes name_sealed, unix_s now)
{
    static const char sql[] = "UPDATE person SET name_sealed = $2, updated_at = $3"
                              " WHERE person_id = $1";
    const struct arg args[] = { arg_text(person_id), arg_bytes(name_sealed), arg_time(now),
                                ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_person_set_identity(struct store *st, const struct stored_person *person)
{
    static const char sql[] = "UPDATE person SET identity_sealed = $2, birth_date = $3,"
                              " updated_at = $4 WHERE person_id = $1";
    const struct arg args[] = { arg_text(person->person_id), arg_bytes(person->identity_sealed),
                                arg_int(person->birth_date), arg_time(person->updated_at),
                                ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_person_confirm_phone(struct store *st, const char *person_id, unix_s now)
{
    static const char sql[] = "UPDATE person SET phone_verified_at = $2 WHERE person_id = $1";
    const struct arg args[] = { arg_text(person_id), arg_time(now), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_person_key_insert(struct store *st, enum person_key_kind kind, const struct digest *digest,
                        const char *person_id, unix_s now)
{
    static const char sql[] = "INSERT INTO person_key (kind, digest, person_id, created_at)"
                              " VALUES ($1, $2, $3, $4)";
    const struct arg args[] = { arg_int(kind), arg_digest(digest), arg_text(person_id),
                                arg_time(now), ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

enum err
store_person_key_find(struct store *st, struct arena *arena, enum person_key_kind kind,
                      const struct digest *digest, const char **person_id)
{
    static const char sql[] = "SELECT person_id FROM person_key WHERE kind = $1 AND digest = $2";
    const struct arg args[] = { arg_int(kind), arg_digest(digest), ARG_END };
    const struct out outs[] = { out_text(person_id), OUT_END };

    return store_run(st,
                     &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = arena });
}

enum err
store_person_key_delete(struct store *st, enum person_key_kind kind, const struct digest *digest)
{
    static const char sql[] = "DELETE FROM person_key WHERE kind = $1 AND digest = $2";
    const struct arg args[] = { arg_int(kind), arg_digest(digest), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}
