/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/backchannel_answer.h"

#include "idp/audit/audit.h"
#include "idp/base/buf.h"
#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/connect/https.h"
#include "idp/context/change.h"
#include "idp/context/outbox.h"
#include "idp/context/trace.h"
#include "idp/person/vault.h"
#include "idp/session/prompts.h"
#include "keys/seal.h"

#define PING_CONTEXT "ping.1"
#define CALL_DEADLINE_S 5 /* less than a delivery is leased for */

/* --- Telling the partner that there is a word (CIBA Core, 10.2) --- */

/* The token and, behind a blank, the auth_req_id: neither has one. */
static enum err
ping_put(struct ctx *ctx, const struct backchannel_word *word)
{
    const struct backchannel_asked *asked = word->asked;
    const char *payload;
    enum err err;

    if (text_is_empty(asked->notification_token))
        return OK;
    err = seal_text(&ctx->keys->data, ctx->env, ctx->arena, PING_CONTEXT,
                    bytes_of_text(arena_printf(ctx->arena, "%s %s", asked->notification_token,
                                               asked->auth_req_id)),
                    &payload);
    if (err != OK)
        return err;
    return outbox_put(ctx, &(struct outbox_entry) { .kind = OUTBOX_PING,
                                                    .partner_id = word->row->partner_id,
                                                    .person_id = word->person_id,
                                                    .payload = payload });
}

/* A redirect is an answer like any other: it is not followed, and says no. */
static enum err
err_of_status(int status)
{
    if (status >= 200 && status < 300)
        return OK;
    return status >= 500 || status == 429 ? ERR_UNAVAILABLE : ERR_REFUSED;
}

static enum err
ping_call(struct ctx *ctx, const char *uri, const char *token, const char *auth_req_id, int *status)
{
    const char *headers[] = { arena_printf(ctx->arena, "Authorization: Bearer %s", token), NULL };
    struct buf body = buf_new(ctx->arena, 512);
    struct https_answer answer;
    enum err err;

    emit_object(&body, NULL);
    emit_text(&body, "auth_req_id", auth_req_id);
    emit_object_end(&body);
    err = https_call(ctx->services->https, ctx->arena,
                     &(struct https_request) { .method = "POST",
                                               .url = uri,
                                               .trust = TRUST_PARTNER,
                                               .traceparent = trace_onward(ctx),
                                               .headers = headers,
                                               .content_type = "application/json",
                                               .body = buf_view(&body),
                                               .deadline_s = CALL_DEADLINE_S,
                                               .max_answer_bytes = 65536 },
                     &answer);
    if (err != OK)
        return err;
    *status = answer.status;
    return err_of_status(answer.status);
}

enum err
ping_tell(struct ctx *ctx, const struct stored_delivery *delivery, int *status)
{
    const struct partner *partner = registry_find(ctx->services->registry, delivery->partner_id);
    struct bytes plain;
    const char *token;
    const char *blank;
    size_t size;
    enum err err;

    if (partner == NULL || delivery->created_at < partner->since ||
        text_is_empty(partner->profile.backchannel_notify_uri))
        return ERR_NOT_FOUND;
    err = seal_text_open(&ctx->keys->data, ctx->arena, PING_CONTEXT, delivery->payload, &plain);
    if (err != OK)
        return err;
    blank = arena_copy(ctx->arena, plain.at, plain.size);
    token = text_next_word(&blank, &size);
    if (token == NULL)
        return ERR_INVALID;
    return ping_call(ctx, partner->profile.backchannel_notify_uri,
                     arena_copy(ctx->arena, token, size), text_trimmed(ctx->arena, blank), status);
}

/* --- Her word --- */

struct word_deciding {
    const struct backchannel_word *word;
    enum err (*decide)(struct store *st, const struct pending_step *step);
    enum audit_event event;
};

static enum err
decide(struct ctx *ctx, void *state)
{
    const struct word_deciding *deciding = state;
    const struct backchannel_word *word = deciding->word;
    const struct pending_step step = { word->row->pending_id, word->person_id, word->sid,
                                       ctx->now };
    enum err err = deciding->decide(ctx->store, &step);

    if (err == OK)
        err = ping_put(ctx, word);
    if (err == OK)
        err = audit_write(ctx, &(struct audit_record) { .event = deciding->event,
                                                        .reason = word->asked->approval,
                                                        .subject = subject_person(word->person_id),
                                                        .partner_id = word->row->partner_id,
                                                        .sid = word->sid });
    return err;
}

/* What she has allowed is no question that waits (prompts.h). */
enum err
backchannel_approve(struct ctx *ctx, const struct backchannel_word *word)
{
    struct word_deciding deciding = { word, store_pending_approve, AUDIT_APPROVAL_GIVEN };
    enum err err = change(ctx, decide, &deciding);

    if (err == OK)
        prompt_give_back(ctx, word->person_id);
    return err;
}

enum err
backchannel_refuse(struct ctx *ctx, const struct backchannel_word *word)
{
    struct word_deciding deciding = { word, store_pending_refuse, AUDIT_APPROVAL_REFUSED };

    return change(ctx, decide, &deciding);
}
