/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/watch.h"

#include "idp/audit/audit.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/connect/directory.h"
#include "idp/context/change.h"
#include "idp/session/session.h"
#include "idp/staff/groups.h"
#include "idp/tables/staff_watch.h"
#include "policies/staff_rules.h"

_Static_assert(WATCHED_STAFF_PAGE <= DIRECTORY_LOOK_MAX, "a page is one look");

/* What is to be done about one of them. */
struct finding_of_staff {
    const struct watched_staff *was;
    struct watched_staff now;
    const char *why; /* of the audit trail; NULL: all is as it was */
    bool gone;       /* she is none of ours any more; else she has other roles or another place */
};

struct watching {
    struct finding_of_staff *at;
    size_t count;
};

/* --- What the directory says --- */

static const char *
word_of(enum directory_outcome outcome)
{
    return outcome == DIRECTORY_WRONG ? "gone" : directory_outcome_name(outcome);
}

static bool
is_as_before(const struct watched_staff *was, const struct watched_staff *now)
{
    return text_eq(was->roles, now->roles) && text_eq(was->agency, now->agency) &&
           text_eq(was->region, now->region) && bytes_eq(was->person_key, now->person_key);
}

static struct finding_of_staff
judged(struct ctx *ctx, const struct watched_staff *was, const struct directory_entry *entry)
{
    struct finding_of_staff found = { .was = was, .gone = true };
    struct staff_place place;

    if (entry->outcome != DIRECTORY_OK) {
        found.why = word_of(entry->outcome);
        return found;
    }
    found.why = staff_place_of(ctx, &entry->person, &place);
    if (found.why != NULL)
        return found;
    found.gone = false;
    found.now = (struct watched_staff) { .staff_id = was->staff_id,
                                         .person_key = staff_person_key(ctx, &entry->person),
                                         .roles = place.roles,
                                         .agency = place.agency,
                                         .region = place.region,
                                         .checked_at = ctx->now };
    found.why = is_as_before(was, &found.now) ? NULL : "moved";
    return found;
}

/* --- What comes of it --- */

static enum err
note(struct ctx *ctx, const struct finding_of_staff *found)
{
    enum err err = found->gone ? store_staff_gone(ctx->store, found->was->staff_id, ctx->now)
                               : store_staff_told(ctx->store, &found->now);

    if (err == OK && found->why != NULL)
        err = audit_write(ctx, &(struct audit_record) {
                                   .event = AUDIT_STAFF_TOLD,
                                   .reason = found->why,
                                   .subject = { SUBJECT_STAFF, found->was->staff_id },
                               });
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
note_all(struct ctx *ctx, void *state)
{
    const struct watching *watching = state;
    enum err err = OK;

    for (size_t i = 0; err == OK && i < watching->count; i++)
        err = note(ctx, &watching->at[i]);
    return err;
}

/* Her sessions, of which there is one as a rule; then she sits nowhere. */
static enum err
sign_out(struct ctx *ctx, const char *staff_id, const char *reason)
{
    const struct sessions_of which = { staff_id, "", TIME_NEVER, ctx->now, NULL };
    struct sid_list list;
    enum err err = store_session_list(ctx->store, ctx->arena, &which, &list);

    for (size_t i = 0; err == OK && i < list.count; i++) {
        const struct session session = {
            .live = true, .row = { .sid = list.at[i], .subject = { SUBJECT_STAFF, staff_id } }
        };

        err = session_end(ctx, &session, reason);
    }
    if (err == OK && list.count == SESSION_PAGE)
        return sign_out(ctx, staff_id, reason);
    if (err == OK)
        err = store_staff_closed(ctx->store, staff_id);
    if (err == OK)
        metric_add(METRIC_STAFF_SIGNED_OUT, 1);
    return err == ERR_NOT_FOUND ? OK : err;
}

/*
 * The sessions first: where this is interrupted, she is still due, and is judged anew. What is written behind it takes her
 * out of the list.
 */
static enum err
apply(struct ctx *ctx, struct watching *watching)
{
    enum err err = OK;

    for (size_t i = 0; err == OK && i < watching->count; i++)
        if (watching->at[i].why != NULL)
            err = sign_out(ctx, watching->at[i].was->staff_id, "directory");
    return err == OK ? change(ctx, note_all, watching) : err;
}

static enum err
page_judge(struct ctx *ctx, const struct watched_staff_list *due,
           const struct directory_entry *entries)
{
    struct watching watching = {
        .at = arena_alloc(ctx->arena, due->count * sizeof(struct finding_of_staff)),
        .count = due->count,
    };

    for (size_t i = 0; i < due->count; i++)
        watching.at[i] = judged(ctx, &due->at[i], &entries[i]);
    return apply(ctx, &watching);
}

/* --- The round --- */

/* The directory says nothing: of whom it has said nothing for too long nobody knows whether she still is one of ours. */
static enum err
stale_end(struct ctx *ctx, const struct watched_staff_list *due, bool *again)
{
    unix_s stale = ctx->now - ctx->settings->directory.stale_s;
    enum err err = OK;
    size_t ended = 0;

    for (; err == OK && ended < due->count && due->at[ended].checked_at <= stale; ended++)
        err = sign_out(ctx, due->at[ended].staff_id, "stale");
    *again = err == OK && ended == WATCHED_STAFF_PAGE;
    if (ended > 0)
        log_line(LOG_WARN, "staff.signed_out_unconfirmed", log_int("count", (int64_t)ended));
    return err;
}

static const char *const *
names_of(struct arena *arena, const struct watched_staff_list *due)
{
    const char **names = arena_alloc(arena, due->count * sizeof(*names));

    for (size_t i = 0; i < due->count; i++)
        names[i] = due->at[i].staff_id;
    return names;
}

enum err
staff_watch(struct ctx *ctx, bool *again)
{
    struct directory_entry entries[WATCHED_STAFF_PAGE];
    struct watched_staff_list due;
    enum err err =
        store_staff_due(ctx->store, ctx->arena, ctx->now - STAFF_RECHECK_S, ctx->now, &due);

    *again = false;
    directory_heal(ctx->services->directory);
    if (err != OK)
        return err;
    metric_tell(METRIC_STAFF_UNCONFIRMED, due.count > 0 ? ctx->now - due.at[0].checked_at : 0,
                6 * STAFF_WATCH_EVERY_S);
    if (due.count == 0)
        return OK;
    if (directory_look(ctx->services->directory, ctx->arena, names_of(ctx->arena, &due), due.count,
                       entries) != OK)
        return stale_end(ctx, &due, again);
    err = page_judge(ctx, &due, entries);
    *again = err == OK && due.count == WATCHED_STAFF_PAGE;
    return err;
}
