/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/logout.h"

#include "idp/audit/audit.h"
#include "idp/base/buf.h"
#include "idp/base/log.h"
#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/connect/https.h"
#include "idp/partner/registry.h"
#include "idp/session/token.h"
#include "idp/tables/logout.h"
#include "keys/handle.h"

#define CALL_DEADLINE_S 5
/* Longer than a call can take, so that nobody else makes it meanwhile. */
#define LEASE_S 30

static const int64_t pauses_s[] = { 5, 30, 120, 600, 3600 };
#define TRIES_MAX (int64_t)(sizeof(pauses_s) / sizeof(pauses_s[0]))

static enum err
delivery_add(struct ctx *ctx, const struct stored_session *session, const char *partner_id)
{
    struct stored_delivery row = {
        .partner_id = partner_id,
        .person_id = session->subject.id,
        .sid = session->sid,
        .next_at = ctx->now,
        .outcome = "",
        .created_at = ctx->now,
    };
    enum err err = id_new(ctx->env, ctx->arena, "d_", &row.delivery_id);

    return err == OK ? store_delivery_insert(ctx->store, &row) : err;
}

static bool
wants_to_be_told(const struct partner *partner)
{
    return partner != NULL && !text_is_empty(partner->profile.backchannel_logout_uri);
}

static enum err
page_add(struct ctx *ctx, const struct stored_session *session, const struct grant_list *page)
{
    enum err err = OK;

    for (size_t i = 0; err == OK && i < page->count; i++) {
        const char *partner_id = page->at[i].partner_id;

        if (wants_to_be_told(registry_find(ctx->services->registry, partner_id)))
            err = delivery_add(ctx, session, partner_id);
    }
    return err;
}

enum err
logout_deliveries_add(struct ctx *ctx, const struct stored_session *session)
{
    struct grant_after after = { .partner_id = "", .now = ctx->now };
    struct grant_list page = { .count = GRANT_PAGE };
    enum err err = OK;

    while (err == OK && page.count == GRANT_PAGE) {
        err = store_grant_list_partners(ctx->store, ctx->arena, session->sid, &after, &page);
        if (err == OK)
            err = page_add(ctx, session, &page);
        if (err == OK && page.count > 0)
            after.partner_id = page.at[page.count - 1].partner_id;
    }
    return err;
}

static enum err
call(struct ctx *ctx, const struct partner *partner, const struct stored_delivery *delivery)
{
    struct buf body = buf_new(ctx->arena, 1024);
    struct https_answer answer;
    const char *token;
    enum err err = logout_token_issue(ctx, partner, delivery->person_id, delivery->sid, &token);

    if (err != OK)
        return err;
    buf_text(&body, "logout_token=");
    buf_url(&body, token);
    err = https_call(ctx->services->https, ctx->arena,
                     &(struct https_request) { .method = "POST",
                                               .url = partner->profile.backchannel_logout_uri,
                                               .trust = TRUST_PARTNER,
                                               .content_type = "application/x-www-form-urlencoded",
                                               .body = buf_view(&body),
                                               .deadline_s = CALL_DEADLINE_S,
                                               .max_answer_bytes = 65536 },
                     &answer);
    if (err != OK)
        return err;
    return answer.status == 200 || answer.status == 204 ? OK : ERR_UNAVAILABLE;
}

static enum err
give_up(struct ctx *ctx, const struct stored_delivery *delivery, const char *outcome)
{
    log_line(LOG_ERROR, "logout.given_up", log_text("partner", delivery->partner_id),
             log_text("delivery", delivery->delivery_id), log_text("outcome", outcome));
    audit_refusal(ctx, &(struct audit_record) { .event = AUDIT_LOGOUT_GIVEN_UP,
                                                .reason = outcome,
                                                .subject = subject_person(delivery->person_id),
                                                .partner_id = delivery->partner_id,
                                                .sid = delivery->sid });
    return store_delivery_done(ctx->store, delivery->delivery_id, ctx->now, "given_up");
}

static enum err
deliver(struct ctx *ctx, const struct stored_delivery *delivery)
{
    const struct partner *partner = registry_find(ctx->services->registry, delivery->partner_id);
    enum err err;

    if (!wants_to_be_told(partner) || delivery->created_at < partner->since)
        return store_delivery_done(ctx->store, delivery->delivery_id, ctx->now, "partner_gone");
    if (delivery->tries > TRIES_MAX + 1) /* each round for it was left early */
        return give_up(ctx, delivery, "ended");
    err = call(ctx, partner, delivery);
    log_line(err == OK ? LOG_INFO : LOG_WARN, "logout.delivery",
             log_text("partner", delivery->partner_id), log_text("delivery", delivery->delivery_id),
             log_int("try", delivery->tries), log_text("outcome", err_name(err)));
    metric_add(err == OK ? METRIC_LOGOUT_DELIVERED : METRIC_LOGOUT_FAILED, 1);
    if (err == OK)
        return store_delivery_done(ctx->store, delivery->delivery_id, ctx->now, "delivered");
    if (delivery->tries > TRIES_MAX)
        return give_up(ctx, delivery, err_name(err));
    return store_delivery_retry(ctx->store, delivery->delivery_id,
                                ctx->now + pauses_s[delivery->tries - 1], err_name(err));
}

enum err
logout_deliver_one(struct ctx *ctx, bool *worked)
{
    struct delivery_claim claim = { .now = ctx->now, .lease_s = LEASE_S, .max = 1 };
    struct delivery_list due;
    enum err err = store_delivery_claim(ctx->store, ctx->arena, &claim, &due);

    *worked = err == OK && due.count > 0;
    return *worked ? deliver(ctx, &due.at[0]) : err;
}
