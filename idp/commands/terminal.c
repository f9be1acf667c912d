/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/partner/terminal.h"
#include "idp/base/text.h"
#include "idp/commands/commands.h"
#include "idp/commands/showing.h"
#include "idp/session/terminal_session.h"

#define say(call, ...) buf_text(&(call)->said, arena_printf((call)->arena, __VA_ARGS__))

static enum err
no_such(struct call *call)
{
    return call_fail(call, ERR_NOT_FOUND, "there is no terminal %s; 'terminal list' names all",
                     call->terminal_id);
}

static const char *
state_of(const struct stored_terminal *terminal)
{
    return terminal_state_name((enum terminal_state)terminal->state);
}

/* --- Looking --- */

static const struct listing_column columns[] = {
    { "terminal_id", CELL_TEXT }, { "partner_id", CELL_TEXT }, { "state", CELL_TEXT },
    { "place", CELL_TEXT },       { "agency", CELL_TEXT },     { "code_until", CELL_TIME },
    { "enrolled_at", CELL_TIME }, { "retired_at", CELL_TIME }, { NULL, CELL_TEXT },
};

static void
page_list(struct listing *listing, const struct stored_terminal_list *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct stored_terminal *at = &page->at[i];

        listing_add(listing, (const struct cell[]) { { .text = at->terminal_id },
                                                     { .text = at->partner_id },
                                                     { .text = state_of(at) },
                                                     { .text = at->place },
                                                     { .text = at->agency },
                                                     { .number = at->code_until },
                                                     { .number = at->enrolled_at },
                                                     { .number = at->retired_at } });
    }
}

enum err
command_terminal_list(struct call *call)
{
    struct stored_terminal_list page = { .count = TERMINAL_PAGE };
    const char *after = "";
    struct listing listing;
    enum err err = OK;

    listing_begin(call, columns, &listing);
    while (err == OK && page.count == TERMINAL_PAGE) {
        err = store_terminal_list(call->shop.ctx.store, call->arena, after, &page);
        if (err == OK && page.count > 0) {
            page_list(&listing, &page);
            after = page.at[page.count - 1].terminal_id;
        }
    }
    if (err == OK)
        listing_end(&listing);
    return err;
}

enum err
command_terminal_show(struct call *call)
{
    struct stored_terminal terminal;
    enum err err =
        store_terminal_load(call->shop.ctx.store, call->arena, call->terminal_id, &terminal);

    if (err == ERR_NOT_FOUND)
        return no_such(call);
    if (err != OK)
        return err;
    showing_begin(call);
    showing_text(call, "terminal_id", terminal.terminal_id);
    showing_text(call, "partner_id", terminal.partner_id);
    showing_text(call, "state", state_of(&terminal));
    showing_text(call, "place", terminal.place);
    showing_text(call, "agency", terminal.agency);
    showing_text(call, "thumbprint", terminal.thumbprint);
    showing_time(call, "code_until", terminal.code_until);
    showing_time(call, "created_at", terminal.created_at);
    showing_time(call, "enrolled_at", terminal.enrolled_at);
    showing_time(call, "retired_at", terminal.retired_at);
    if (!text_is_empty(terminal.jwk))
        showing_object(call, "key", terminal.jwk);
    showing_end(call);
    return OK;
}

/* --- Changing --- */

static void
code_tell(struct call *call, const struct setup_code *code)
{
    say(call,
        "Enrolment code of %s (told this once): %s\nIt is good once, until %s. Type it at the "
        "terminal.\n",
        code->id, code->text, when_text(call->arena, code->until));
}

enum err
command_terminal_add(struct call *call)
{
    const struct stored_terminal wanted = { .partner_id = call->partner_id,
                                            .place = call->place,
                                            .agency = call->agency };
    struct setup_code code;
    enum err err;

    if (call->partner_id == NULL || call->place == NULL || call->agency == NULL)
        return call_fail(call, ERR_INVALID,
                         "say --partner, --place and --agency; nothing was changed");
    err = terminal_add(&call->shop.ctx, &wanted, &code);
    if (err == ERR_NOT_FOUND)
        return call_fail(call, err, "no partner %s is registered; 'partner list' names all",
                         call->partner_id);
    if (err == ERR_REFUSED)
        return call_fail(call, err,
                         "%s is no partner of channel terminal; 'partner show' tells its channel",
                         call->partner_id);
    if (err == ERR_INVALID)
        return call_fail(call, err,
                         "--place and --agency are texts of 1 to %d characters, without control "
                         "characters; nothing was changed",
                         SETUP_TEXT_MAX);
    if (err == OK)
        code_tell(call, &code);
    return err;
}

enum err
command_terminal_code(struct call *call)
{
    struct setup_code code;
    enum err err = terminal_code_renew(&call->shop.ctx, call->terminal_id, &code);

    if (err == ERR_NOT_FOUND)
        return call_fail(call, err,
                         "there is no terminal %s, or it is retired; 'terminal list' says which",
                         call->terminal_id);
    if (err == OK)
        code_tell(call, &code);
    return err;
}

enum err
command_terminal_retire(struct call *call)
{
    int64_t ended = 0;
    enum err err = terminal_retire(&call->shop.ctx, call->terminal_id, &ended);

    if (err == ERR_NOT_FOUND)
        return no_such(call);
    if (err == ERR_CONFLICT)
        return call_fail(call, err, "%s is retired already", call->terminal_id);
    if (err == OK)
        say(call,
            "%s is retired: nothing is taken from it any more, on any node. %lld sessions at it "
            "have ended.\n",
            call->terminal_id, (long long)ended);
    return err;
}
