/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /logout: the page behind a logout. It has an address of its own that says what stands on it, so
 * it can be reloaded, restored with its tab, and read in another language. GET /logout/frame: what it
 * has in a frame for each partner that wants that (OpenID Connect Front-Channel Logout 1.0).
 */
#include "protocols/oidc/signed_out.h"

#include "idp/base/buf.h"
#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/session/session.h"
#include "keys/seal.h"
#include "policies/web_origin.h"
#include "protocols/endpoints.h"
#include "protocols/http/browser_state.h"
#include "protocols/http/cookies.h"
#include "protocols/http/language.h"
#include "protocols/http/respond.h"
#include "protocols/pages/page.h"

#define CONTEXT "signed_out.1"
#define FRAME_CONTEXT "logout.frame.1"

/*
 * Browsers count these seconds once the page and all its frames are loaded, and a partner that hangs
 * would never be. So what is loaded with the page is a frame of ours, which goes on to the partner
 * behind that.
 */
#define FRAME_GOES_ON "1; url="
#define PAGE_GOES_ON "5; url="

struct signed_out {
    const char *partner; /* ids */
    const char *told;    /* space-separated */
    int64_t more;
    const char *return_url; /* where the page leads on by itself; "": nowhere */
    const char *sid;        /* "": none has ended */
};

static const struct pack_field signed_out_fields[] = {
    PACKED_TEXT(struct signed_out, partner),
    PACKED_TEXT(struct signed_out, told),
    PACKED_INT(struct signed_out, more),
    PACKED_TEXT_SINCE(1, struct signed_out, return_url),
    PACKED_TEXT_SINCE(1, struct signed_out, sid),
    PACKED_END,
};

static enum err
signed_out_seal(struct request *rq, const struct farewell *farewell, const char **out)
{
    struct buf told = buf_new(rq->arena, 256);
    struct signed_out said = { .more = (int64_t)farewell->told.more,
                               .return_url = farewell->return_url,
                               .sid = farewell->sid };

    for (size_t i = 0; i < farewell->told.count; i++) {
        buf_text(&told, i > 0 ? " " : "");
        buf_text(&told, farewell->told.at[i]->profile.partner_id);
    }
    said.told = told.at;
    said.partner = farewell->partner != NULL ? farewell->partner->profile.partner_id : "";
    return seal_text(
        &rq->ctx->keys->seal, rq->ctx->env, rq->arena, CONTEXT,
        pack(rq->arena, signed_out_fields, rq->ctx->settings->upgrade.sealed_layout, &said), out);
}

/* Not where nodes of the version before would show the page without its frames, nor on the way to an
 * app's own scheme, where no page leads by itself. */
static bool
has_frames(struct request *rq, const struct farewell *farewell)
{
    bool frames = false;

    if (farewell->return_url != NULL && web_origin_size(farewell->return_url) == 0)
        return false;

    for (size_t i = 0; i < farewell->told.count; i++)
        frames |= logout_frame_url(rq->ctx, farewell->told.at[i], "") != NULL;
    return frames && rq->ctx->settings->upgrade.sealed_layout > 0;
}

static void
session_forget(struct request *rq)
{
    if (cookie_find(rq, "session") != NULL) /* a cookie that was kept back stays */
        cookie_clear(rq, "session");
    browser_state_leave(rq);
}

const struct problem *
signed_out_answer(struct request *rq, const struct farewell *farewell)
{
    const char *sealed;
    enum err err;

    if (!farewell->of_staff)
        session_forget(rq);
    if (farewell->return_url != NULL && !has_frames(rq, farewell))
        return respond_redirect(rq, farewell->return_url);
    err = signed_out_seal(rq, farewell, &sealed);
    if (err != OK)
        return problem_of(err);
    return respond_redirect(
        rq, arena_printf(rq->arena, "/logout?tx=%s%s", sealed, language_carried(rq)));
}

/* Registered for people who have logged out. That of a native application opens nothing here. */
static const char *
way_back(const struct partner *partner)
{
    if (partner == NULL || partner->profile.native ||
        partner->profile.post_logout_redirect_uris.count == 0)
        return NULL;
    return partner->profile.post_logout_redirect_uris.at[0];
}

