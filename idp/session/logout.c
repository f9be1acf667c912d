/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/logout.h"

#include "idp/base/buf.h"
#include "idp/base/text.h"
#include "idp/connect/https.h"
#include "idp/context/outbox.h"
#include "idp/partner/registry.h"
#include "idp/session/token.h"
#include "idp/tables/grant.h"

#define CALL_DEADLINE_S 5 /* less than a delivery is leased for */

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
            err = outbox_put(ctx, &(struct outbox_entry) { .kind = OUTBOX_LOGOUT,
                                                           .partner_id = partner_id,
                                                           .person_id = session->subject.id,
                                                           .sid = session->sid });
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

enum err
logout_tell(struct ctx *ctx, const struct stored_delivery *delivery)
{
    const struct partner *partner = registry_find(ctx->services->registry, delivery->partner_id);
    struct buf body = buf_new(ctx->arena, 1024);
    struct https_answer answer;
    const char *token;
    enum err err;

    if (!wants_to_be_told(partner) || delivery->created_at < partner->since)
        return ERR_NOT_FOUND;
    err = logout_token_issue(ctx, partner, delivery->person_id, delivery->sid, &token);
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
