/* SPDX-License-Identifier: Apache-2.0 */
/* What is shown of an electronic card and done about one: docs/adr/0053. */
#include "idp/base/text.h"
#include "idp/card/loss.h"
#include "idp/commands/person.h"
#include "idp/commands/showing.h"
#include "idp/tables/card_use.h"
#include "policies/card_reading.h"

#define say(call, ...) buf_text(&(call)->said, arena_printf((call)->arena, __VA_ARGS__))

static enum err
none(struct call *call, const struct person *person)
{
    return call_fail(call, ERR_NOT_FOUND, "%s has no electronic card",
                     person_in_short(call, person));
}

/* What a problem comes to at a terminal: its English sentence. */
static enum err
failed(struct call *call, const struct problem *problem)
{
    return call_fail(call, ERR_CONFLICT, "%s", problem_text(problem, LANGUAGE_EN));
}

static const char *
loss_word(const struct ctx *ctx, const struct card *card)
{
    static const char *const words[] = {
        [CARD_NOT_LOST] = "", [CARD_LOSS_PROVISIONAL] = "provisional", [CARD_LOSS_FORMAL] = "formal"
    };

    return words[card_loss_at(&card->row, ctx->now)];
}

/* Masked, unless the operator has said why she must see all. */
static enum err
number_told(struct call *call, const struct card *card, const char **out)
{
    const char *number = "";
    enum err err = card->physical.number_sealed.size > 0
                       ? physical_number_open(&call->shop.ctx, &card->physical, &number)
                       : OK;

    if (err == OK)
        *out = call->unmask || text_is_empty(number) ? number : card_no_masked(call->arena, number);
    return err;
}

static const char *
day_told(struct call *call, int64_t day)
{
    return day == 0 ? ""
                    : arena_printf(call->arena, "%04lld-%02lld-%02lld", (long long)day / 10000,
                                   (long long)day / 100 % 100, (long long)day % 100);
}

static void
card_show(struct call *call, const struct person *person, const struct card *card,
          const char *number)
{
    const struct ctx *ctx = &call->shop.ctx;
    bool is_lost = card_loss_at(&card->row, ctx->now) != CARD_NOT_LOST;

    showing_begin(call);
    showing_text(call, "person_id", person->person_id);
    showing_text(call, "name", person->name);
    showing_text(call, "card_number", number);
    showing_text(call, "region", card->row.region);
    showing_text(call, "state", card_effective_name(card->state));
    showing_number(call, "level", card->row.own_state == ECARD_L2 ? 2 : 1);
    showing_text(call, "physical_state", physical_state_letter(card->physical.state));
    showing_text(call, "loss", loss_word(ctx, card));
    showing_time(call, "lost_at", is_lost ? card->row.loss_at : 0);
    showing_time(call, "loss_lapses_at", is_lost ? card->row.loss_lapses_at : 0);
    showing_text(call, "valid_to", day_told(call, card->row.valid_to));
    showing_time(call, "issued_at", card->row.issued_at);
    showing_time(call, "activated_at", card->row.activated_at);
    showing_time(call, "changed_at", card->row.changed_at);
    showing_end(call);
}

enum err
command_card_show(struct call *call)
{
    struct person person = { 0 };
    struct card card;
    const char *number = "";
    enum err err = person_to_show(call, &person);

    if (err == OK)
        err = card_find(&call->shop.ctx, person.person_id, &card);
    if (err == ERR_NOT_FOUND && person.person_id != NULL)
        return none(call, &person);
    if (err == OK)
        err = number_told(call, &card, &number);
    if (err == OK)
        card_show(call, &person, &card, number);
    return err;
}

enum err
command_card_lose(struct call *call)
{
    struct loss_report report = { .kind = call->formal ? CARD_LOSS_FORMAL : CARD_LOSS_PROVISIONAL,
                                  .place = LOSS_BY_OPERATOR };
    const struct problem *problem;
    struct person person = { 0 };
    struct card card;
    enum err err = person_of_call(call, &person);

    if (err != OK)
        return err;
    report.person_id = person.person_id;
    problem = card_lose(&call->shop.ctx, &report, &card);
    if (problem == &problem_ecard_none)
        return none(call, &person);
    if (problem != NULL)
        return failed(call, problem);
    say(call,
        "The card of %s is reported lost (%s): its codes are dead, and what was born of it has "
        "ended.\n",
        person_in_short(call, &person), loss_word(&call->shop.ctx, &card));
    return OK;
}

enum err
command_card_release(struct call *call)
{
    const struct problem *problem;
    struct person person = { 0 };
    struct card card;
    enum err err = person_of_call(call, &person);

    if (err != OK)
        return err;
    problem = card_release(&call->shop.ctx, person.person_id, LOSS_BY_OPERATOR, &card);
    if (problem == &problem_ecard_none)
        return none(call, &person);
    if (problem != NULL)
        return failed(call, problem);
    say(call, "The card of %s is not reported lost any more; it is %s.\n",
        person_in_short(call, &person), card_effective_name(card.state));
    return OK;
}

/* --- What became of those that she had, and where it was used --- */

static enum err
past_show(struct call *call, const char *person_id)
{
    static const struct listing_column columns[] = {
        { "region", CELL_TEXT },
        { "issued_at", CELL_TIME },
        { "closed_at", CELL_TIME },
        { "reason", CELL_TEXT },
        { 0 },
    };
    struct ecard_past_list list;
    struct listing listing;
    enum err err = store_ecard_past_list(call->shop.ctx.store, call->arena, person_id, &list);

    if (err != OK)
        return err;
    listing_begin_within(call, "past_cards", columns, &listing);
    for (size_t i = 0; i < list.count; i++)
        listing_add(&listing, (struct cell[]) { { .text = list.at[i].region },
                                                { .number = list.at[i].issued_at },
                                                { .number = list.at[i].closed_at },
                                                { .text = list.at[i].reason } });
    listing_end(&listing);
    return OK;
}

static enum err
uses_show(struct call *call, const char *person_id)
{
    static const struct listing_column columns[] = {
        { "at", CELL_TIME },      { "partner_id", CELL_TEXT }, { "terminal_id", CELL_TEXT },
        { "purpose", CELL_TEXT }, { "shown_by", CELL_TEXT },   { 0 },
    };
    struct stored_card_use_list list;
    struct listing listing;
    enum err err =
        store_card_use_list(call->shop.ctx.store, call->arena, person_id, TIME_NEVER, &list);

    if (err != OK)
        return err;
    listing_begin_within(call, "uses", columns, &listing);
    for (size_t i = 0; i < list.count; i++)
        listing_add(&listing, (struct cell[]) { { .number = list.at[i].at },
                                                { .text = list.at[i].partner_id },
                                                { .text = list.at[i].terminal_id },
                                                { .text = list.at[i].purpose },
                                                { .text = list.at[i].shown_by } });
    listing_end(&listing);
    return OK;
}

enum err
command_card_history(struct call *call)
{
    struct person person = { 0 };
    enum err err = person_of_call(call, &person);

    if (err != OK)
        return err;
    showing_begin(call);
    showing_text(call, "person_id", person.person_id);
    err = past_show(call, person.person_id);
    if (err == OK)
        err = uses_show(call, person.person_id);
    if (err == OK)
        showing_end(call);
    return err;
}
