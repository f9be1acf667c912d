/* SPDX-License-Identifier: Apache-2.0 */
/* The message that asks her: by the outbox, so that an answer to a partner waits for no gateway and does
 * not tell by its time whether somebody was asked. */
#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "idp/connect/sms.h"
#include "idp/context/outbox.h"
#include "idp/context/trace.h"
#include "idp/session/backchannel_answer.h"
#include "keys/seal.h"

#define CONTEXT "approval.1"

static const struct pack_field fields[] = {
    PACKED_TEXT(struct approval_message, phone),
    PACKED_TEXT(struct approval_message, kind),
    PACKED_TEXT(struct approval_message, text),
    PACKED_TEXT(struct approval_message, partner),
    PACKED_TEXT(struct approval_message, purpose),
    PACKED_INT(struct approval_message, until),
    PACKED_END,
};

enum err
approval_message_queue(struct ctx *ctx, const struct approval_message *message,
                       const char *partner_id)
{
    const char *payload;
    enum err err = seal_text(
        &ctx->keys->data, ctx->env, ctx->arena, CONTEXT,
        pack(ctx->arena, fields, ctx->settings->upgrade.sealed_layout, message), &payload);

    if (err != OK)
        return err;
    return outbox_put(ctx, &(struct outbox_entry) { .kind = OUTBOX_APPROVAL,
                                                    .partner_id = partner_id,
                                                    .payload = payload });
}

enum err
approval_message_put(struct ctx *ctx, const struct backchannel_asking *asking, const char *text)
{
    const struct approval_message message = {
        .phone = asking->person.phone,
        .kind = asking->asked.approval,
        .text = text,
        .partner = partner_name(asking->partner, LANGUAGE_ZH_CN), /* as templates are */
        .purpose = asking->asked.binding_message,
        .until = ctx->now + asking->life_s,
    };

    return approval_message_queue(ctx, &message, asking->partner->profile.partner_id);
}

enum err
approval_message_tell(struct ctx *ctx, const struct stored_delivery *delivery, int *status)
{
    struct approval_message message = { 0 };
    struct bytes plain;
    enum err err = seal_text_open(&ctx->keys->data, ctx->arena, CONTEXT, delivery->payload, &plain);

    (void)status; /* the connector has told the log */
    if (err == OK)
        err = unpack(ctx->arena, fields, plain, &message);
    if (err != OK)
        return err;
    if (text_is_empty(message.phone) || ctx->now >= message.until ||
        !sms_can_ask(ctx->services->sms, message.kind))
        return ERR_NOT_FOUND;
    err = sms_send_question(ctx->services->sms, ctx->arena,
                            &(struct sms_question) { .phone_e164 = message.phone,
                                                     .kind = message.kind,
                                                     .text = message.text,
                                                     .partner = message.partner,
                                                     .purpose = message.purpose,
                                                     .traceparent = trace_onward(ctx) },
                            ctx->now);
    return err == ERR_UNKNOWN ? OK : err;
}
