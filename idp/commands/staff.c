/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/text.h"
#include "idp/commands/commands.h"
#include "idp/commands/showing.h"
#include "idp/staff/enrolment.h"
#include "idp/staff/standing.h"
#include "idp/tables/staff_factor.h"

#define say(call, ...) buf_text(&(call)->said, arena_printf((call)->arena, __VA_ARGS__))

static enum err
no_such(struct call *call)
{
    return call_fail(call, ERR_NOT_FOUND,
                     "nobody of the name %s has come here yet; 'staff list' names all",
                     call->staff_id);
}

static const char *
state_of(const struct stored_staff *staff)
{
    return staff_state_name((enum staff_state)staff->state);
}

/* --- Looking --- */

static const struct listing_column columns[] = {
    { "staff_id", CELL_TEXT },   { "state", CELL_TEXT },   { "roles", CELL_TEXT },
    { "agency", CELL_TEXT },     { "region", CELL_TEXT },  { "enrolled_at", CELL_TIME },
    { "checked_at", CELL_TIME }, { "seen_at", CELL_TIME }, { NULL, CELL_TEXT },
};

static void
page_list(struct listing *listing, const struct stored_staff_list *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct stored_staff *at = &page->at[i];

        listing_add(listing, (const struct cell[]) { { .text = at->staff_id },
                                                     { .text = state_of(at) },
                                                     { .text = at->roles },
                                                     { .text = at->agency },
                                                     { .text = at->region },
                                                     { .number = at->enrolled_at },
                                                     { .number = at->checked_at },
                                                     { .number = at->seen_at } });
    }
}

enum err
command_staff_list(struct call *call)
{
    struct stored_staff_list page = { .count = STAFF_PAGE };
    const char *after = "";
    struct listing listing;
    enum err err = OK;

    listing_begin(call, columns, &listing);
    while (err == OK && page.count == STAFF_PAGE) {
        err = store_staff_list(call->shop.ctx.store, call->arena, after, &page);
        if (err == OK && page.count > 0) {
            page_list(&listing, &page);
            after = page.at[page.count - 1].staff_id;
        }
    }
    if (err == OK)
        listing_end(&listing);
    return err;
}

enum err
command_staff_show(struct call *call)
{
    struct stored_staff staff;
    enum err err = store_staff_load(call->shop.ctx.store, call->arena, call->staff_id, &staff);

    if (err == ERR_NOT_FOUND)
        return no_such(call);
    if (err != OK)
        return err;
    showing_begin(call);
    showing_text(call, "staff_id", staff.staff_id);
    showing_text(call, "state", state_of(&staff));
    showing_text(call, "roles", staff.roles);
    showing_text(call, "agency", staff.agency);
    showing_text(call, "region", staff.region);
    showing_text(call, "code", staff.totp_sealed.size > 0 ? "yes" : "");
    showing_text(call, "certificate", staff.certificate);
    showing_text(call, "sid", staff.sid);
    showing_time(call, "open_until", staff.open_until);
    showing_time(call, "code_until", staff.code_until);
    showing_time(call, "enrolled_at", staff.enrolled_at);
    showing_time(call, "checked_at", staff.checked_at);
    showing_time(call, "seen_at", staff.seen_at);
    showing_time(call, "created_at", staff.created_at);
    showing_end(call);
    return OK;
}

/* --- Changing --- */

enum err
command_staff_code(struct call *call)
{
    struct staff_code code;
    const struct problem *problem = staff_code_give(&call->shop.ctx, NULL, call->staff_id, &code);

    if (problem == &problem_staff_unknown)
        return no_such(call);
    if (problem != NULL)
        return ERR_UNAVAILABLE;
    say(call,
        "Enrolment code of %s (told this once): %s\nIt is good once, until %s, with her password of the "
        "directory.\n",
        call->staff_id, code.text, when_text(call->arena, code.until));
    return OK;
}

enum err
command_staff_stop(struct call *call)
{
    enum err err = staff_halt(&call->shop.ctx, call->staff_id);

    if (err == ERR_NOT_FOUND)
        return no_such(call);
    if (err == ERR_CONFLICT)
        return call_fail(call, err, "%s is stopped already", call->staff_id);
    if (err == OK)
        say(call, "%s is stopped: what was open has ended, on every node.\n", call->staff_id);
    return err;
}

enum err
command_staff_start(struct call *call)
{
    int64_t forgotten = 0;
    enum err err = staff_restart(&call->shop.ctx, call->staff_id, &forgotten);

    if (err == ERR_NOT_FOUND)
        return no_such(call);
    if (err == ERR_CONFLICT)
        return call_fail(call, err, "%s is neither stopped nor kept waiting", call->staff_id);
    if (err == OK)
        say(call, "%s may sign in again%s.\n", call->staff_id,
            forgotten > 0 ? "; wrong tries are forgotten" : "");
    return err;
}

enum err
command_staff_bootstrap(struct call *call)
{
    const char *secret;
    unix_s until;
    enum err err = bootstrap_give(&call->shop.ctx, &secret, &until);

    if (err == ERR_REFUSED)
        return call_fail(
            call, err,
            "somebody has a second factor already; a security administrator gives codes "
            "to the others, and so does 'staff code'");
    if (err == OK)
        say(call,
            "Secret for the first security administrator (told this once): %s\nIt is good once, until "
            "%s, at /staff/bootstrap of the staff listener.\n",
            secret, when_text(call->arena, until));
    return err;
}
