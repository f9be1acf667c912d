/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Physical cards out of a file of the bureau's (docs/adr/0050): a line each, as CSV with the fields
 * position, region, card_no, identity_number, state, valid_from, valid_to and lapses_at (which may be empty),
 * without quotes; or as an object of the feed (idp/connect/card_feed.h). A first line with the names of the fields,
 * empty lines, a byte order mark and carriage returns at the end are passed over.
 */
#ifndef IDP_CARD_CARD_IMPORT_H
#define IDP_CARD_CARD_IMPORT_H

#include "idp/base/buf.h"
#include "idp/context/ctx.h"
#include "policies/card_change.h"

#define IMPORT_LINE_MAX 4096

/* A line without its end: NULL, or what is at fault, as a word ("line", "region", …). *is_one: it is one of a
 * card, and `out` is it where nothing is at fault. Texts live in the arena. */
const char *import_line_read(struct arena *arena, struct bytes line, int32_t today,
                             struct card_change *out, bool *is_one);

struct import_count {
    int64_t line;  /* the one that comes next, from 1 */
    int64_t taken; /* or known already, or later */
    int64_t rejected;
};

/*
 * Takes over whole lines, in changes of CARD_FEED_PAGE cards at most. A line at fault is told in `rejected`
 * ("12 region"), and stops nothing. An error is the store's: what came before it may have been taken over, and to
 * take it once more does no harm.
 */
must_check enum err import_lines_take(struct ctx *ctx, struct bytes lines,
                                      struct import_count *count, struct buf *rejected);

/* The end of an import: one audit record. */
must_check enum err import_note(struct ctx *ctx);

#endif
