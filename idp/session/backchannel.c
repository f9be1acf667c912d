/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/backchannel.h"

#include "idp/audit/audit.h"
#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "idp/context/change.h"
#include "idp/person/code_limits.h"
#include "idp/person/notice.h"
#include "idp/person/vault.h"
#include "idp/session/backchannel_answer.h"
#include "idp/session/backchannel_id.h"
#include "idp/session/prompts.h"
#include "idp/session/token.h"
#include "keys/handle.h"
#include "keys/seal.h"
#include "keys/secret.h"
#include "policies/backchannel.h"

#define CONTEXT "backchannel.1"
#define NOBODY "-" /* no person's id: nobody sees or allows such a row */
#define REPLY_DIGITS 6

static const struct pack_field fields[] = {
    PACKED_TEXT(struct backchannel_asked, scope),
    PACKED_TEXT(struct backchannel_asked, acr_values),
    PACKED_TEXT(struct backchannel_asked, binding_message),
    PACKED_TEXT(struct backchannel_asked, approval),
    PACKED_TEXT(struct backchannel_asked, notification_token),
    PACKED_TEXT(struct backchannel_asked, auth_req_id),
    PACKED_END,
};

/* --- Who is asked --- */

/* The same statements for whoever it is: how long it takes tells nobody who is known. */
static enum err
person_fill(struct ctx *ctx, struct asked_person *out)
{
    const char *person_id = out->person_id != NULL ? out->person_id : NOBODY;
    struct person person;
    enum err err = person_load(ctx, person_id, &person);

    if (err == ERR_NOT_FOUND || (err == OK && person.state != PERSON_ACTIVE)) {
        out->person_id = NULL;
        return OK;
    }
    if (err != OK)
        return err;
    out->counted_as = text_is_empty(person.phone) ? person.identity_number : person.phone;
    if (ctx->now - person.phone_verified_at < ctx->settings->life.phone_s)
        out->phone = person.phone;
    return OK;
}

enum err
asked_by_name(struct ctx *ctx, const struct login_name *name, struct asked_person *out)
{
    enum err err;

    *out = (struct asked_person) { .counted_as =
                                       name->phone != NULL ? name->phone : name->identity_number,
                                   .phone = "" };
    err = name->phone != NULL
              ? person_find_by_phone(ctx, name->phone, &out->person_id)
              : person_find_by_identity(ctx, name->identity_number, &out->person_id);
    return err == OK || err == ERR_NOT_FOUND ? person_fill(ctx, out) : err;
}

enum err
asked_by_hint(struct ctx *ctx, const struct hint *hint, struct asked_person *out)
{
    struct stored_grant grant;
    enum err err = store_grant_load(ctx->store, ctx->arena, hint->grant_id, &grant);

    *out = (struct asked_person) { .counted_as = hint->sub, .phone = "" };
    if (err == OK && text_eq(grant.approval.partner_id, hint->audience) &&
        subject_is_person(grant.approval.subject))
        out->person_id = grant.approval.subject.id;
    return err == OK || err == ERR_NOT_FOUND ? person_fill(ctx, out) : err;
}

/* --- The row --- */

static struct digest
link_digest(const struct ctx *ctx, const char *link)
{
    return digest_keyed_texts(&ctx->keys->index, "backchannel.link", link, NULL);
}

static struct digest
reply_digest(const struct ctx *ctx, const char *phone, const char *digits)
{
    return digest_keyed_texts(&ctx->keys->index, "backchannel.reply", phone, digits, NULL);
}

enum err
backchannel_asked_open(struct ctx *ctx, const struct stored_pending *row,
                       struct backchannel_asked *out)
{
    struct bytes plain;
    enum err err = seal_text_open(&ctx->keys->data, ctx->arena, CONTEXT, row->request, &plain);

    if (err != OK)
        return err;
    *out = (struct backchannel_asked) { 0 };
    return unpack(ctx->arena, fields, plain, out) == OK ? OK : ERR_FORGED;
}

static enum err
live_load(struct ctx *ctx, const struct digest *pending_id, struct stored_pending *out)
{
    enum err err = store_pending_load(ctx->store, ctx->arena, pending_id, out);

    if (err == OK && (out->kind != PENDING_CIBA || ctx->now >= out->expires_at))
        return ERR_NOT_FOUND;
    return err;
}

enum err
backchannel_by_link(struct ctx *ctx, const char *link, struct stored_pending *out)
{
    struct digest pending_id = link_digest(ctx, link);

    return live_load(ctx, &pending_id, out);
}

enum err
backchannel_by_reply(struct ctx *ctx, const char *phone, const char *digits,
                     struct stored_pending *out)
{
    struct digest pending_id = reply_digest(ctx, phone, digits);

    return live_load(ctx, &pending_id, out);
}

/* --- Beginning --- */

struct backchannel_work {
    struct backchannel_asking *asking;
    struct stored_pending row;
    const char *text; /* the link's secret, or the number to send back */
    bool by_message;
};

