/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/link.h"

#include "idp/audit/audit.h"
#include "idp/base/text.h"
#include "idp/card/show.h"
#include "idp/context/change.h"
#include "idp/partner/registry.h"
#include "idp/person/card.h"
#include "idp/person/notice.h"
#include "idp/person/vault.h"
#include "idp/session/grant_end.h"
#include "policies/channel.h"

#define LEVEL 2
#define SCOPE "card"

static const char *
app_channel(void)
{
    return channels[CHANNEL_app].name;
}

bool
card_link_is_fresh(const struct ctx *ctx, const struct stored_session *session)
{
    return ctx->now - session->auth_time <= CARD_LINK_FRESH_S;
}

/* --- Opening it --- */

struct card_opening {
    const struct card_linking *linking;
    const struct person *person;
    struct stored_card_link row;
    bool first; /* there was none before */
    bool moves; /* there was, by another key */
};

/* The number was proven in this very login: factors of one login lie no further apart than one
 * transaction. */
static bool
has_proven_her_telephone(const struct ctx *ctx, const struct stored_session *session)
{
    return card_link_is_fresh(ctx, session) && text_list_has(session->amr, "sms");
}

static enum err
opening_look(struct ctx *ctx, struct card_opening *opening)
{
    struct stored_card_link before;
    enum err err = store_card_link_find(ctx->store, ctx->arena, opening->row.person_id,
                                        opening->row.channel, &before);

    opening->first = err == ERR_NOT_FOUND;
    opening->moves = err == OK && !text_eq(before.bound_key, opening->row.bound_key);
    return err == ERR_NOT_FOUND ? OK : err;
}

/* Who opens it at the same moment waits at the row, so it is looked at once more in here. */
static enum err
open_it(struct ctx *ctx, void *state)
{
    struct card_opening *opening = state;
    enum err err = opening_look(ctx, opening);

    if (err == OK)
        err = store_card_link_put(ctx->store, &opening->row);
    if (err == OK && (opening->first || opening->moves))
        err =
            audit_write(ctx, &(struct audit_record) { .event = AUDIT_CARD_LINKED,
                                                      .reason = opening->moves ? "moved" : "first",
                                                      .subject = opening->linking->session->subject,
                                                      .sid = opening->row.sid });
    if (err == OK && opening->moves)
        err = notice_put(ctx, opening->row.person_id, opening->person->phone, NOTICE_CARD_MOVED);
    return err;
}

static const struct problem *
opening_judge(struct ctx *ctx, const struct card_opening *opening, const struct card *card)
{
    const struct stored_session *session = opening->linking->session;
    const struct problem *problem = card_usable(ctx, card);
    bool known = !opening->first && !opening->moves;

    if (problem != NULL)
        return problem;
    if (text_is_empty(opening->row.bound_key))
        return &problem_card_link_bound;
    if (session->level < LEVEL || (!known && !has_proven_her_telephone(ctx, session)))
        return &problem_card_link_proof;
    return NULL;
}

static const struct problem *
opening_do(struct ctx *ctx, struct card_opening *opening, const struct card *card)
{
    const struct problem *problem;
    enum err err = opening_look(ctx, opening);

    if (err != OK)
        return problem_of(err);
    problem = opening_judge(ctx, opening, card);
    if (problem != NULL) {
        card_refused(ctx, opening->linking->session, problem);
        return problem;
    }
    err = change(ctx, open_it, opening);
    if (err == ERR_CONFLICT) /* on another telephone, for the first time too, at this very moment */
        err = change(ctx, open_it, opening);
    return err == OK ? NULL : problem_of(err);
}

const struct problem *
card_link(struct ctx *ctx, const struct card_linking *linking)
{
    const char *person_id = linking->session->subject.id;
    struct card_opening opening = { .linking = linking };
    struct person person;
    struct card card;
    enum err err = card_find(ctx, person_id, &card);

    if (err == ERR_NOT_FOUND)
        return &problem_ecard_none;
    if (err == OK)
        err = person_load(ctx, person_id, &person);
    if (err != OK)
        return problem_of(err);
    opening.person = &person;
    opening.row = (struct stored_card_link) { .person_id = person_id,
                                              .channel = app_channel(),
                                              .card_id = card.row.card_id,
                                              .bound_key = linking->bound_key,
                                              .sid = linking->session->sid,
                                              .linked_at = ctx->now };
    return opening_do(ctx, &opening, &card);
}

