/* SPDX-License-Identifier: Apache-2.0 */
/* What there is of partners. */
#include <string.h>

#include "idp/commands/showing.h"
#include "idp/tables/partner.h"
#include "policies/partner_profile.h"

static bool
profile_read(struct arena *arena, const struct stored_partner *row, struct partner_profile *out)
{
    return partner_profile_parse(arena, row->profile, strlen(row->profile), out) == NULL;
}

static const char *
state_of(const struct stored_partner *row, bool readable)
{
    if (row->removed_at != 0)
        return "removed";
    return readable ? "registered" : "unreadable";
}

/* Of the secret from before a rotation: 0 when there is none that is good. */
static unix_s
old_until(const struct call *call, const struct stored_partner *row)
{
    return row->before_until > call->shop.ctx.now ? row->before_until : 0;
}

static unix_s
kept_until(const struct stored_partner *row)
{
    return row->removed_at != 0 && row->secret_digest.size != 0
               ? row->removed_at + PARTNER_SECRET_KEPT_S
               : 0;
}

static void
partner_add(struct call *call, struct listing *listing, const struct stored_partner *row)
{
    struct partner_profile profile = { .name_zh = "", .auth_method = "" };
    bool readable = profile_read(call->arena, row, &profile);
    unix_s old = old_until(call, row);

    listing_add(listing,
                (struct cell[]) { { .text = row->partner_id },
                                  { .text = readable ? profile.name_zh : "" },
                                  { .text = readable ? profile.auth_method : "" },
                                  { .text = state_of(row, readable) },
                                  { .number = row->since },
                                  { .number = (row->secret_digest.size != 0) + (old != 0) },
                                  { .number = old },
                                  { .number = row->removed_at } });
}

enum err
command_partner_list(struct call *call)
{
    static const struct listing_column columns[] = {
        { "partner_id", CELL_TEXT },
        { "name", CELL_TEXT },
        { "authenticates_by", CELL_TEXT },
        { "state", CELL_TEXT },
        { "since", CELL_TIME },
        { "secrets", CELL_NUMBER },
        { "old_secret_until", CELL_TIME },
        { "removed_at", CELL_TIME },
        { 0 },
    };
    struct stored_partner_list page = { .count = PARTNER_PAGE };
    struct listing listing;
    const char *after = "";
    enum err err = OK;

    listing_begin(call, columns, &listing);
    while (err == OK && page.count == PARTNER_PAGE) {
        err = store_partner_list_all(call->shop.ctx.store, call->arena, after, &page);
        for (size_t i = 0; err == OK && i < page.count; i++) {
            partner_add(call, &listing, &page.at[i]);
            after = page.at[i].partner_id;
        }
    }
    if (err == OK)
        listing_end(&listing);
    return err;
}

static void
partner_tell(struct call *call, const struct stored_partner *row)
{
    struct partner_profile profile;

    showing_begin(call);
    showing_text(call, "partner_id", row->partner_id);
    showing_text(call, "state", state_of(row, profile_read(call->arena, row, &profile)));
    showing_time(call, "since", row->since);
    showing_time(call, "changed_at", row->updated_at);
    showing_time(call, "removed_at", row->removed_at);
    showing_text(call, "secret", row->secret_digest.size != 0 ? "one" : "none");
    showing_time(call, "secret_since", row->secret_at);
    showing_time(call, "old_secret_until", old_until(call, row));
    showing_time(call, "secret_kept_until", kept_until(row));
    if (row->removed_at == 0)
        showing_object(call, "registration", row->profile);
    showing_end(call);
}

enum err
command_partner_show(struct call *call)
{
    struct stored_partner row;
    enum err err = store_partner_load(call->shop.ctx.store, call->arena, call->partner_id, &row);

    if (err == ERR_NOT_FOUND)
        return call_fail(call, err, "there is no partner %s; 'partner list' names all",
                         call->partner_id);
    if (err == OK)
        partner_tell(call, &row);
    return err;
}
