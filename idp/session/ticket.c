/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/ticket.h"

#include <string.h>

#include "idp/audit/audit.h"
#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "idp/tables/spent.h"
#include "keys/handle.h"
#include "keys/seal.h"
#include "policies/channel.h"
#include "policies/redirect.h"
#include "policies/web_origin.h"

#define CONTEXT "ticket.1"
/* Tells people and leak scanners what it is; means nothing to us. */
#define PREFIX "bt_"

static const struct pack_field fields[] = {
    PACKED_TEXT(struct ticket, id),
    PACKED_TEXT(struct ticket, partner_id),
    PACKED_TEXT(struct ticket, target_id),
    PACKED_TEXT(struct ticket, resource),
    PACKED_TEXT(struct ticket, sid),
    PACKED_TEXT(struct ticket, person_id),
    PACKED_TEXT(struct ticket, key),
    PACKED_INT(struct ticket, issued_at),
    PACKED_END,
};

/* --- Where it leads --- */

/* An address in its one plain spelling, on the site where the partner begins its logins. */
static bool
is_of_site(const char *resource, const char *site)
{
    size_t size = web_origin_size(site);

    return size > 0 && redirect_uri_registrable(resource, false) &&
           web_origin_size(resource) == size && strncmp(resource, site, size) == 0;
}

bool
ticket_target_holds(struct ctx *ctx, const struct partner *app, const char *target_id,
                    const char *resource)
{
    const struct partner *target = registry_find(ctx->services->registry, target_id);

    if (target == NULL || !text_list_has(app->profile.browser_ticket_partners, target_id) ||
        text_is_empty(target->profile.initiate_login_uri))
        return false;
    return resource == NULL || is_of_site(resource, target->profile.initiate_login_uri);
}

static const char *
location_of(struct ctx *ctx, const struct ticket *ticket)
{
    const struct partner *target = registry_find(ctx->services->registry, ticket->target_id);
    const char *uri = target->profile.initiate_login_uri;
    struct buf location = buf_new(ctx->arena, 256);

    buf_text(&location, uri);
    buf_text(&location, strchr(uri, '?') != NULL ? "&iss=" : "?iss=");
    buf_url(&location, ctx->settings->server.issuer);
    if (ticket->resource[0] == '\0')
        return location.at;
    buf_text(&location, "&target_link_uri=");
    buf_url(&location, ticket->resource);
    return location.at;
}

/* --- Making and reading --- */

enum err
ticket_issue(struct ctx *ctx, struct ticket *ticket, const char **out)
{
    const char *sealed;
    enum err err = id_new(ctx->env, ctx->arena, "", &ticket->id);

    if (err != OK)
        return err;
    ticket->issued_at = ctx->now;
    err =
        seal_text(&ctx->keys->seal, ctx->env, ctx->arena, CONTEXT,
                  pack(ctx->arena, fields, ctx->settings->upgrade.sealed_layout, ticket), &sealed);
    if (err == OK)
        *out = arena_printf(ctx->arena, PREFIX "%s", sealed);
    return err;
}

static enum err
ticket_read(struct ctx *ctx, const char *text, struct ticket *out)
{
    struct bytes plain;
    enum err err;

    *out = (struct ticket) { 0 };
    if (text == NULL || !text_starts(text, PREFIX))
        return ERR_FORGED;
    err = seal_text_open(&ctx->keys->seal, ctx->arena, CONTEXT, text + strlen(PREFIX), &plain);
    if (err != OK)
        return err;
    return unpack(ctx->arena, fields, plain, out) == OK ? OK : ERR_FORGED;
}

/* --- Opening --- */

static const struct problem *
refused(struct ctx *ctx, const struct ticket *ticket, const char *reason,
        const struct problem *problem)
{
    audit_note(ctx, &(struct audit_record) { .event = AUDIT_TICKET_REJECTED,
                                             .reason = reason,
                                             .subject = subject_person(ticket->person_id),
                                             .partner_id = ticket->partner_id,
                                             .sid = ticket->sid });
    return problem;
}

static bool
is_hers(const struct session *present, const struct ticket *ticket)
{
    return present->live && text_eq(present->row.subject.id, ticket->person_id);
}

/* What can be said without the store. */
static const struct problem *
judge(struct ctx *ctx, const struct ticket_opening *opening, const struct ticket *ticket)
{
    const struct partner *app = registry_find(ctx->services->registry, ticket->partner_id);

    if (opening->proof_key == NULL || !text_eq(opening->proof_key, ticket->key))
        return refused(ctx, ticket, "key", &problem_ticket_key_wrong);
    if (ctx->now - ticket->issued_at > TICKET_LIFE_S ||
        handed_out_too_early(ctx, ticket->issued_at))
        return refused(ctx, ticket, "late", &problem_ticket_invalid);
    if (app == NULL || ticket->issued_at < app->since ||
        !ticket_target_holds(ctx, app, ticket->target_id, NULL))
        return refused(ctx, ticket, "client", &problem_ticket_invalid);
    if (opening->present->live && !is_hers(opening->present, ticket))
        return refused(ctx, ticket, "another_person", &problem_ticket_another_person);
    partner_enter(ctx, app);
    return NULL;
}

static enum err
spend(struct ctx *ctx, const struct ticket *ticket)
{
    struct digest id = digest_of_text(ticket->id);

    return store_spent_insert(ctx->store, &id, "", ticket->issued_at + TICKET_LIFE_S + 1);
}

static bool
may_go_on(struct ctx *ctx, const struct session *present, const struct ticket *ticket)
{
    const struct partner *target = registry_find(ctx->services->registry, ticket->target_id);

    return is_hers(present, ticket) && channel_lends(present->row.channel, target->profile.channel);
}

static const struct problem *
lend(struct ctx *ctx, const struct ticket_opening *opening, const struct ticket *ticket,
     struct ticket_opened *out)
{
    const struct session nobody = { .live = false };
    struct session lender;
    struct session lent;
    enum err err = session_find(ctx, ticket->sid, &lender);

    if (err != OK)
        return problem_of(err);
    if (!is_hers(&lender, ticket))
        return refused(ctx, ticket, "session", &problem_ticket_logged_out);
    err = session_begin(ctx, is_hers(opening->present, ticket) ? opening->present : &nobody,
                        &(struct proof) { .way = LOGIN_BY_TICKET,
                                          .person_id = ticket->person_id,
                                          .amr = lender.row.amr,
                                          .lent_by = &lender.row },
                        &lent, &out->cookie);
    return problem_of(err);
}

const struct problem *
ticket_open(struct ctx *ctx, const struct ticket_opening *opening, struct ticket_opened *out)
{
    struct ticket ticket;
    const struct problem *problem;
    bool goes_on;
    enum err err = ticket_read(ctx, opening->ticket, &ticket);

    if (err != OK)
        return refused(ctx, &ticket, "form", &problem_ticket_invalid);
    problem = judge(ctx, opening, &ticket);
    if (problem != NULL)
        return problem;
    goes_on = may_go_on(ctx, opening->present, &ticket);
    *out = (struct ticket_opened) { .location = location_of(ctx, &ticket) };
    err = spend(ctx, &ticket);
    if (err == ERR_CONFLICT)
        return goes_on ? NULL : refused(ctx, &ticket, "spent", &problem_ticket_invalid);
    if (err != OK || goes_on)
        return problem_of(err);
    return lend(ctx, opening, &ticket, out);
}
