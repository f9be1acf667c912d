/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sims/kit_cards.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/emit.h"
#include "tests/sims/kit.h"

#define STALE_S 120
#define AHEAD_S 3600
#define GAP 5

#define CARD(card_no, region, identity, name, state, from, to)                                     \
    {                                                                                              \
        card_no, region, identity, name, "123456", state, from, to, 0, 0                           \
    }
#define GOOD(card_no, region, identity, name)                                                      \
    CARD(card_no, region, identity, name, "normal", "20200101", "20991231")

static const struct sim_card cards_by_default[] = {
    GOOD("X00000019", "330500", "11010519491231002X", "张三"),
    CARD("X00000027", "440106", "440106196204150020", "李秀英", "lost", "20200101", "20991231"),
    CARD("X00000035", "440305", "440305199008200033", "王小明", "normal", "20150101", "20251231"),
    GOOD("X00000060", "440507", "44050719310909001X", "尤福生"),
    GOOD("X00000043", "440604", "440604198506070011", "张𠮷"),
    GOOD("X00000051", "650102", "650102197803030010", "阿卜杜拉·买买提"),
    GOOD("X00000078", "441900", "441900200002290020", "林晓燕"),
    GOOD("X00000086", "440111", "440111198801120049", "赵敏华"),
    GOOD("X00000094", "440111", "440111197905220031", "钱进宝"),
    GOOD("X00000108", "440111", "440111199307180024", "孙丽娟"),
    GOOD("X00000116", "440104", "440104201506010024", "陈一一"),
};

/* An expired card is a good one whose last day has passed. */
static const struct {
    const char *name;
    const char *wire;
} states[] = {
    { "not_enabled", "0" }, { "normal", "1" },      { "expired", "1" },   { "lost", "2" },
    { "void", "7" },        { "provisional", "8" }, { "cancelled", "9" }, { "locked", "L" },
};

static const char *
wire_state(const char *name)
{
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (strcmp(states[i].name, name) == 0)
            return states[i].wire;
    return "?";
}

static bool
is(const char *manner, const char *name)
{
    return strcmp(manner, name) == 0;
}

/* --- Cards --- */

static void
change_tell(struct sim_cards *cards, const struct sim_card *card)
{
    if (cards->change_count < SIM_CHANGES_MAX)
        cards->changes[cards->change_count++] = *card;
}

void
sim_cards_begin(struct sim_cards *cards)
{
    cards->count = sizeof(cards_by_default) / sizeof(cards_by_default[0]);
    memcpy(cards->cards, cards_by_default, sizeof(cards_by_default));
    for (size_t i = 0; i < cards->count; i++)
        change_tell(cards, &cards->cards[i]);
    snprintf(cards->feed, sizeof(cards->feed), "ok");
    snprintf(cards->loss, sizeof(cards->loss), "ok");
}

struct sim_card *
sim_card_find(struct sim_cards *cards, const char *card_no)
{
    for (size_t i = 0; i < cards->count; i++)
        if (strcmp(cards->cards[i].card_no, card_no) == 0)
            return &cards->cards[i];
    return NULL;
}

static int64_t
number_of(struct arena *arena, const char *form, const char *name, int64_t fallback)
{
    const char *text = kit_form_value(arena, form, name);

    return text != NULL ? strtoll(text, NULL, 10) : fallback;
}

static struct sim_card *
card_of(struct sim_cards *cards, const char *card_no)
{
    struct sim_card *card = sim_card_find(cards, card_no);

    if (card != NULL || cards->count == SIM_CARDS_MAX)
        return card;
    card = &cards->cards[cards->count++];
    *card = (struct sim_card) {
        .region = "330500", .state = "normal", .valid_from = "20200101", .valid_to = "20991231"
    };
    snprintf(card->card_no, sizeof(card->card_no), "%s", card_no);
    return card;
}

void
sim_card_put(struct sim_cards *cards, struct arena *arena, const char *form)
{
    const char *card_no = kit_form_value(arena, form, "card_no");
    struct sim_card *card = card_no != NULL ? card_of(cards, card_no) : NULL;
    const struct {
        const char *name;
        char *to;
    } members[] = {
        { "region", card != NULL ? card->region : NULL },
        { "identity_number", card != NULL ? card->identity_number : NULL },
        { "name", card != NULL ? card->name : NULL },
        { "pin", card != NULL ? card->pin : NULL },
        { "state", card != NULL ? card->state : NULL },
        { "valid_from", card != NULL ? card->valid_from : NULL },
        { "valid_to", card != NULL ? card->valid_to : NULL },
    };

    if (card == NULL)
        return;
    card->wrong = 0;
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        const char *value = kit_form_value(arena, form, members[i].name);

        if (value != NULL)
            snprintf(members[i].to, SIM_TEXT_MAX, "%s", value);
    }
    card->lapses_at = number_of(arena, form, "lapses_at", 0);
    for (int64_t times = number_of(arena, form, "times", 1); times > 0; times--)
        change_tell(cards, card);
}

/* --- The feed --- */

struct sim_page {
    int64_t from; /* the position that was asked */
    int64_t to;
    int64_t told; /* as its position */
    int64_t as_of;
};

