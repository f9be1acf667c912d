/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/family.h"

#include "idp/base/text.h"
#include "idp/card/family_row.h"
#include "idp/context/change.h"
#include "idp/person/family_end.h"
#include "idp/person/vault.h"
#include "idp/tables/ecard.h"
#include "policies/name.h"
#include "policies/phone.h"

/* --- Showing --- */

enum err
card_may_show(struct ctx *ctx, const char *shower_id, const char *holder_id)
{
    struct stored_card_family link;
    struct family_member member;
    enum err err;

    if (text_eq(shower_id, holder_id))
        return OK;
    err = store_in_transaction(ctx->store)
              ? store_card_family_hold(ctx->store, ctx->arena, shower_id, holder_id, &link)
              : store_card_family_find(ctx->store, ctx->arena, shower_id, holder_id, &link);
    if (err == OK)
        err = family_judge(ctx, &link, &member);
    if (err == ERR_NOT_FOUND)
        return ERR_REFUSED;
    if (err != OK)
        return err;
    return member.standing == FAMILY_HOLDS && member.is_active ? OK : ERR_REFUSED;
}

/* ERR_NOT_FOUND: it is not hers, or not open. */
static enum err
holds_card(struct ctx *ctx, const char *person_id, const char *card_id, const char **out)
{
    struct stored_ecard card;
    enum err err = store_ecard_find(ctx->store, ctx->arena, person_id, &card);

    if (err == OK && !text_eq(card.card_id, card_id))
        err = ERR_NOT_FOUND;
    if (err == OK)
        *out = person_id;
    return err;
}

enum err
card_shown_by(struct ctx *ctx, const char *shower_id, const char *card_id, const char **person_id)
{
    struct stored_card_family_list list = { .count = 0 };
    enum err err = holds_card(ctx, shower_id, card_id, person_id);

    if (err != ERR_NOT_FOUND)
        return err;
    err = store_card_family_list(ctx->store, ctx->arena, shower_id, &list);
    if (err == OK)
        err = ERR_NOT_FOUND;
    for (size_t i = 0; err == ERR_NOT_FOUND && i < list.count; i++) {
        if (list.at[i].state == FAMILY_AGREED)
            err = holds_card(ctx, list.at[i].member_id, card_id, person_id);
    }
    return err;
}

/* --- Looking --- */

/* One side of the family, seen from the other. */
struct seen_from {
    const char *person_id; /* who looks */
    bool is_member;        /* at who may show her card */
};

/* Damaged data leaves a link without a name, which can be ended all the same. */
static enum err
link_name(struct ctx *ctx, struct family_link *link)
{
    struct person person;
    enum err err = person_load(ctx, link->person_id, &person);

    if (err == OK) {
        link->name_masked = name_masked(ctx->arena, person.name);
        link->phone_masked = phone_masked(ctx->arena, person.phone);
    }
    return err == ERR_FORGED ? OK : err;
}

static enum err
link_add(struct ctx *ctx, const struct seen_from *from, const struct stored_card_family *row,
         struct family_links *out)
{
    struct family_link link = {
        .ref = family_ref(ctx, row),
        .person_id = from->is_member ? row->person_id : row->member_id,
        .name_masked = "",
        .phone_masked = "",
        .kinship = row->kinship,
        .asked_at = row->asked_at,
        .agreed_at = row->agreed_at,
    };
    struct family_member member;
    enum err err = family_judge(ctx, row, &member);

    link.standing = err == OK ? member.standing : FAMILY_OVER;
    if (err != OK || link.standing == FAMILY_OVER)
        return err;
    if (link.standing == FAMILY_HOLDS || from->is_member)
        err = link_name(ctx, &link);
    if (err == OK)
        out->at[out->count++] = link;
    return err;
}

static enum err
links_of(struct ctx *ctx, const struct seen_from *from, struct family_links *out)
{
    struct stored_card_family_list list;
    enum err err =
        from->is_member
            ? store_card_family_list_of_member(ctx->store, ctx->arena, from->person_id, &list)
            : store_card_family_list(ctx->store, ctx->arena, from->person_id, &list);

    if (err != OK)
        return err;
    *out =
        (struct family_links) { arena_alloc(ctx->arena, (list.count + 1) * sizeof(*out->at)), 0 };
    for (size_t i = 0; err == OK && i < list.count; i++)
        err = link_add(ctx, from, &list.at[i], out);
    return err;
}

enum err
family_members(struct ctx *ctx, const char *person_id, struct family_links *out)
{
    return links_of(ctx, &(struct seen_from) { person_id, false }, out);
}

enum err
family_showers(struct ctx *ctx, const char *person_id, struct family_links *out)
{
    return links_of(ctx, &(struct seen_from) { person_id, true }, out);
}

