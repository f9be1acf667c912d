/* SPDX-License-Identifier: Apache-2.0 */
/* Before the page of a card: what she has done to it, and what she presses. */
#ifndef TESTS_PROTOCOLS_CARD_PAGE_KIT_H
#define TESTS_PROTOCOLS_CARD_PAGE_KIT_H

#include "idp/base/text.h"
#include "idp/person/card.h"
#include "tests/flows/form_card_kit.h"
#include "tests/world.h"

#define CARD_PAGE "/card"

static inline bool
page_has(const struct world *w, const char *text)
{
    return strstr(w->answer.body, text) != NULL;
}

static inline bool
page_shows(struct world *w, const char *id)
{
    return page_has(w, arena_printf(w->arena, " id=\"%s\"", id));
}

/* Her own row, changed by hand. */
static inline void
ecard_put(struct world *w, int n, int64_t own_state, int64_t valid_to)
{
    struct stored_ecard row;

    world_must(store_begin(w->store), "no transaction");
    world_must(store_ecard_find(w->store, w->arena, world_person(w, n), &row), "no card");
    row.own_state = own_state;
    row.valid_to = valid_to;
    world_must(store_ecard_change(w->store, &row), "no change");
    world_must(store_commit(w->store), "no commit");
}

/* She has a card and looks at it. */
static inline void
card_page(struct world *w, int n, const char *query)
{
    card_ready(w, n);
    world_log_in(w, n);
    world_get(w, arena_printf(w->arena, CARD_PAGE "%s", query));
    assert_int_equal(w->answer.status, 200);
}

/* A form of the page that she looks at. */
static inline void
card_press(struct world *w, const char *act, const char *more)
{
    world_form_post(w, CARD_PAGE, "tx=&csrf=%s&form=%s&for=%s&act=%s%s", world_hidden(w, "csrf"),
                    world_hidden(w, "form"), world_hidden(w, "for"), act, more);
}

#endif
