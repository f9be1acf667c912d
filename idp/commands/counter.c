/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/counter.h"
#include "idp/base/text.h"
#include "idp/commands/commands.h"
#include "idp/commands/showing.h"

#define say(call, ...) buf_text(&(call)->said, arena_printf((call)->arena, __VA_ARGS__))

static enum err
no_counter(struct call *call)
{
    return call_fail(call, ERR_NOT_FOUND, "there is no counter %s; 'counter list' names all",
                     call->counter_id);
}

/* --- Looking --- */

static const struct listing_column columns[] = {
    { "counter_id", CELL_TEXT },  { "region", CELL_TEXT },     { "state", CELL_TEXT },
    { "place", CELL_TEXT },       { "agency", CELL_TEXT },     { "code_until", CELL_TIME },
    { "enrolled_at", CELL_TIME }, { "retired_at", CELL_TIME }, { NULL, CELL_TEXT },
};

static void
page_list(struct listing *listing, const struct stored_counter_list *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct stored_counter *at = &page->at[i];

        listing_add(listing, (const struct cell[]) { { .text = at->counter_id },
                                                     { .text = at->region },
                                                     { .text = counter_state_name(at->state) },
                                                     { .text = at->place },
                                                     { .text = at->agency },
                                                     { .number = at->code_until },
                                                     { .number = at->enrolled_at },
                                                     { .number = at->retired_at } });
    }
}

enum err
command_counter_list(struct call *call)
{
    struct stored_counter_list page = { .count = COUNTER_PAGE };
    const char *after = "";
    struct listing listing;
    enum err err = OK;

    listing_begin(call, columns, &listing);
    while (err == OK && page.count == COUNTER_PAGE) {
        err = store_counter_list(call->shop.ctx.store, call->arena, after, &page);
        if (err == OK && page.count > 0) {
            page_list(&listing, &page);
            after = page.at[page.count - 1].counter_id;
        }
    }
    if (err == OK)
        listing_end(&listing);
    return err;
}

enum err
command_counter_show(struct call *call)
{
    struct stored_counter counter;
    struct stored_sitting sitting = { .staff_id = "" };
    enum err err =
        store_counter_load(call->shop.ctx.store, call->arena, call->counter_id, &counter);

    if (err == ERR_NOT_FOUND)
        return no_counter(call);
    if (err == OK && !text_is_empty(counter.sid))
        err = store_sitting_load(call->shop.ctx.store, call->arena, counter.sid, &sitting);
    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    showing_begin(call);
    showing_text(call, "counter_id", counter.counter_id);
    showing_text(call, "state", counter_state_name(counter.state));
    showing_text(call, "place", counter.place);
    showing_text(call, "agency", counter.agency);
    showing_text(call, "region", counter.region);
    showing_text(call, "certificate", counter.certificate);
    showing_text(call, "staff_last", sitting.staff_id);
    showing_text(call, "sid_last", counter.sid);
    showing_time(call, "code_until", counter.code_until);
    showing_time(call, "created_at", counter.created_at);
    showing_time(call, "enrolled_at", counter.enrolled_at);
    showing_time(call, "retired_at", counter.retired_at);
    showing_end(call);
    return OK;
}

/* --- Changing --- */

static void
code_tell(struct call *call, const struct setup_code *code)
{
    say(call,
        "Enrolment code of %s (told this once): %s\nIt is good once, until %s. Type it in the "
        "browser of that counter, at %s%s/staff/counter.\n",
        code->id, code->text, when_text(call->arena, code->until), call->shop.settings->staff.url,
        call->shop.settings->server.issuer_path);
}

enum err
command_counter_add(struct call *call)
{
    const struct stored_counter wanted = { .place = call->place,
                                           .agency = call->agency,
                                           .region = call->region };
    struct setup_code code;
    enum err err;

    if (call->place == NULL || call->agency == NULL || call->region == NULL)
        return call_fail(call, ERR_INVALID,
                         "say --place, --agency and --region; nothing was changed");
    err = counter_add(&call->shop.ctx, &wanted, &code);
    if (err == ERR_INVALID)
        return call_fail(call, err,
                         "--place and --agency are texts of 1 to %d characters, without control "
                         "characters, and --region is a division code of six digits; nothing was "
                         "changed",
                         SETUP_TEXT_MAX);
    if (err == OK)
        code_tell(call, &code);
    return err;
}

enum err
command_counter_code(struct call *call)
{
    struct setup_code code;
    enum err err = counter_code_renew(&call->shop.ctx, call->counter_id, &code);

    if (err == ERR_NOT_FOUND)
        return call_fail(call, err,
                         "there is no counter %s, or it is retired; 'counter list' says which",
                         call->counter_id);
    if (err == OK)
        code_tell(call, &code);
    return err;
}

enum err
command_counter_retire(struct call *call)
{
    int64_t ended = 0;
    enum err err = counter_retire(&call->shop.ctx, call->counter_id, &ended);

    if (err == ERR_NOT_FOUND)
        return no_counter(call);
    if (err == ERR_CONFLICT)
        return call_fail(call, err, "%s is retired already", call->counter_id);
    if (err == OK)
        say(call,
            "%s is retired: nothing is taken from it any more, on any node. Whoever sat there has "
            "to sign in at another counter.\n",
            call->counter_id);
    return err;
}
