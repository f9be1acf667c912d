/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/epoch.h"

#include "idp/store/rows.h"

enum err
store_epoch_read(struct store *st, struct epochs *out)
{
    static const char sql[] = "SELECT MAX(CASE WHEN name = 'revocation' THEN value END),"
                              " MAX(CASE WHEN name = 'partner' THEN value END),"
                              " MAX(CASE WHEN name = 'keyring' THEN value END),"
                              " MAX(CASE WHEN name = 'not_before' THEN value END),"
                              " MAX(CASE WHEN name = 'card_time' THEN value END),"
                              " MAX(CASE WHEN name = 'card_epoch' THEN value END) FROM epoch";
    const struct out outs[] = { out_int(&out->revocation),
                                out_int(&out->partner),
                                out_int(&out->keyring),
                                out_time(&out->not_before),
                                out_time(&out->card_time),
                                out_int(&out->card_epoch),
                                OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .outs = outs });
}

enum err
store_epoch_bump(struct store *st, const char *name, int64_t *out)
{
    static const char sql[] = "UPDATE epoch SET value = value + 1 WHERE name = $1 RETURNING value";
    const struct arg args[] = { arg_text(name), ARG_END };
    const struct out outs[] = { out_int(out), OUT_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

enum err
store_epoch_set(struct store *st, const char *name, unix_s to)
{
    static const char sql[] = "UPDATE epoch SET value = $2 WHERE name = $1";
    const struct arg args[] = { arg_text(name), arg_time(to), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}

enum err
store_epoch_raise(struct store *st, const char *name, unix_s to)
{
    static const char sql[] = "UPDATE epoch SET value = $2 WHERE name = $1 AND value < $2";
    const struct arg args[] = { arg_text(name), arg_time(to), ARG_END };

    return change_one(st, sql, args, ERR_NOT_FOUND);
}
