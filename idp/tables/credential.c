/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/credential.h"

#include "idp/store/rows.h"

enum err
store_credential_put(struct store *st, const char *person_id, enum credential_kind kind,
                     const char *secret, unix_s now)
{
    static const char update[] = "UPDATE credential SET secret = $3, updated_at = $4"
                                 " WHERE person_id = $1 AND kind = $2";
    static const char insert[] = "INSERT INTO credential (person_id, kind, secret, created_at, "
                                 "updated_at) VALUES ($1, $2, $3, $4, $4)";
    const struct arg args[] = { arg_text(person_id), arg_int(kind), arg_text(secret), arg_time(now),
                                ARG_END };

    return change_or_insert(st, update, insert, args);
}

enum err
store_credential_find(struct store *st, struct arena *arena, const char *person_id,
                      enum credential_kind kind, struct stored_credential *out)
{
    static const char sql[] = "SELECT secret, created_at, updated_at FROM credential"
                              " WHERE person_id = $1 AND kind = $2";
    const struct arg args[] = { arg_text(person_id), arg_int(kind), ARG_END };
    const struct out outs[] = { out_text(&out->secret), out_time(&out->created_at),
                                out_time(&out->updated_at), OUT_END };

    return store_run(st,
                     &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = arena });
}
