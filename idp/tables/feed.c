/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/feed.h"

#include "idp/store/rows.h"

enum err
store_feed_find(struct store *st, const char *name, struct stored_feed *out)
{
    static const char sql[] = "SELECT position, as_of, pulled_at FROM feed WHERE name = $1";
    const struct arg args[] = { arg_text(name), ARG_END };
    const struct out outs[] = { out_int(&out->position), out_time(&out->as_of),
                                out_time(&out->pulled_at), OUT_END };

    out->name = name;
    return store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs });
}

/* The first time. Of two who find nothing the primary key lets one in. */
static enum err
feed_insert(struct store *st, const struct stored_feed *feed)
{
    static const char sql[] = "INSERT INTO feed (name, position, as_of, pulled_at)"
                              " SELECT $1, $2, $3, $4"
                              " WHERE NOT EXISTS (SELECT 1 FROM feed WHERE name = $1)";
    const struct arg args[] = { arg_text(feed->name), arg_int(feed->position),
                                arg_time(feed->as_of), arg_time(feed->pulled_at), ARG_END };

    return change_one(st, sql, args, ERR_CONFLICT);
}

enum err
store_feed_move(struct store *st, const struct stored_feed *feed, int64_t from)
{
    static const char sql[] = "UPDATE feed SET position = $2, as_of = $3, pulled_at = $4"
                              " WHERE name = $1 AND position = $5";
    const struct arg args[] = { arg_text(feed->name),  arg_int(feed->position),
                                arg_time(feed->as_of), arg_time(feed->pulled_at),
                                arg_int(from),         ARG_END };
    enum err err = change_one(st, sql, args, from == 0 ? ERR_NOT_FOUND : ERR_CONFLICT);

    return err == ERR_NOT_FOUND ? feed_insert(st, feed) : err;
}