/* The page's frames, and the sites that may be shown in them. */
struct frames {
    struct page *page;
    const char *sid;
    const char *sites;
};

static enum err
frame_add(struct request *rq, struct frames *frames, const struct partner *partner)
{
    const char *url = logout_frame_url(rq->ctx, partner, frames->sid);
    const char *sealed;
    struct page *row;
    enum err err;

    if (url == NULL || text_is_empty(frames->sid))
        return OK;
    err = seal_text(&rq->ctx->keys->seal, rq->ctx->env, rq->arena, FRAME_CONTEXT,
                    bytes_of_text(url), &sealed);
    if (err != OK)
        return err;
    row = page_row(frames->page, "frames");
    page_text(row, "url", arena_printf(rq->arena, "/logout/frame?tx=%s", sealed));
    page_text(row, "name", partner_name(partner, rq->language));
    frames->sites =
        text_list_union(rq->arena, frames->sites, arena_copy(rq->arena, url, web_origin_size(url)));
    return OK;
}

static enum err
told_add(struct request *rq, struct page *page, const struct signed_out *said)
{
    struct frames frames = { page, said->sid, "" };
    const char *ids = said->told;
    enum err err = OK;
    const char *id;
    size_t size;

    while (err == OK && (id = text_next_word(&ids, &size)) != NULL) {
        const struct partner *partner =
            registry_find(rq->ctx->services->registry, arena_copy(rq->arena, id, size));

        if (partner == NULL)
            continue;
        page_text(page_row(page, "partners"), "name", partner_name(partner, rq->language));
        err = frame_add(rq, &frames, partner);
    }
    if (said->more > 0)
        page_text(page, "more", arena_printf(rq->arena, "%lld", (long long)said->more));
    if (!text_is_empty(frames.sites))
        page_allow_frames(page, frames.sites);
    return err;
}

static void
way_back_add(struct request *rq, struct page *page, const struct signed_out *said)
{
    const struct partner *partner = registry_find(rq->ctx->services->registry, said->partner);
    bool leads_on = !text_is_empty(said->return_url);
    const char *url = leads_on ? said->return_url : way_back(partner);

    if (partner == NULL || url == NULL)
        return;
    page_text(page, "return_url", url);
    page_text(page, "return_name", partner_name(partner, rq->language));
    if (!leads_on)
        return;
    page_flag(page, "leads_on", true);
    page_add_script(page);
    respond_header(rq, "Refresh", arena_printf(rq->arena, PAGE_GOES_ON "%s", url));
}

const struct problem *
endpoint_signed_out(struct request *rq)
{
    struct page *page;
    struct signed_out said = { .told = "", .partner = "" };
    const char *sealed = param(rq, "tx");
    struct bytes plain;
    enum err err = OK;

    if (rq->session->live) /* an old address: she has logged in since, and logs out there */
        return respond_redirect(rq, "/");
    page = page_new(rq, "signed_out", WORD_signed_out_title);
    if (sealed != NULL &&
        seal_text_open(&rq->ctx->keys->seal, rq->arena, CONTEXT, sealed, &plain) == OK &&
        unpack(rq->arena, signed_out_fields, plain, &said) == OK) {
        err = told_add(rq, page, &said);
        way_back_add(rq, page, &said);
    }
    if (err != OK)
        return problem_of(err);
    page_text(page, "home_url", "/");
    page_languages(page, "/logout", sealed);
    return page_answer(rq, 200, page);
}

/* The frame's first page: it is empty, and goes on to the partner. */
const struct problem *
endpoint_logout_frame(struct request *rq)
{
    static const char page[] = "<!DOCTYPE html><html lang=\"zh-CN\"><title>\u2026</title></html>";
    const char *sealed = param(rq, "tx");
    struct bytes url;

    if (sealed == NULL ||
        seal_text_open(&rq->ctx->keys->seal, rq->arena, FRAME_CONTEXT, sealed, &url) != OK)
        return &problem_transaction_lost;
    respond_header(rq, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'self'");
    respond_header(
        rq, "Refresh",
        arena_printf(rq->arena, FRAME_GOES_ON "%s", arena_copy(rq->arena, url.at, url.size)));
    return respond_text(rq, 200, "text/html; charset=utf-8", bytes_of_text(page));
}
