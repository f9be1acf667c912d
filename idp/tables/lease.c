/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/lease.h"

#include "idp/store/rows.h"

/* The first one ever. What is there already is told apart without a failed INSERT, which the
 * server would log every time; between two who find nothing the primary key decides. */
static enum err
lease_insert(struct store *st, const struct stored_lease *lease)
{
    static const char sql[] = "INSERT INTO lease (name, holder, until) SELECT $1, $2, $3"
                              " WHERE NOT EXISTS (SELECT 1 FROM lease WHERE name = $1)";
    const struct arg args[] = { arg_text(lease->name), arg_text(lease->holder),
                                arg_time(lease->until), ARG_END };

    return change_one(st, sql, args, ERR_CONFLICT);
}

enum err
store_lease_take(struct store *st, const struct stored_lease *lease, unix_s now, int64_t longest_s)
{
    static const char sql[] = "UPDATE lease SET holder = $2, until = $3 WHERE name = $1"
                              " AND (holder = $2 OR until <= $4 OR until > $5)";
    const struct arg args[] = { arg_text(lease->name),     arg_text(lease->holder),
                                arg_time(lease->until),    arg_time(now),
                                arg_time(now + longest_s), ARG_END };
    enum err err = change_one(st, sql, args, ERR_NOT_FOUND);

    return err == ERR_NOT_FOUND ? lease_insert(st, lease) : err;
}

enum err
store_lease_give_back(struct store *st, const char *name, const char *holder)
{
    static const char sql[] = "UPDATE lease SET until = 0 WHERE name = $1 AND holder = $2";
    const struct arg args[] = { arg_text(name), arg_text(holder), ARG_END };

    return store_run(st, &(struct query) { .sql = sql, .args = args });
}

enum err
store_lease_list(struct store *st, struct arena *arena, int64_t most, struct lease_list *out)
{
    static const char sql[] = "SELECT name, holder, until FROM lease ORDER BY name LIMIT $1";
    const struct arg args[] = { arg_int(most), ARG_END };
    struct stored_lease lease;
    struct rows rows = rows_of(arena, &lease, sizeof(lease));
    const struct out outs[] = { out_text(&lease.name), out_text(&lease.holder),
                                out_time(&lease.until), OUT_END };
    enum err err = rows_read(st, (struct query) { .sql = sql, .args = args, .outs = outs }, &rows);

    *out = (struct lease_list) { rows.at, rows.count };
    return err;
}
