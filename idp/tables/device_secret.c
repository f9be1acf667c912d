/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/device_secret.h"

#include "idp/store/row.h"

static const struct column columns[] = {
    COLUMN(COLUMN_TEXT, struct stored_device_secret, sid),
    COLUMN(COLUMN_TEXT, struct stored_device_secret, partner_id),
    COLUMN(COLUMN_DIGEST, struct stored_device_secret, secret),
    COLUMN(COLUMN_TEXT, struct stored_device_secret, shared_by),
    COLUMN(COLUMN_TEXT, struct stored_device_secret, bound_key),
    COLUMN(COLUMN_INT, struct stored_device_secret, expires_at),
    COLUMNS_END,
};

enum err
store_device_secret_put(struct store *st, const struct stored_device_secret *secret)
{
    static struct row_statement update = {
        "UPDATE device_secret SET {sets} WHERE sid = $1 AND partner_id = $2", columns, NULL
    };
    static struct row_statement insert = {
        "INSERT INTO device_secret ({columns}) VALUES ({values})", columns, NULL
    };

    return row_put(st, &update, &insert, secret);
}

enum err
store_device_secret_find(struct store *st, struct arena *arena, const char *sid,
                         const char *partner_id, struct stored_device_secret *out)
{
    static struct row_statement find = {
        "SELECT {columns} FROM device_secret WHERE sid = $1 AND partner_id = $2", columns, NULL
    };
    const struct arg args[] = { arg_text(sid), arg_text(partner_id), ARG_END };

    return row_find(st, &find, args, arena, out);
}
