/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/tables/seat.h"

#include "idp/store/rows.h"
#include "idp/tables/counter.h"
#include "idp/tables/staff.h"

enum err
store_seat_take(struct store *st, const struct staff_seat *seat, unix_s now)
{
    static const char by_her[] = "UPDATE staff SET sid = $3, open_until = $4, seen_at = $5"
                                 " WHERE staff_id = $1 AND sid = $2 AND state = $6";
    static const char at_counter[] = "UPDATE counter SET sid = $3"
                                     " WHERE counter_id = $1 AND sid = $2 AND state = $4";
    const struct arg hers[] = { arg_text(seat->staff_id),
                                arg_text(seat->staff_before),
                                arg_text(seat->sid),
                                arg_time(seat->until),
                                arg_time(now),
                                arg_int(STAFF_ACTIVE),
                                ARG_END };
    const struct arg its[] = { arg_text(seat->counter_id), arg_text(seat->counter_before),
                               arg_text(seat->sid), arg_int(COUNTER_ENROLLED), ARG_END };
    enum err err = change_one(st, by_her, hers, ERR_CONFLICT);

    return err == OK ? change_one(st, at_counter, its, ERR_CONFLICT) : err;
}

enum err
store_seat_leave(struct store *st, const struct staff_seat *seat)
{
    static const char at_counter[] = "UPDATE counter SET sid = ''"
                                     " WHERE counter_id = $1 AND sid = $2";
    static const char by_her[] = "UPDATE staff SET sid = '', open_until = 0"
                                 " WHERE staff_id = $1 AND sid = $2";
    const struct arg its[] = { arg_text(seat->counter_id), arg_text(seat->sid), ARG_END };
    const struct arg hers[] = { arg_text(seat->staff_id), arg_text(seat->sid), ARG_END };
    enum err err = change_one(st, by_her, hers, ERR_NOT_FOUND);
    enum err taken = OK;

    if (err == OK || err == ERR_NOT_FOUND)
        taken = change_one(st, at_counter, its, ERR_NOT_FOUND);
    return taken == OK || taken == ERR_NOT_FOUND ? err : taken;
}
