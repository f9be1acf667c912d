/* SPDX-License-Identifier: Apache-2.0 */
/* For tests/flows/form_kit.h: where a person stands before a device that waits. */
#ifndef TESTS_FLOWS_DEVICE_PLACES_H
#define TESTS_FLOWS_DEVICE_PLACES_H

#include "tests/protocols/account/kit.h"
#include "tests/protocols/login/device_kit.h"

static inline struct journey
at_device(struct world *w)
{
    struct journey j = { .w = w };

    world_open(w, "/device");
    journey_arrive(&j);
    return j;
}

static inline struct journey
at_waiting(struct world *w, const struct waiting *device)
{
    struct journey j = { .w = w };

    world_log_in(w, 0);
    kit_scan(device);
    journey_arrive(&j);
    return j;
}

static inline struct journey
at_device_confirm(struct world *w)
{
    struct waiting device = kit_waiting(w, "tv");

    return at_waiting(w, &device);
}

static const char *number_shown; /* by the terminal of this row */

static inline struct journey
at_terminal_confirm(struct world *w)
{
    struct waiting device = kit_waiting(w, "selfservice");

    number_shown = device.number;
    return at_waiting(w, &device);
}

static inline const char *
the_number(struct world *w)
{
    return arena_printf(w->arena, "number=%s", number_shown);
}

#endif
