/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/logout.h"

#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"
#include "idp/connect/https.h"
#include "idp/context/outbox.h"
#include "idp/context/trace.h"
#include "idp/partner/registry.h"
#include "idp/session/token.h"
#include "idp/tables/grant.h"

#define CALL_DEADLINE_S 5 /* less than a delivery is leased for */

static bool
wants_to_be_told(const struct partner *partner)
{
    return partner != NULL && !text_is_empty(partner->profile.backchannel_logout_uri);
}

static bool
wants_a_frame(const struct partner *partner)
{
    return partner != NULL && !text_is_empty(partner->profile.frontchannel_logout_uri);
}

static bool
hears_of_it(const struct partner *partner)
{
    return wants_to_be_told(partner) || wants_a_frame(partner);
}

/* Those that are to be told of the end of the session. */
struct telling {
    bool (*wants)(const struct partner *partner);
    enum err (*tell)(struct ctx *ctx, const struct partner *partner, void *state);
    void *state;
};

static enum err
page_walk(struct ctx *ctx, const struct grant_list *page, const struct telling *telling)
{
    enum err err = OK;

    for (size_t i = 0; err == OK && i < page->count; i++) {
        const struct partner *partner =
            registry_find(ctx->services->registry, page->at[i].partner_id);

        if (telling->wants(partner))
            err = telling->tell(ctx, partner, telling->state);
    }
    return err;
}

/* Each partner that has a grant of the session and an address to be told at, once. */
static enum err
partners_walk(struct ctx *ctx, const char *sid, const struct telling *telling)
{
    struct grant_after after = { .partner_id = "", .now = ctx->now };
    struct grant_list page = { .count = GRANT_PAGE };
    enum err err = OK;

    while (err == OK && page.count == GRANT_PAGE) {
        err = store_grant_list_partners(ctx->store, ctx->arena, sid, &after, &page);
        if (err == OK)
            err = page_walk(ctx, &page, telling);
        if (err == OK && page.count > 0)
            after.partner_id = page.at[page.count - 1].partner_id;
    }
    return err;
}

static enum err
delivery_put(struct ctx *ctx, const struct partner *partner, void *state)
{
    const struct stored_session *session = state;

    return outbox_put(ctx, &(struct outbox_entry) { .kind = OUTBOX_LOGOUT,
                                                    .partner_id = partner->profile.partner_id,
                                                    .person_id = subject_is_person(session->subject)
                                                                     ? session->subject.id
                                                                     : "",
                                                    .sid = session->sid,
                                                    .payload = trace_onward(ctx) });
}

enum err
logout_deliveries_add(struct ctx *ctx, const struct stored_session *session)
{
    return partners_walk(ctx, session->sid,
                         &(struct telling) { wants_to_be_told, delivery_put, (void *)session });
}

static enum err
told_note(struct ctx *ctx, const struct partner *partner, void *state)
{
    struct logout_told *told = state;

    (void)ctx;
    if (told->count < LOGOUT_TOLD_MAX)
        told->at[told->count++] = partner;
    else
        told->more++;
    return OK;
}

enum err
logout_told(struct ctx *ctx, const char *sid, struct logout_told *out)
{
    *out = (struct logout_told) { .count = 0 };
    return partners_walk(ctx, sid, &(struct telling) { hears_of_it, told_note, out });
}

const char *
logout_frame_url(struct ctx *ctx, const struct partner *partner, const char *sid)
{
    struct buf url = buf_new(ctx->arena, 512);

    if (!wants_a_frame(partner))
        return NULL;
    buf_text(&url, partner->profile.frontchannel_logout_uri);
    buf_text(&url, strchr(url.at, '?') != NULL ? "&iss=" : "?iss=");
    buf_url(&url, ctx->settings->server.issuer);
    buf_text(&url, "&sid=");
    buf_url(&url, session_id_for(ctx, partner, sid));
    return url.at;
}

/* Back-Channel Logout 1.0, 2.8. Who is down or has too much to do may take it the next time; who
 * says no is at fault, or we are. */
static enum err
err_of_status(int status)
{
    if (status == 200 || status == 204)
        return OK;
    return status >= 500 || status == 429 ? ERR_UNAVAILABLE : ERR_REFUSED;
}

/* A delivery names nobody but citizens: who else it was her session says, for as long as it is kept. */
static enum err
subject_of_delivery(struct ctx *ctx, const struct stored_delivery *delivery, struct subject *out)
{
    struct stored_session session;
    enum err err;

    *out = subject_person(delivery->person_id);
    if (!text_is_empty(delivery->person_id))
        return OK;
    err = store_session_load(ctx->store, ctx->arena, delivery->sid, &session);
    if (err == OK)
        *out = session.subject;
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
logout_tell(struct ctx *ctx, const struct stored_delivery *delivery, int *status)
{
    const struct partner *partner = registry_find(ctx->services->registry, delivery->partner_id);
    struct buf body = buf_new(ctx->arena, 1024);
    struct https_answer answer;
    struct subject subject;
    const char *token;
    enum err err;

    if (!wants_to_be_told(partner) || delivery->created_at < partner->since)
        return ERR_NOT_FOUND;
    trace_take(ctx, delivery->payload);
    err = subject_of_delivery(ctx, delivery, &subject);
    if (err == OK)
        err = logout_token_issue(ctx, partner, subject, delivery->sid, &token);
    if (err != OK)
        return err;
    buf_text(&body, "logout_token=");
    buf_url(&body, token);
    err = https_call(ctx->services->https, ctx->arena,
                     &(struct https_request) { .method = "POST",
                                               .url = partner->profile.backchannel_logout_uri,
                                               .trust = TRUST_PARTNER,
                                               .traceparent = trace_onward(ctx),
                                               .content_type = "application/x-www-form-urlencoded",
                                               .body = buf_view(&body),
                                               .deadline_s = CALL_DEADLINE_S,
                                               .max_answer_bytes = 65536 },
                     &answer);
    if (err != OK)
        return err;
    *status = answer.status;
    return err_of_status(answer.status);
}