enum err
family_cards(struct ctx *ctx, const char *person_id, struct family_links *out)
{
    struct family_links all;
    enum err err = family_members(ctx, person_id, &all);
    size_t count = 0;

    for (size_t i = 0; err == OK && i < all.count; i++) {
        int64_t state = PERSON_CLOSED;

        if (all.at[i].standing != FAMILY_HOLDS)
            continue;
        err = store_person_state(ctx->store, all.at[i].person_id, &state);
        if (err == OK && state == PERSON_ACTIVE)
            all.at[count++] = all.at[i];
    }
    if (err == OK)
        *out = (struct family_links) { all.at, count };
    return err;
}

enum err
family_card(struct ctx *ctx, const char *person_id, const char *ref, struct family_link *out)
{
    struct family_links cards;
    enum err err = family_cards(ctx, person_id, &cards);

    if (err != OK)
        return err;
    for (size_t i = 0; i < cards.count; i++) {
        if (text_eq(cards.at[i].ref, ref)) {
            *out = cards.at[i];
            return OK;
        }
    }
    return ERR_NOT_FOUND;
}

/* The configuration was checked when it was read. */
struct family_limits
family_limits(const struct ctx *ctx)
{
    struct family_limits limits = { .total = 0 };
    size_t size;

    if (family_limits_read(ctx->settings->card.family_limits, &size, &limits) != NULL)
        limits = (struct family_limits) { .total = 0 };
    return limits;
}

/* --- Agreeing --- */

/* ERR_NOT_FOUND: none of hers that has not ended has that ref. */
static enum err
row_of_ref(struct ctx *ctx, const struct seen_from *from, const char *ref,
           struct stored_card_family *out)
{
    struct stored_card_family_list list;
    enum err err =
        from->is_member
            ? store_card_family_list_of_member(ctx->store, ctx->arena, from->person_id, &list)
            : store_card_family_list(ctx->store, ctx->arena, from->person_id, &list);

    if (err != OK)
        return err;
    for (size_t i = 0; i < list.count; i++) {
        if (text_eq(family_ref(ctx, &list.at[i]), ref)) {
            *out = list.at[i];
            return OK;
        }
    }
    return ERR_NOT_FOUND;
}

static enum err
agree(struct ctx *ctx, void *state)
{
    const struct stored_card_family *link = state;
    enum err err = store_card_family_agree(ctx->store, link, ctx->now - FAMILY_ASKED_LIFE_S);

    if (err == OK)
        err = family_audit(ctx, link, "agreed", NULL);
    return err == OK ? family_tell_both(ctx, link) : err;
}

/* Pressed twice, it is agreed; a question of who was stopped meanwhile is over. */
static enum err
agree_to(struct ctx *ctx, struct stored_card_family *link)
{
    int64_t state = PERSON_CLOSED;
    enum err err;

    if (link->state == FAMILY_AGREED)
        return OK;
    err = store_person_state(ctx->store, link->person_id, &state);
    if (err == OK && state != PERSON_ACTIVE)
        err = ERR_NOT_FOUND;
    if (err != OK)
        return err;
    link->agreed_at = ctx->now;
    return change(ctx, agree, link);
}

const struct problem *
family_agree(struct ctx *ctx, const char *person_id, const char *ref)
{
    struct stored_card_family link;
    enum err err = row_of_ref(ctx, &(struct seen_from) { person_id, true }, ref, &link);

    if (err == OK)
        err = agree_to(ctx, &link);
    return err == ERR_NOT_FOUND ? &problem_card_family_gone : problem_of(err);
}

/* --- Ending --- */

struct family_ending {
    const struct stored_card_family *link;
    const char *word;
    const char *more;
};

static enum err
end(struct ctx *ctx, void *state)
{
    const struct family_ending *ending = state;
    enum err err = family_end_link(ctx, ending->link, ending->word, ending->more);

    return err == OK ? family_tell_both(ctx, ending->link) : err;
}

static const char *
ending_word(const struct stored_card_family *link, bool is_member)
{
    if (link->state == FAMILY_AGREED)
        return "ended";
    return is_member ? "refused" : "withdrawn";
}

enum err
family_end(struct ctx *ctx, const char *person_id, const char *ref)
{
    struct seen_from from = { person_id, true };
    struct stored_card_family link;
    struct family_ending ending = { &link, "", NULL };
    enum err err = row_of_ref(ctx, &from, ref, &link);

    if (err == ERR_NOT_FOUND) {
        from.is_member = false;
        err = row_of_ref(ctx, &from, ref, &link);
    }
    if (err == OK) {
        ending.word = ending_word(&link, from.is_member);
        err = change(ctx, end, &ending);
    }
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
family_guard_end(struct ctx *ctx, const struct family_guarding *guarding)
{
    struct stored_card_family link;
    struct family_ending ending = { &link, "operator", guarding->reason };
    enum err err = store_card_family_find(ctx->store, ctx->arena, guarding->shower_id,
                                          guarding->member_id, &link);

    return err == OK ? change(ctx, end, &ending) : err;
}
