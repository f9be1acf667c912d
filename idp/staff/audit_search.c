/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/audit_search.h"

#include "idp/base/text.h"
#include "idp/base/unwind.h"

/* Records read at a time, and the memory for them, which is not the request's. */
#define STEP 100
#define STEP_BYTES ((size_t)1 << 20)

struct searching {
    const struct list_place *place;
    struct audit_page page; /* to be read next */
    size_t most;
    size_t looked;
    bool over; /* there is no older record */
    struct audit_found *out;
};

static bool
is_of_event(const struct list_place *place, const char *event)
{
    if (text_is_empty(place->event) || text_eq(event, place->event))
        return true;
    return text_ends(place->event, ".") && text_starts(event, place->event);
}

static bool
is_any_or(const char *wanted, const char *is)
{
    return text_is_empty(wanted) || text_eq(wanted, is);
}

static bool
fits(const struct list_place *place, const struct stored_audit *record)
{
    return is_of_event(place, record->event) && is_any_or(place->only, record->subject.id) &&
           is_any_or(place->actor, record->actor) &&
           is_any_or(place->counter_id, record->counter_id);
}

static void
keep(struct arena *arena, const struct stored_audit *record, struct stored_audit *out)
{
    *out = *record;
    out->audit_id = arena_text(arena, record->audit_id);
    out->event = arena_text(arena, record->event);
    out->reason = arena_text(arena, record->reason);
    out->subject.id = arena_text(arena, record->subject.id);
    out->partner_id = arena_text(arena, record->partner_id);
    out->sid = arena_text(arena, record->sid);
    out->channel = arena_text(arena, record->channel);
    out->request_id = arena_text(arena, record->request_id);
    out->address = arena_text(arena, record->address);
    out->actor = arena_text(arena, record->actor);
    out->counter_id = arena_text(arena, record->counter_id);
    out->mac = "";
}

/* True when there is room for more. */
static bool
look_at(struct ctx *ctx, struct searching *searching, const struct stored_audit *record)
{
    struct audit_found *out = searching->out;

    searching->looked++;
    out->looked_at = record->at;
    out->looked_id = arena_text(ctx->arena, record->audit_id);
    if (fits(searching->place, record))
        keep(ctx->arena, record, &out->rows.at[out->rows.count++]);
    return out->rows.count < searching->most && searching->looked < AUDIT_SEARCH_LOOKS;
}

static enum err
step(struct ctx *ctx, struct arena *scratch, struct searching *searching)
{
    struct audit_rows rows;
    bool room = true;
    enum err err = store_audit_page(ctx->store, scratch, &searching->page, &rows);

    for (size_t i = 0; err == OK && room && i < rows.count; i++)
        room = look_at(ctx, searching, &rows.at[i]);
    if (err != OK)
        return err;
    searching->out->more = !room || rows.count == STEP;
    searching->over = !room || rows.count < STEP;
    searching->page.before = searching->out->looked_at;
    searching->page.before_id = searching->out->looked_id;
    return OK;
}

static enum err
search(struct ctx *ctx, struct searching *searching)
{
    struct arena *scratch = arena_new(STEP_BYTES);
    struct held held;
    enum err err = OK;

    hold_begin(&held, arena_release, scratch);
    while (err == OK && !searching->over) {
        arena_reset(scratch);
        err = step(ctx, scratch, searching);
    }
    hold_release(&held);
    return err;
}

/* By what there are the fewest of. */
static struct audit_page
page_of(const struct ctx *ctx, const struct list_place *place)
{
    unix_s until = place->until > 0 ? place->until : ctx->now + 1;
    bool begins = place->before == 0;
    struct audit_page page = { .since = place->since,
                               .before = begins ? until : place->before,
                               .before_id = begins ? "" : place->after,
                               .limit = STEP };

    if (!text_is_empty(place->only))
        page.subject_id = place->only;
    else if (!text_is_empty(place->actor))
        page.actor = place->actor;
    else if (!text_is_empty(place->counter_id))
        page.counter_id = place->counter_id;
    return page;
}

enum err
audit_search(struct ctx *ctx, const struct list_place *place, size_t most, struct audit_found *out)
{
    struct searching searching = { .place = place, .page = page_of(ctx, place), .most = most };

    *out = (struct audit_found) { .looked_id = "" };
    out->rows.at = arena_alloc(ctx->arena, most * sizeof(*out->rows.at));
    searching.out = out;
    return search(ctx, &searching);
}
