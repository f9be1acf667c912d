/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/audit/audit.h"

#include <string.h>

#include "idp/base/text.h"
#include "idp/commands/listing.h"
#include "idp/tables/audit.h"

#define LIMIT 200
#define LIMIT_MAX 5000
/* Records come up in the order in which they are committed: those that were written so long ago are
 * looked at again. */
#define OVERLAP_S 5
#define PAGE 2000

/* --- What is asked for --- */

/* NULL, or why there is no such event. */
static const char *
event_check(struct call *call)
{
    struct buf near = buf_new(call->arena, 256);
    size_t area = text_is_empty(call->event) ? 0 : strcspn(call->event, ".");

    for (int i = AUDIT_NONE + 1; i < AUDIT_COUNT; i++) {
        const char *name = audit_event_name((enum audit_event)i);

        if (call->event == NULL || text_eq(name, call->event))
            return NULL;
        if (strncmp(name, call->event, area) != 0 && strstr(name, call->event) == NULL)
            continue;
        buf_text(&near, near.size > 0 ? ", " : "; there are: ");
        buf_text(&near, name);
    }
    return arena_printf(call->arena, "there is no event \"%s\"%s", call->event,
                        near.size > 0 ? near.at : "; tongxing docs events names all");
}

static const char *
or_any(const char *text)
{
    return text != NULL ? text : "";
}

static struct audit_filter
filter_of(const struct call *call)
{
    return (struct audit_filter) {
        .person_id = or_any(call->person_id),
        .partner_id = or_any(call->partner_id),
        .request_id = or_any(call->request_id),
        .event = or_any(call->event),
        .since = call->since.given ? when_at(call->since, call->shop.ctx.now) : 0,
        .limit = call->limit > 0 ? call->limit : LIMIT,
    };
}

/* --- What is shown --- */

static const struct listing_column columns[] = {
    { "at", CELL_TIME },      { "event", CELL_TEXT },   { "reason", CELL_TEXT },
    { "person", CELL_TEXT },  { "partner", CELL_TEXT }, { "session", CELL_TEXT },
    { "channel", CELL_TEXT }, { "request", CELL_TEXT }, { "address", CELL_TEXT },
    { "actor", CELL_TEXT },   { "counter", CELL_TEXT }, { 0 },
};

static void
record_show(struct listing *listing, const struct stored_audit *record)
{
    listing_add(listing, (struct cell[]) { { .number = record->at },
                                           { .text = record->event },
                                           { .text = record->reason },
                                           { .text = record->subject.id },
                                           { .text = record->partner_id },
                                           { .text = record->sid },
                                           { .text = record->channel },
                                           { .text = record->request_id },
                                           { .text = record->address },
                                           { .text = record->actor },
                                           { .text = record->counter_id } });
}

/* --- Going on --- */

/*
 * Where a round has ended: a time, and the ids of the records from then on that have been shown, in
 * their order: "1767225600 a_… a_…".
 */
static const char *
place_of(struct call *call, const struct audit_rows *rows, unix_s from)
{
    struct buf out = buf_new(call->arena, 256);

    buf_int(&out, from);
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->at[i].at < from)
            continue;
        buf_char(&out, ' ');
        buf_text(&out, rows->at[i].audit_id);
    }
    return out.at;
}

static unix_s
place_time(const char *place)
{
    const char *cursor = place;
    size_t size;
    const char *word = text_next_word(&cursor, &size);
    int64_t at = 0;

    for (size_t i = 0; word != NULL && i < size && word[i] >= '0' && word[i] <= '9'; i++)
        at = at * 10 + (word[i] - '0');
    return at;
}

/* Of a full page only the last moment is looked at again; a moment that fills a page alone is left,
 * or there would be no end of it. */
static unix_s
next_from(struct call *call, const struct audit_rows *rows, unix_s from)
{
    unix_s now = call->shop.ctx.now - OVERLAP_S;
    unix_s last = rows->count == PAGE ? rows->at[PAGE - 1].at : now;

    if (rows->count == PAGE && last == from) {
        if (!call->json)
            buf_text(&call->said, "More records a second than can be shown: some are left out.\n");
        return from + 1;
    }
    last = last < now ? last : now;
    return last > from ? last : from;
}

/* True when it stands in the place next: both have one order. */
static bool
was_shown(const char **place, const char *audit_id)
{
    const char *cursor = *place;
    size_t size;
    const char *word = text_next_word(&cursor, &size);

    if (word == NULL || strlen(audit_id) != size || strncmp(word, audit_id, size) != 0)
        return false;
    *place = cursor;
    return true;
}

static enum err
round_show(struct call *call)
{
    struct audit_filter filter = filter_of(call);
    const char *shown = call->again;
    size_t time_size;
    struct audit_rows rows;
    struct listing listing;
    enum err err;

    (void)text_next_word(&shown, &time_size);
    filter.since = place_time(call->again);
    filter.limit = PAGE;
    err = store_audit_follow(call->shop.ctx.store, call->arena, &filter, &rows);
    if (err != OK)
        return err;
    listing_begin(call, columns, &listing);
    for (size_t i = 0; i < rows.count; i++)
        if (!was_shown(&shown, rows.at[i].audit_id))
            record_show(&listing, &rows.at[i]);
    listing_end(&listing);
    call->goes_on = place_of(call, &rows, next_from(call, &rows, filter.since));
    return OK;
}

/* --- The command --- */

static void
turn_round(struct audit_rows *rows)
{
    for (size_t i = 0; i < rows->count / 2; i++) {
        struct stored_audit row = rows->at[i];

        rows->at[i] = rows->at[rows->count - 1 - i];
        rows->at[rows->count - 1 - i] = row;
    }
}

static enum err
newest_show(struct call *call)
{
    struct audit_filter filter = filter_of(call);
    struct audit_rows rows;
    struct listing listing;
    int64_t limit = filter.limit;
    enum err err;

    filter.limit++;
    err = store_audit_list(call->shop.ctx.store, call->arena, &filter, &rows);
    if (err != OK)
        return err;
    if (rows.count > (size_t)limit) {
        rows.count = (size_t)limit;
        if (!call->json)
            buf_text(&call->said,
                     arena_printf(call->arena,
                                  "There are more; these are the newest %lld. Ask for less with "
                                  "--since, or for more with --limit.\n",
                                  (long long)limit));
    }
    turn_round(&rows);
    listing_begin(call, columns, &listing);
    for (size_t i = 0; i < rows.count; i++)
        record_show(&listing, &rows.at[i]);
    listing_end(&listing);
    if (call->follow)
        call->goes_on = place_of(call, &rows, call->shop.ctx.now - OVERLAP_S);
    return OK;
}

enum err
command_audit(struct call *call)
{
    const char *why = event_check(call);

    if (why != NULL)
        return call_fail(call, ERR_INVALID, "%s", why);
    if (call->limit > LIMIT_MAX)
        return call_fail(call, ERR_INVALID, "--limit is at most %d", LIMIT_MAX);
    return call->again != NULL ? round_show(call) : newest_show(call);
}
