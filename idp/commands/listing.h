/* SPDX-License-Identifier: Apache-2.0 */
/* What a command lists: a table for people or, with --json, an array of objects for programs; an
 * object a line with --follow, where each round goes on with the table of the one before. */
#ifndef IDP_COMMANDS_LISTING_H
#define IDP_COMMANDS_LISTING_H

#include "idp/commands/commands.h"

#define LISTING_COLUMNS_MAX 16

enum cell_kind {
    CELL_TEXT,
    CELL_NUMBER,
    CELL_TIME /* unix seconds in JSON, when_text() in a table; 0: never, and left out of JSON */
};

struct listing_column {
    const char *name; /* of a member; in a table blanks stand for its underscores. NULL: the end */
    enum cell_kind kind;
};

/* What the column's kind asks for. */
struct cell {
    const char *text; /* NULL or "": nothing to say, and left out of JSON */
    int64_t number;
};

struct listing {
    struct call *call;
    const struct listing_column *columns;
    struct listing_row *first;
    struct listing_row **last;
    bool within;
    size_t widths[LISTING_COLUMNS_MAX];
};

/* `out` stays where it is until listing_end(). */
void listing_begin(struct call *call, const struct listing_column *columns, struct listing *out);
/* The same as a member of what is shown (showing.h). */
void listing_begin_within(struct call *call, const char *name, const struct listing_column *columns,
                          struct listing *out);
void listing_add(struct listing *listing, const struct cell *cells); /* one for each column */
void listing_end(struct listing *listing);

#endif
