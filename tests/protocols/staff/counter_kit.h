/* SPDX-License-Identifier: Apache-2.0 */
/* A counter that is set up in the world's browser. */
#ifndef TESTS_PROTOCOLS_STAFF_COUNTER_KIT_H
#define TESTS_PROTOCOLS_STAFF_COUNTER_KIT_H

#include "idp/staff/counter.h"
#include "tests/world.h"

/* Announced, with the code that enrols it. */
static inline struct setup_code
kit_announced(struct world *w)
{
    const struct stored_counter wanted = { .place = "二楼 12 号窗口",
                                           .agency = "天河区社保局",
                                           .region = "440106" };
    struct ctx ctx = world_ctx(w);
    struct setup_code code;

    world_must(counter_add(&ctx, &wanted, &code), "no counter");
    return code;
}

/* The form of the page that is open, with the hidden fields that it was shown with. */
static inline const char *
kit_form(struct world *w, const char *more)
{
    return arena_printf(w->arena, "tx=%s&csrf=%s&%s", world_hidden(w, "tx"),
                        world_hidden(w, "csrf"), more);
}

static inline void
kit_type_code(struct world *w, const char *code, const char *certificate)
{
    world_open(w, "/staff/counter");
    world_send(w,
               &(struct world_call) { .target = "/staff/counter",
                                      .form = kit_form(w, arena_printf(w->arena, "code=%s", code)),
                                      .certificate = certificate });
}

#endif
