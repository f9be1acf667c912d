/* SPDX-License-Identifier: Apache-2.0 */
/* The scans that a terminal hands in together: one line each, the code, a blank, and the second in which it was
 * scanned (docs/adr/0052). Pure. */
#ifndef POLICIES_CARD_BATCH_H
#define POLICIES_CARD_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "idp/base/arena.h"
#include "idp/base/env.h"

#define CARD_BATCH_MAX 200

struct card_batch_line {
    const char *code;
    unix_s scanned_at;
    bool repeats; /* the code stands in a line before */
};

struct card_batch {
    struct card_batch_line at[CARD_BATCH_MAX];
    size_t count;
};

/* ERR_INVALID: it has no line, more than CARD_BATCH_MAX, or one of another form. Lines end with LF or
 * CRLF; the last one need not. Texts live in the arena. */
must_check enum err card_batch_parse(struct arena *arena, const char *text, struct card_batch *out);

#endif
