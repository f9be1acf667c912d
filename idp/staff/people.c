/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/people.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "policies/staff_rules.h"

#define DAY_S 86400

/* --- Looking --- */

enum err
staff_people(struct ctx *ctx, const struct staff_people *which, struct listed_staff_list *out)
{
    const struct staff_listed listed = {
        .after = which->after,
        .agency = which->agency,
        .region = which->region,
        .unused_since = which->unused ? ctx->now - STAFF_UNUSED_DAYS * DAY_S : TIME_NEVER,
    };

    return store_staff_listed(ctx->store, ctx->arena, &listed, out);
}

static bool
works_at_a_counter(const char *roles)
{
    const char *at = roles;
    size_t size;
    const char *role = text_next_word(&at, &size);

    for (; role != NULL; role = text_next_word(&at, &size))
        if (!text_list_holds("counter telephone", role, size))
            return false;
    return !text_is_empty(roles);
}

bool
staff_may_enrol(const struct stored_staff *by, const struct stored_staff *whom)
{
    if (text_eq(by->staff_id, whom->staff_id))
        return false;
    if (staff_may(by->roles, STAFF_VERB_manage_staff))
        return true;
    return staff_may(by->roles, STAFF_VERB_enrol_staff) && works_at_a_counter(whom->roles) &&
           text_eq(by->agency, whom->agency) && text_eq(by->region, whom->region);
}

/* --- Stopping, and letting her go on --- */

struct staff_moving {
    const char *staff_id;
    enum staff_state from;
    enum staff_state to;
    const char *reason;
};

static enum err
move(struct ctx *ctx, void *state)
{
    const struct staff_moving *moving = state;
    enum err err = store_staff_moved(ctx->store, moving->staff_id, moving->from, moving->to);

    return err == OK ? audit_write(ctx, &(struct audit_record) { .event = AUDIT_STAFF_STATE,
                                                                 .reason = moving->reason,
                                                                 .subject = { SUBJECT_STAFF,
                                                                              moving->staff_id } })
                     : err;
}

static enum err
page_end(struct ctx *ctx, const char *staff_id, size_t *count)
{
    const struct sessions_of which = { staff_id, "", TIME_NEVER, ctx->now, NULL };
    struct sid_list list;
    enum err err = store_session_list(ctx->store, ctx->arena, &which, &list);

    *count = list.count;
    for (size_t i = 0; err == OK && i < list.count; i++) {
        const struct session session = {
            .live = true, .row = { .sid = list.at[i], .subject = { SUBJECT_STAFF, staff_id } }
        };

        err = session_end(ctx, &session, "stopped");
    }
    return err;
}

/* One that was interrupted is gone on with by the next, which finds her stopped already. */
enum err
people_stop(struct ctx *ctx, const char *staff_id)
{
    struct staff_moving moving = { staff_id, STAFF_ACTIVE, STAFF_STOPPED, "stopped" };
    enum err moved = change(ctx, move, &moving);
    enum err err = moved == ERR_NOT_FOUND ? OK : moved;
    size_t count = 1;

    while (err == OK && count > 0)
        err = page_end(ctx, staff_id, &count);
    return err == OK ? moved : err;
}

enum err
people_start(struct ctx *ctx, const char *staff_id)
{
    struct staff_moving moving = { staff_id, STAFF_STOPPED, STAFF_ACTIVE, "started" };

    return change(ctx, move, &moving);
}
