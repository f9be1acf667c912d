/* SPDX-License-Identifier: Apache-2.0 */
/* Who may show whose card: what a guardian shows at a counter, and what an operator looks at. */
#include "idp/tables/card_family.h"
#include "idp/base/text.h"
#include "idp/card/family.h"
#include "idp/commands/listing.h"
#include "idp/commands/person.h"
#include "idp/person/seen.h"

#define say(call, ...) buf_text(&(call)->said, arena_printf((call)->arena, __VA_ARGS__))

/* Both, and why. */
struct family_pair_of_call {
    struct person shower;
    struct person member;
};

static enum err
reason_check(struct call *call, const struct family_pair_of_call *pair)
{
    const char *why;

    if (call->reason == NULL)
        return call_fail(call, ERR_INVALID,
                         "say why with --reason TEXT, which the audit trail keeps; nothing was "
                         "changed");
    why = seen_reason_check(call->arena, &pair->shower, call->reason);
    if (why == NULL)
        why = seen_reason_check(call->arena, &pair->member, call->reason);
    if (why != NULL)
        return call_fail(call, ERR_INVALID, "the reason is refused: %s; nothing was changed", why);
    return OK;
}

static enum err
pair_of_call(struct call *call, struct family_pair_of_call *out)
{
    enum err err = person_of_call(call, &out->shower);

    if (err == OK)
        err = person_of_name(call, call->member, &out->member);
    return err == OK ? reason_check(call, out) : err;
}

/* --- Adding --- */

static const char *
way_sentence(enum family_way way)
{
    switch (way) {
    case FAMILY_TOO_YOUNG:
        return "who shows cards of others must be 18";
    case FAMILY_BY_HERSELF:
        return "who is 16 is asked on the page /card/family, and agrees herself";
    case FAMILY_UNFIT:
    case FAMILY_BY_GUARDIAN:
        break;
    }
    return "their ages do not fit that; say other where a guardian is no parent";
}

static enum err
refused(struct call *call, enum err err, enum family_way way)
{
    switch (err) {
    case ERR_REFUSED:
        return call_fail(call, err, "%s; nothing was changed", way_sentence(way));
    case ERR_EXPIRED:
        return call_fail(call, err, "one of both accounts is not active; nothing was changed");
    case ERR_FULL:
        return call_fail(call, err,
                         "she has as many of these as [card] family_limits lets her have; nothing "
                         "was changed");
    case ERR_CONFLICT:
        return call_fail(call, err, "she may show that card already");
    case ERR_INVALID:
        return call_fail(call, err, "both are the same person; nothing was changed");
    default:
        return err;
    }
}

enum err
command_card_family_add(struct call *call)
{
    struct family_pair_of_call pair = { .shower.name = "" };
    struct family_guarding guarding = { .kinship = kinship_named(call->kinship),
                                        .reason = call->reason };
    enum family_way way = FAMILY_UNFIT;
    enum err err = pair_of_call(call, &pair);

    if (err != OK)
        return err;
    guarding.shower_id = pair.shower.person_id;
    guarding.member_id = pair.member.person_id;
    err = family_guard(&call->shop.ctx, &guarding, &way);
    if (err != OK)
        return refused(call, err, way);
    say(call, "%s may show the card of %s, until her 18th birthday.\n",
        person_in_short(call, &pair.shower), person_in_short(call, &pair.member));
    return OK;
}

/* --- Ending --- */

enum err
command_card_family_end(struct call *call)
{
    struct family_pair_of_call pair = { .shower.name = "" };
    struct family_guarding guarding = { .reason = call->reason };
    enum err err = pair_of_call(call, &pair);

    if (err != OK)
        return err;
    guarding.shower_id = pair.shower.person_id;
    guarding.member_id = pair.member.person_id;
    err = family_guard_end(&call->shop.ctx, &guarding);
    if (err == ERR_NOT_FOUND)
        return call_fail(call, err,
                         "there is nothing to end between these two; 'card family list' shows what "
                         "there is");
    if (err == OK)
        say(call, "%s may not show the card of %s any more.\n", person_in_short(call, &pair.shower),
            person_in_short(call, &pair.member));
    return err;
}

/* --- Looking --- */

static const char *
state_word(int64_t state)
{
    static const char *const words[] = { "?", "asked", "agreed", "ended" };

    return words[state >= FAMILY_ASKED && state <= FAMILY_ENDED ? state : 0];
}

enum err
command_card_family_list(struct call *call)
{
    static const struct listing_column columns[] = {
        { "shown_by", CELL_TEXT }, { "card_of", CELL_TEXT },
        { "kinship", CELL_TEXT },  { "state", CELL_TEXT },
        { "asked_at", CELL_TIME }, { "agreed_at", CELL_TIME },
        { "ended_at", CELL_TIME }, { 0 },
    };
    struct stored_card_family_list list;
    struct person person = { 0 };
    struct listing listing;
    enum err err = person_of_call(call, &person);

    if (err == OK)
        err = store_card_family_history(call->shop.ctx.store, call->arena, person.person_id, &list);
    if (err != OK)
        return err;
    listing_begin(call, columns, &listing);
    for (size_t i = 0; i < list.count; i++)
        listing_add(&listing, (struct cell[]) { { .text = list.at[i].person_id },
                                                { .text = list.at[i].member_id },
                                                { .text = kinship_name(list.at[i].kinship) },
                                                { .text = state_word(list.at[i].state) },
                                                { .number = list.at[i].asked_at },
                                                { .number = list.at[i].agreed_at },
                                                { .number = list.at[i].ended_at } });
    listing_end(&listing);
    return OK;
}
