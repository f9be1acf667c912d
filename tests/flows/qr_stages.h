/* SPDX-License-Identifier: Apache-2.0 */
/* Where a browser stands that is logged in by a code, or that has scanned one (form_kit.h). */
#ifndef TESTS_FLOWS_QR_STAGES_H
#define TESTS_FLOWS_QR_STAGES_H

#include "tests/protocols/account/kit.h"
#include "tests/protocols/login/qr_kit.h"

/* Her app has confirmed the code that this browser shows. */
static inline struct journey
at_qr(struct world *w)
{
    struct app_phone phone = phone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");
    struct journey j = { .w = w };

    phone_confirms(w, &phone, &screen);
    world_get(w, arena_printf(w->arena, "/login/qr?tx=%s&code=%s", screen.tx, screen.code));
    journey_arrive(&j);
    return j;
}

/* She has opened the link of a code in her telephone's browser. */
static inline struct journey
at_qr_link(struct world *w)
{
    struct screen screen = screen_at(w, "webhall");
    struct journey j = { .w = w };

    w->cookies = 0;
    world_log_in(w, 0);
    world_get(w, arena_printf(w->arena, "/q/%s", screen.code));
    journey_arrive(&j);
    return j;
}

static inline const char *
the_qr_code(struct world *w)
{
    return arena_printf(w->arena, "code=%s", world_hidden(w, "code"));
}

#endif