static void
change_write(const struct sim_cards *cards, int64_t position, struct buf *payload)
{
    const struct sim_card *card = &cards->changes[position - 1];

    emit_object(payload, NULL);
    emit_int(payload, "position", position);
    emit_text(payload, "region", card->region);
    emit_text(payload, "card_no", card->card_no);
    emit_text(payload, "identity_number", card->identity_number);
    emit_text(payload, "state", wire_state(card->state));
    emit_text(payload, "valid_from", card->valid_from);
    emit_text(payload, "valid_to", card->valid_to);
    emit_int(payload, "lapses_at", card->lapses_at);
    emit_object_end(payload);
}

/* Backwards, the last one twice, and one that was told long ago. */
static void
changes_shuffled(const struct sim_cards *cards, const struct sim_page *page, struct buf *payload)
{
    if (page->to > page->from)
        change_write(cards, page->to, payload);
    for (int64_t at = page->to; at > page->from; at--)
        change_write(cards, at, payload);
    if (page->from > 0)
        change_write(cards, page->from, payload);
}

static void
changes_in_order(const struct sim_cards *cards, const struct sim_page *page, struct buf *payload)
{
    bool gap = is(cards->feed, "gap");

    for (int64_t at = page->from + 1; at <= page->to; at++)
        if (!gap || at != page->to)
            change_write(cards, at, payload);
}

static void
manner_take(const struct sim_cards *cards, struct sim_page *page)
{
    if (is(cards->feed, "stale"))
        page->as_of -= STALE_S;
    if (is(cards->feed, "ahead"))
        page->as_of += AHEAD_S;
    if (is(cards->feed, "gap") && page->to == page->from)
        page->told += GAP;
    if (is(cards->feed, "back"))
        page->told = page->from > 0 ? page->from - 1 : -1;
}

void
sim_changes_write(struct sim_cards *cards, const json_t *question, struct buf *payload)
{
    int64_t from = json_integer_value(json_object_get(question, "position"));
    int64_t limit = json_integer_value(json_object_get(question, "limit"));
    int64_t last = (int64_t)cards->change_count;
    int64_t room = is(cards->feed, "shuffled") ? limit - 2 : limit;
    struct sim_page page = { .from = from,
                             .to = last - from > room ? from + room : last,
                             .as_of = json_integer_value(json_object_get(question, "time")) };

    if (page.to < from)
        page.to = from;
    page.told = page.to;
    manner_take(cards, &page);
    emit_text(payload, "code", is(cards->feed, "later") ? "later" : "ok");
    emit_int(payload, "position", page.told);
    emit_int(payload, "as_of", page.as_of);
    emit_bool(payload, "more", page.to < last);
    emit_array(payload, "changes");
    if (is(cards->feed, "shuffled"))
        changes_shuffled(cards, &page, payload);
    else
        changes_in_order(cards, &page, payload);
    emit_array_end(payload);
}

/* --- Losses --- */

static const char *
member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : "";
}

static bool
is_told(const struct sim_cards *cards, const char *message_id)
{
    for (size_t i = 0; i < cards->loss_count; i++)
        if (strcmp(cards->losses[i].message_id, message_id) == 0)
            return true;
    return false;
}

static void
loss_note(struct sim_cards *cards, const json_t *question)
{
    struct sim_loss *loss;

    if (cards->loss_count == SIM_LOSSES_MAX)
        return;
    loss = &cards->losses[cards->loss_count++];
    snprintf(loss->message_id, SIM_TEXT_MAX, "%s", member(question, "message_id"));
    snprintf(loss->card_no, SIM_TEXT_MAX, "%s", member(question, "card_no"));
    snprintf(loss->kind, SIM_TEXT_MAX, "%s", member(question, "kind"));
}

const char *
sim_loss_take(struct sim_cards *cards, const json_t *question)
{
    struct sim_card *card = sim_card_find(cards, member(question, "card_no"));
    const char *kind = member(question, "kind");

    if (is(cards->loss, "refused") || is(cards->loss, "later"))
        return cards->loss;
    if (is_told(cards, member(question, "message_id")))
        return "ok";
    if (card == NULL || strcmp(card->region, member(question, "region")) != 0 ||
        is(wire_state(card->state), "9") || is(wire_state(card->state), "7"))
        return "refused";
    loss_note(cards, question);
    snprintf(card->state, sizeof(card->state), "%s",
             is(kind, "release")       ? "normal"
             : is(kind, "provisional") ? "provisional"
                                       : "lost");
    card->lapses_at =
        is(kind, "provisional") ? json_integer_value(json_object_get(question, "lapses_at")) : 0;
    change_tell(cards, card);
    return "ok";
}

void
sim_losses_write(const struct sim_cards *cards, struct buf *json)
{
    emit_array(json, "losses");
    for (size_t i = 0; i < cards->loss_count; i++) {
        emit_object(json, NULL);
        emit_text(json, "message_id", cards->losses[i].message_id);
        emit_text(json, "card_no", cards->losses[i].card_no);
        emit_text(json, "kind", cards->losses[i].kind);
        emit_object_end(json);
    }
    emit_array_end(json);
}
