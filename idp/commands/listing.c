/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/listing.h"

#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/text.h"

#define GAP 2

struct listing_row {
    struct listing_row *next;
    const char *texts[LISTING_COLUMNS_MAX];
};

/* --- For people --- */

/* How many places a terminal takes for it: Chinese characters take two. */
static size_t
places_of(const char *text)
{
    size_t places = 0;
    uint32_t c;

    while ((c = text_next_char(&text)) != 0)
        places += c >= 0x1100 ? 2 : 1;
    return places;
}

static const char *
title_of(struct arena *arena, const char *name)
{
    char *title = arena_copy(arena, name, strlen(name));

    for (char *c = title; *c != '\0'; c++)
        *c = *c == '_' ? ' ' : *c;
    return title;
}

static const char *
cell_text(struct arena *arena, const struct listing_column *column, const struct cell *cell)
{
    switch (column->kind) {
    case CELL_NUMBER:
        return arena_printf(arena, "%lld", (long long)cell->number);
    case CELL_TIME:
        return when_text(arena, cell->number);
    default:
        return text_is_empty(cell->text) ? "-" : cell->text;
    }
}

static void
row_keep(struct listing *listing, struct listing_row *row)
{
    for (size_t i = 0; listing->columns[i].name != NULL; i++) {
        size_t places = places_of(row->texts[i]);

        if (places > listing->widths[i])
            listing->widths[i] = places;
    }
    *listing->last = row;
    listing->last = &row->next;
}

/* No blanks behind the last column. */
static void
row_write(const struct listing *listing, const struct listing_row *row)
{
    struct buf *out = &listing->call->said;

    for (size_t i = 0; listing->columns[i].name != NULL; i++) {
        size_t places = places_of(row->texts[i]);

        buf_text(out, row->texts[i]);
        for (; listing->columns[i + 1].name != NULL && places < listing->widths[i] + GAP; places++)
            buf_char(out, ' ');
    }
    buf_char(out, '\n');
}

/* --- For programs --- */

static void
members_write(const struct listing *listing, const struct cell *cells, struct buf *out)
{
    emit_object(out, NULL);
    for (size_t i = 0; listing->columns[i].name != NULL; i++) {
        const struct listing_column *column = &listing->columns[i];

        if (column->kind == CELL_TEXT)
            emit_text_if(out, column->name, cells[i].text);
        else if (column->kind == CELL_NUMBER || cells[i].number != 0)
            emit_int(out, column->name, cells[i].number);
    }
    emit_object_end(out);
}

/* What goes on has no end that would close an array: it is an object a line. */
static void
object_write(const struct listing *listing, const struct cell *cells)
{
    struct call *call = listing->call;
    struct buf line = buf_new(call->arena, 512);

    if (!call->follow) {
        members_write(listing, cells, &call->said);
        return;
    }
    members_write(listing, cells, &line);
    buf_bytes(&call->said, line.at, line.size);
    buf_char(&call->said, '\n');
}

/* --- Both --- */

static void
titles_keep(struct listing *listing)
{
    struct listing_row *titles = arena_alloc(listing->call->arena, sizeof(*titles));

    for (size_t i = 0; listing->columns[i].name != NULL; i++)
        titles->texts[i] = title_of(listing->call->arena, listing->columns[i].name);
    row_keep(listing, titles);
}

static void
begin_as(struct call *call, const char *name, const struct listing_column *columns,
         struct listing *out)
{
    *out = (struct listing) {
        .call = call, .columns = columns, .last = &out->first, .within = name != NULL
    };
    if (call->json) {
        if (!call->follow)
            emit_array(&call->said, name);
        return;
    }
    if (call->again != NULL) /* they stand above the round before */
        return;
    if (name != NULL)
        buf_text(&call->said, arena_printf(call->arena, "\n%s\n", title_of(call->arena, name)));
    titles_keep(out);
}

void
listing_begin(struct call *call, const struct listing_column *columns, struct listing *out)
{
    begin_as(call, NULL, columns, out);
}

void
listing_begin_within(struct call *call, const char *name, const struct listing_column *columns,
                     struct listing *out)
{
    begin_as(call, name, columns, out);
}

void
listing_add(struct listing *listing, const struct cell *cells)
{
    struct arena *arena = listing->call->arena;
    struct listing_row *row;

    if (listing->call->json) {
        object_write(listing, cells);
        return;
    }
    row = arena_alloc(arena, sizeof(*row));
    for (size_t i = 0; listing->columns[i].name != NULL; i++)
        row->texts[i] = cell_text(arena, &listing->columns[i], &cells[i]);
    row_keep(listing, row);
}

void
listing_end(struct listing *listing)
{
    if (listing->call->json) {
        buf_text(&listing->call->said, listing->call->follow ? "" : "]");
        if (!listing->within && !listing->call->follow)
            buf_char(&listing->call->said, '\n');
        return;
    }
    for (const struct listing_row *row = listing->first; row != NULL; row = row->next)
        row_write(listing, row);
}