/* What names it to her, and what to the partner. */
static enum err
names_make(struct ctx *ctx, struct backchannel_work *work, const char **auth_req_id)
{
    const struct backchannel_asking *asking = work->asking;
    bool by_reply = text_eq(asking->asked.approval, "reply");
    const char *secret;
    enum err err = by_reply ? digits_new(ctx->env, ctx->arena, REPLY_DIGITS, &work->text)
                            : id_new(ctx->env, ctx->arena, "", &work->text);

    if (err == OK)
        err = handle_new(ctx->env, ctx->arena, &secret);
    if (err != OK)
        return err;
    work->row.pending_id = by_reply ? reply_digest(ctx, asking->person.counted_as, work->text)
                                    : link_digest(ctx, work->text);
    work->row.waiter = digest_of_text(secret);
    return auth_req_id_make(ctx, &work->row.pending_id, secret, auth_req_id);
}

static enum err
row_make(struct ctx *ctx, struct backchannel_work *work, const char **auth_req_id)
{
    struct backchannel_asking *asking = work->asking;
    const char *person_id = asking->person.person_id;
    enum err err;

    work->row = (struct stored_pending) {
        .kind = PENDING_CIBA,
        .partner_id = asking->partner->profile.partner_id,
        .terminal_id = "",
        .person_id = person_id != NULL ? person_id : NOBODY,
        .state = PENDING_OPEN,
        .sid = "",
        .interval_s = BACKCHANNEL_INTERVAL_S,
        .created_at = ctx->now,
        .expires_at = ctx->now + asking->life_s,
    };
    err = names_make(ctx, work, auth_req_id);
    if (err != OK)
        return err;
    asking->asked.auth_req_id = text_is_empty(asking->asked.notification_token) ? "" : *auth_req_id;
    return seal_text(&ctx->keys->data, ctx->env, ctx->arena, CONTEXT,
                     pack(ctx->arena, fields, ctx->settings->upgrade.sealed_layout, &asking->asked),
                     &work->row.request);
}

static enum err
ask(struct ctx *ctx, void *state)
{
    struct backchannel_work *work = state;
    const struct backchannel_asking *asking = work->asking;
    enum err err = store_pending_insert(ctx->store, &work->row);

    if (err == OK && work->by_message)
        err = approval_message_put(ctx, asking, work->text);
    if (err == OK)
        err = audit_write(
            ctx, &(struct audit_record) { .event = AUDIT_APPROVAL_ASKED,
                                          .reason = asking->asked.approval,
                                          .subject = subject_person(asking->person.person_id),
                                          .partner_id = work->row.partner_id });
    return err;
}

/* --- How often --- */

static enum err
bomb_tell(struct ctx *ctx, void *state)
{
    const struct asked_person *person = state;

    return notice_put(ctx, person->person_id, person->phone, NOTICE_PROMPTS);
}

/* She is told once in that time. */
static const struct problem *
prompts_take(struct ctx *ctx, struct asked_person *person)
{
    bool first = false;
    const struct problem *problem = person->person_id != NULL
                                        ? prompt_take(ctx, person->person_id, &first)
                                        : prompt_take_of_nobody(ctx, person->counted_as);
    enum err err = first ? change(ctx, bomb_tell, person) : OK;

    if (err != OK)
        return problem_of(err);
    return problem == &problem_prompts_too_many ? &problem_prompts_full : problem;
}

static const char *
prompted_as(const struct asked_person *person)
{
    return person->person_id != NULL ? person->person_id : person->counted_as;
}

/* Counted whether or not somebody will get it. Where she can also look at her page, too many
 * messages are no reason not to ask. */
static const struct problem *
message_take(struct ctx *ctx, struct backchannel_work *work)
{
    const struct backchannel_asking *asking = work->asking;
    const struct problem *problem;

    if (text_eq(asking->asked.approval, "page"))
        return NULL;
    problem = code_limits_take(ctx, asking->person.counted_as);
    work->by_message = problem == NULL;
    return problem != NULL && problem->status == 429 && text_eq(asking->asked.approval, "link")
               ? NULL
               : problem;
}

const struct problem *
backchannel_begin(struct ctx *ctx, struct backchannel_asking *asking, const char **auth_req_id)
{
    struct backchannel_work work = { .asking = asking };
    const struct problem *problem = prompts_take(ctx, &asking->person);
    enum err err = OK;

    if (problem != NULL)
        return problem;
    problem = message_take(ctx, &work);
    if (problem != NULL) {
        prompt_give_back(ctx, prompted_as(&asking->person)); /* nobody was asked */
        return problem;
    }
    err = row_make(ctx, &work, auth_req_id);
    if (err == OK)
        err = change(ctx, ask, &work);
    if (err == ERR_CONFLICT) /* a number that this phone has been sent a moment ago */
        return &problem_try_again;
    return problem_of(err);
}
