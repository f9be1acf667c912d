/* SPDX-License-Identifier: Apache-2.0 */
/* Where a person stands before the page of her card, for form_kit.h. */
#ifndef TESTS_FLOWS_CARD_PLACES_H
#define TESTS_FLOWS_CARD_PLACES_H

#include "tests/protocols/account/kit.h"
#include "tests/protocols/card/page_kit.h"

static inline struct journey
at_card_for(struct world *w, const char *purpose)
{
    struct journey j = { .w = w, .tx = "" };

    card_ready(w, 0);
    ecard_put(w, 0, ECARD_L2, 20350101);
    card_password_ready(w, 0);
    world_log_in(w, 0);
    world_get(w, arena_printf(w->arena, "/card?for=%s", purpose));
    j.csrf = world_hidden(w, "csrf");
    return j;
}

static inline struct journey
at_card(struct world *w)
{
    return at_card_for(w, "show");
}

static inline struct journey
at_card_paying(struct world *w)
{
    return at_card_for(w, "pay");
}

/* Near to its last day, so that all can be done. */
static inline struct journey
at_card_keep(struct world *w)
{
    struct journey j = { .w = w };

    card_ready(w, 0);
    ecard_put(w, 0, ECARD_L1, 20260110);
    world_log_in(w, 0);
    world_open(w, "/card/keep");
    journey_arrive(&j);
    return j;
}

/* --- What she sends --- */

static inline const char *
the_eye(struct world *w)
{
    return arena_printf(w->arena, "form=%s&for=show&act=eye", world_hidden(w, "form"));
}

static inline const char *
the_card_password(struct world *w)
{
    return arena_printf(w->arena, "form=%s&for=pay&act=pay&card_password=" CARD_PASSWORD,
                        world_hidden(w, "form"));
}

static inline const char *
another_card_password(struct world *w)
{
    return arena_printf(w->arena, "form=%s&for=pay&act=pay&card_password=519204",
                        world_hidden(w, "form"));
}

#endif
