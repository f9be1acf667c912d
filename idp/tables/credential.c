/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/credential.h"

#include "idp/base/text.h"
#include "idp/store/rows.h"

struct credential_key
credential_password(const char *person_id)
{
    return (struct credential_key) { person_id, CREDENTIAL_PASSWORD, "" };
}

struct credential_key
credential_card_password(const char *person_id)
{
    return (struct credential_key) { person_id, CREDENTIAL_CARD_PASSWORD, "" };
}

/* Programs of the version before know no ids and no other kind: what has one is none of theirs. */
static bool
is_known_before(const struct credential_key *key)
{
    return key->kind == CREDENTIAL_PASSWORD && text_is_empty(key->credential_id);
}

static enum err
insert_before(struct store *st, const struct credential_key *key, const char *secret, unix_s now)
{
    static const char sql[] = "INSERT INTO credential (person_id, kind, secret, created_at, "
                              "updated_at) VALUES ($1, $2, $3, $4, $4)";
    const struct arg args[] = { arg_text(key->person_id), arg_int(key->kind), arg_text(secret),
                                arg_time(now), ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

static enum err
insert_now(struct store *st, const struct credential_key *key, const char *secret, unix_s now)
{
    static const char sql[] = "INSERT INTO person_credential (person_id, kind, credential_id, "
                              "secret, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)";
    const struct arg args[] = {
        arg_text(key->person_id), arg_int(key->kind), arg_text(key->credential_id),
        arg_text(secret),         arg_time(now),      ARG_END
    };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

/* The old table first, in all that write: so two of them wait for each other in one order. */
enum err
store_credential_insert(struct store *st, const struct credential_key *key, const char *secret,
                        unix_s now)
{
    enum err err = store_in_transaction(st) ? OK : ERR_INTERNAL;

    if (err == OK && is_known_before(key))
        err = insert_before(st, key, secret, now);
    return err == OK ? insert_now(st, key, secret, now) : err;
}

static enum err
put_before(struct store *st, const struct credential_key *key, const char *secret, unix_s now)
{
    static const char sql[] = "UPDATE credential SET secret = $3, updated_at = $4"
                              " WHERE person_id = $1 AND kind = $2";
    const struct arg args[] = { arg_text(key->person_id), arg_int(key->kind), arg_text(secret),
                                arg_time(now), ARG_END };
    enum err err = change_one(st, sql, args, ERR_NOT_FOUND);

    return err == ERR_NOT_FOUND ? insert_before(st, key, secret, now) : err;
}

enum err
store_credential_put(struct store *st, const struct credential_key *key, const char *secret,
                     unix_s now)
{
    static const char sql[] = "UPDATE person_credential SET secret = $4, updated_at = $5"
                              " WHERE person_id = $1 AND kind = $2 AND credential_id = $3";
    const struct arg args[] = {
        arg_text(key->person_id), arg_int(key->kind), arg_text(key->credential_id),
        arg_text(secret),         arg_time(now),      ARG_END
    };
    enum err err = store_in_transaction(st) ? OK : ERR_INTERNAL;

    if (err == OK && is_known_before(key))
        err = put_before(st, key, secret, now);
    if (err == OK)
        err = change_one(st, sql, args, ERR_NOT_FOUND);
    return err == ERR_NOT_FOUND ? insert_now(st, key, secret, now) : err;
}

/*
 * The version before writes to `credential` alone, the version after it to `person_credential`
 * alone: of the two the newer one speaks. Of one second it is that of the version before, for we
 * write both alike.
 */
enum err
store_credential_find(struct store *st, struct arena *arena, const struct credential_key *key,
                      struct stored_credential *out)
{
    static const char sql[] =
        "SELECT secret, created_at, updated_at FROM"
        " (SELECT secret, created_at, updated_at, 0 AS place FROM credential"
        " WHERE person_id = $1 AND kind = $2 AND $3 = ''"
        " UNION ALL SELECT secret, created_at, updated_at, 1 AS place FROM person_credential"
        " WHERE person_id = $1 AND kind = $2 AND credential_id = $3) AS either"
        " ORDER BY updated_at DESC, place LIMIT 1";
    const struct arg args[] = { arg_text(key->person_id), arg_int(key->kind),
                                arg_text(key->credential_id), ARG_END };
    const struct out outs[] = { out_text(&out->secret), out_time(&out->created_at),
                                out_time(&out->updated_at), OUT_END };

    return store_run(st,
                     &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = arena });
}

static enum err
renew_before(struct store *st, const struct credential_key *key, const struct credential_form *form,
             unix_s now)
{
    static const char sql[] = "UPDATE credential SET secret = $4, updated_at = $5"
                              " WHERE person_id = $1 AND kind = $2 AND secret = $3";
    const struct arg args[] = { arg_text(key->person_id), arg_int(key->kind), arg_text(form->found),
                                arg_text(form->renewed),  arg_time(now),      ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

/* Where a table holds another secret it is left as it is; where it lacks the row, too: what was
 * found stands in the other one, which is now the newer. */
enum err
store_credential_renew(struct store *st, const struct credential_key *key,
                       const struct credential_form *form, unix_s now)
{
    static const char sql[] =
        "UPDATE person_credential SET secret = $5, updated_at = $6"
        " WHERE person_id = $1 AND kind = $2 AND credential_id = $3 AND secret = $4";
    const struct arg args[] = { arg_text(key->person_id),
                                arg_int(key->kind),
                                arg_text(key->credential_id),
                                arg_text(form->found),
                                arg_text(form->renewed),
                                arg_time(now),
                                ARG_END };
    enum err err = store_in_transaction(st) ? OK : ERR_INTERNAL;

    if (err == OK && is_known_before(key))
        err = renew_before(st, key, form, now);
    return err == OK ? store_run(st, &(struct query) { .sql = sql, .args = args }) : err;
}
