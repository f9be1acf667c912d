/* SPDX-License-Identifier: Apache-2.0 */
/* POST /sms/uplink: the gateway hands on what people have answered (idp/connect/sms_uplink.h). */
#include "idp/audit/audit.h"
#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/connect/sms_uplink.h"
#include "idp/session/backchannel_reply.h"
#include "idp/tables/spent.h"
#include "keys/secret.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"

static const struct problem *
refused(struct request *rq, const char *reason, const struct problem *problem)
{
    audit_note(rq->ctx, &(struct audit_record) { .event = AUDIT_REPLY_REJECTED, .reason = reason });
    return problem;
}

static const struct problem *
signature_check(struct request *rq)
{
    const char *secret = rq->ctx->settings->sms.callback_secret;
    struct uplink_signature it;
    struct digest once;
    enum err err;

    if (text_is_empty(secret))
        return &problem_not_found;
    if (uplink_signature_read(rq->arena, rq->headers.authorization, secret, rq->body, &it) != OK ||
        !digest_eq(&it.given, &it.expected))
        return refused(rq, "signature", &problem_uplink_unsigned);
    if (it.at < rq->now - UPLINK_WINDOW_S || it.at > rq->now + UPLINK_WINDOW_S)
        return refused(rq, "time", &problem_uplink_unsigned);
    once = digest_keyed_texts(&rq->ctx->keys->index, "sms.uplink", it.nonce, NULL);
    err = store_spent_insert(rq->ctx->store, &once, "", rq->now + 2 * UPLINK_WINDOW_S + 1);
    return err == ERR_CONFLICT ? refused(rq, "replayed", &problem_uplink_unsigned)
                               : problem_of(err);
}

/* As Aliyun wants it: anything else is sent again. */
static const struct problem *
answer(struct request *rq)
{
    struct buf json = buf_new(rq->arena, 64);

    emit_object(&json, NULL);
    emit_int(&json, "code", 0);
    emit_text(&json, "msg", "OK");
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}

const struct problem *
endpoint_sms_uplink(struct request *rq)
{
    const struct problem *problem = signature_check(rq);
    struct uplink_list list;
    enum err err = OK;

    if (problem != NULL)
        return problem;
    if (uplink_read(rq->arena, rq->body, &list) != OK)
        return refused(rq, "form", &problem_uplink_malformed);
    for (size_t i = 0; err == OK && i < list.count; i++)
        err = backchannel_reply(rq->ctx, list.at[i].phone_number, list.at[i].content);
    return err == OK ? answer(rq) : problem_of(err);
}