/* --- Showing there --- */

const struct problem *
card_link_check(struct ctx *ctx, const struct card_linking *linking, const char *card_id)
{
    struct stored_card_link row;
    enum err err = store_card_link_find(ctx->store, ctx->arena, linking->session->subject.id,
                                        app_channel(), &row);

    if (err == OK &&
        (text_is_empty(linking->bound_key) || !text_eq(row.bound_key, linking->bound_key) ||
         !text_eq(row.sid, linking->session->sid) || !text_eq(row.card_id, card_id)))
        err = ERR_NOT_FOUND;
    if (err == ERR_NOT_FOUND) {
        card_refused(ctx, linking->session, &problem_card_code_key);
        return &problem_card_code_key;
    }
    return err == OK ? NULL : problem_of(err);
}

enum err
card_link_hold(struct ctx *ctx, const char *shower_id, const struct card_code *code)
{
    enum err err;

    if (!code->in_app)
        return OK;
    err = store_card_link_hold(ctx->store, shower_id, app_channel(), code->sid);
    return err == ERR_NOT_FOUND ? ERR_REFUSED : err;
}

/* --- Undoing it --- */

struct card_unlinking {
    const char *person_id;
    const char *channel;
    const char *reason;
    const struct person *person;
    struct grant_list grants;
};

static bool
is_of_channel(const struct ctx *ctx, const struct listed_grant *grant, const char *channel)
{
    const struct partner *partner = registry_find(ctx->services->registry, grant->partner_id);

    return partner != NULL && text_eq(partner->profile.channel, channel);
}

/* Those of the page that tell of the card at partners of the channel, in place of the page. */
static enum err
grants_choose(struct ctx *ctx, const struct card_unlinking *unlinking, struct grant_list *page)
{
    size_t chosen = 0;
    enum err err = OK;

    for (size_t i = 0; err == OK && i < page->count; i++) {
        struct stored_grant grant;

        if (!is_of_channel(ctx, &page->at[i], unlinking->channel))
            continue;
        err = store_grant_load(ctx->store, ctx->arena, page->at[i].grant_id, &grant);
        if (err == OK && text_list_has(grant.approval.scope, SCOPE))
            page->at[chosen++] = page->at[i];
        err = err == ERR_NOT_FOUND ? OK : err;
    }
    page->count = chosen;
    return err;
}

/* GRANT_PAGE of her live grants are looked at, more than anybody has. */
static enum err
undo(struct ctx *ctx, void *state)
{
    struct card_unlinking *unlinking = state;
    struct grants_of which = { unlinking->person_id, TIME_NEVER, ctx->now };
    enum err err = store_grant_list_of_person(ctx->store, ctx->arena, &which, &unlinking->grants);
    enum err there;

    if (err == OK)
        err = grants_choose(ctx, unlinking, &unlinking->grants);
    if (err != OK)
        return err;
    there = store_card_link_delete(ctx->store, unlinking->person_id, unlinking->channel);
    if (there != OK && there != ERR_NOT_FOUND)
        return there;
    if (there == ERR_NOT_FOUND && unlinking->grants.count == 0)
        return OK;
    err = grants_end_in_change(ctx, &unlinking->grants);
    if (err == OK)
        err = notice_put(ctx, unlinking->person_id, unlinking->person->phone, NOTICE_CARD_UNLINKED);
    return err == OK ? audit_write(ctx, &(struct audit_record) { .event = AUDIT_CARD_UNLINKED,
                                                                 .reason = unlinking->reason,
                                                                 .subject = subject_person(
                                                                     unlinking->person_id) })
                     : err;
}

enum err
card_unlink(struct ctx *ctx, const char *person_id, const char *channel, const char *reason)
{
    struct card_unlinking unlinking = { .person_id = person_id,
                                        .channel = channel,
                                        .reason = reason };
    struct person person;
    enum err err = person_load(ctx, person_id, &person);

    unlinking.person = &person;
    if (err == OK)
        err = change(ctx, undo, &unlinking);
    if (err == OK)
        grants_end_apply(ctx, &unlinking.grants);
    return err;
}
