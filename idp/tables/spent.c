/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/spent.h"

enum err
store_spent_insert(struct store *st, const struct digest *id, const char *grant_id, unix_s until)
{
    static const char sql[] = "INSERT INTO spent (id, grant_id, until) VALUES ($1, $2, $3)";
    const struct arg args[] = { arg_digest(id), arg_text(grant_id), arg_time(until), ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

enum err
store_spent_find(struct store *st, struct arena *arena, const struct digest *id,
                 const char **grant_id)
{
    static const char sql[] = "SELECT grant_id FROM spent WHERE id = $1";
    const struct arg args[] = { arg_digest(id), ARG_END };
    const struct out outs[] = { out_text(grant_id), OUT_END };

    return store_run(st,
                     &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = arena });
}
