/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/lost_link.h"

#include "idp/base/text.h"
#include "idp/card/loss.h"
#include "idp/connect/sms.h"
#include "idp/context/change.h"
#include "idp/person/code_limits.h"
#include "idp/person/form.h"
#include "idp/person/vault.h"
#include "idp/session/backchannel_answer.h"
#include "idp/tables/pending.h"
#include "idp/tables/spent.h"
#include "keys/handle.h"
#include "keys/seal.h"

#define KIND "lost" /* of the message: sms.template_code_lost */
#define WHAT "社保卡挂失"
#define CONTEXT "card.lost.1"

bool
lost_link_is_offered(const struct ctx *ctx)
{
    return sms_can_ask(ctx->services->sms, KIND) && !text_is_empty(ctx->settings->card_bureau.url);
}

static struct digest
link_digest(const struct ctx *ctx, const char *link)
{
    return digest_keyed_texts(&ctx->keys->index, "card.lost", link, NULL);
}

/* --- Sent --- */

struct link_sending {
    struct digest form; /* with the number that was typed */
    struct approval_message message;
    struct stored_pending row;
};

/* "": nobody with that number has a card. */
static enum err
holder_find(struct ctx *ctx, const char *phone, const char **out)
{
    struct card card;
    enum err err = person_find_by_phone(ctx, phone, out);

    if (err == OK)
        err = card_find(ctx, *out, &card);
    if (err == ERR_NOT_FOUND)
        *out = "";
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
sending_make(struct ctx *ctx, const char *phone, struct link_sending *out)
{
    const char *person_id = "";
    const char *link;
    enum err err = holder_find(ctx, phone, &person_id);

    if (err == OK)
        err = id_new(ctx->env, ctx->arena, "", &link);
    if (err != OK)
        return err;
    out->message = (struct approval_message) { .phone = *person_id != '\0' ? phone : "",
                                               .kind = KIND,
                                               .text = link,
                                               .partner = "",
                                               .purpose = WHAT,
                                               .until = ctx->now + LOST_LINK_LIFE_S };
    out->row = (struct stored_pending) { .pending_id = link_digest(ctx, link),
                                         .kind = PENDING_MESSAGE,
                                         .waiter = digest_of_text(""),
                                         .partner_id = "",
                                         .terminal_id = "",
                                         .person_id = "", /* it is nothing that waits for her */
                                         .state = PENDING_OPEN,
                                         .sid = "",
                                         .created_at = ctx->now,
                                         .expires_at = ctx->now + LOST_LINK_LIFE_S };
    return seal_text(&ctx->keys->data, ctx->env, ctx->arena, CONTEXT, bytes_of_text(person_id),
                     &out->row.request);
}

static enum err
put(struct ctx *ctx, void *state)
{
    const struct link_sending *sending = state;
    enum err err = form_spend(ctx, &sending->form);

    if (err == OK)
        err = store_pending_insert(ctx->store, &sending->row);
    return err == OK ? approval_message_queue(ctx, &sending->message, NULL) : err;
}

static struct digest
form_with(struct ctx *ctx, const char *phone, const struct digest *form)
{
    const char *text = hex_encode(ctx->arena, digest_view(form));

    return digest_keyed_texts(&ctx->keys->index, "card.lost.form", text, phone, NULL);
}

/* Pressed twice, one link was sent and is enough. */
static const struct problem *
refused(struct ctx *ctx, const struct digest *form, const struct problem *problem)
{
    const char *grant_id;
    enum err err = store_spent_find(ctx->store, ctx->arena, form, &grant_id);

    if (err == OK)
        return NULL;
    return err == ERR_NOT_FOUND ? problem : problem_of(err);
}

const struct problem *
lost_link_send(struct ctx *ctx, const char *phone, const struct digest *form)
{
    struct link_sending sending = { .form = form_with(ctx, phone, form) };
    const struct problem *problem;
    enum err err;

    if (!lost_link_is_offered(ctx))
        return &problem_ecard_link_closed;
    problem = code_limits_take(ctx, phone);
    if (problem != NULL)
        return refused(ctx, &sending.form, problem);
    err = sending_make(ctx, phone, &sending);
    if (err == OK)
        err = change(ctx, put, &sending);
    if (err != OK)
        code_limits_give_back(ctx, phone);
    return err == ERR_CONFLICT ? NULL : problem_of(err);
}

/* --- Followed --- */

/* One for nobody is over as soon as it is made. */
static const struct problem *
link_open(struct ctx *ctx, const char *link, struct stored_pending *row, const char **person_id)
{
    struct digest pending_id = link_digest(ctx, link);
    struct bytes plain;
    enum err err = store_pending_load(ctx->store, ctx->arena, &pending_id, row);

    if (err == ERR_NOT_FOUND ||
        (err == OK && (row->kind != PENDING_MESSAGE || ctx->now >= row->expires_at)))
        return &problem_ecard_link_over;
    if (err == OK)
        err = seal_text_open(&ctx->keys->data, ctx->arena, CONTEXT, row->request, &plain);
    if (err != OK)
        return problem_of(err);
    *person_id = arena_copy(ctx->arena, plain.at, plain.size);
    return text_is_empty(*person_id) ? &problem_ecard_link_over : NULL;
}

const struct problem *
lost_link_look(struct ctx *ctx, const char *link, bool *used)
{
    struct stored_pending row;
    const char *person_id;
    const struct problem *problem = link_open(ctx, link, &row, &person_id);

    if (problem == NULL)
        *used = row.state != PENDING_OPEN;
    return problem;
}

static enum err
use(struct ctx *ctx, const struct stored_pending *row)
{
    enum err err = store_pending_approve(
        ctx->store, &(struct pending_step) { row->pending_id, "", "", ctx->now });

    return err == ERR_NOT_FOUND ? OK : err; /* pressed twice */
}

const struct problem *
lost_link_use(struct ctx *ctx, const char *link)
{
    struct loss_report report = { .kind = CARD_LOSS_PROVISIONAL, .place = LOSS_BY_MESSAGE };
    struct stored_pending row;
    struct card card;
    const struct problem *problem = link_open(ctx, link, &row, &report.person_id);

    if (problem != NULL || row.state != PENDING_OPEN) /* it has done what it can do */
        return problem;
    problem = card_lose(ctx, &report, &card);
    return problem != NULL ? problem : problem_of(use(ctx, &row));
}
