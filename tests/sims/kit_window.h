/* SPDX-License-Identifier: Apache-2.0 */
/* A partner's window, which scans the code of an electronic social-security card and is told what the card is worth. */
#ifndef TESTS_SIMS_KIT_WINDOW_H
#define TESTS_SIMS_KIT_WINDOW_H

#include "tests/sims/kit_partner.h"

/* What the last scan came to; all NULL: none yet. */
struct window_scan {
    const char *name; /* masked; NULL: refused */
    const char *region;
    const char *state;
    const char *level;
    const char *refused; /* the provider's error code */
};

/* Asks the provider, which takes the code once. */
void window_scan(struct arena *arena, const struct partner_site *partner, const char *code,
                 struct window_scan *out);

/* As a line that a visit keeps, and back. */
const char *window_line(struct arena *arena, const struct window_scan *scan);
void window_read(struct arena *arena, const char *line, struct window_scan *out);

void page_window(const struct partner_site *partner, enum language language,
                 const struct window_scan *scan, struct buf *out);

#endif
