/* SPDX-License-Identifier: Apache-2.0 */
/* GET /logout: the page behind a logout. It has an address of its own that says what stands on it, so
 * it can be reloaded, restored with its tab, and read in another language. */
#include "protocols/oidc/signed_out.h"

#include "idp/base/buf.h"
#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/session/session.h"
#include "keys/seal.h"
#include "protocols/endpoints.h"
#include "protocols/http/cookies.h"
#include "protocols/http/language.h"
#include "protocols/http/respond.h"
#include "protocols/pages/page.h"

#define CONTEXT "signed_out.1"

struct signed_out {
    const char *partner; /* ids */
    const char *told;    /* space-separated */
    int64_t more;
};

static const struct pack_field signed_out_fields[] = {
    PACKED_TEXT(struct signed_out, partner),
    PACKED_TEXT(struct signed_out, told),
    PACKED_INT(struct signed_out, more),
    PACKED_END,
};

static enum err
signed_out_seal(struct request *rq, const struct farewell *farewell, const char **out)
{
    struct buf told = buf_new(rq->arena, 256);
    struct signed_out said = { .more = (int64_t)farewell->told.more };

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

const struct problem *
signed_out_answer(struct request *rq, const struct farewell *farewell)
{
    const char *sealed;
    enum err err;

    if (cookie_find(rq, "session") != NULL) /* a cookie that was kept back stays */
        cookie_clear(rq, "session");
    if (farewell->return_url != NULL)
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

static void
told_add(struct request *rq, struct page *page, const struct signed_out *said)
{
    const char *ids = said->told;
    const char *id;
    size_t size;

    while ((id = text_next_word(&ids, &size)) != NULL) {
        const struct partner *partner =
            registry_find(rq->ctx->services->registry, arena_copy(rq->arena, id, size));

        if (partner != NULL)
            page_text(page_row(page, "partners"), "name", partner_name(partner, rq->language));
    }
    if (said->more > 0)
        page_text(page, "more", arena_printf(rq->arena, "%lld", (long long)said->more));
}

static void
way_back_add(struct request *rq, struct page *page, const char *partner_id)
{
    const struct partner *partner = registry_find(rq->ctx->services->registry, partner_id);

    if (way_back(partner) == NULL)
        return;
    page_text(page, "return_url", way_back(partner));
    page_text(page, "return_name", partner_name(partner, rq->language));
}

const struct problem *
endpoint_signed_out(struct request *rq)
{
    struct page *page;
    struct signed_out said = { .told = "", .partner = "" };
    const char *sealed = param(rq, "tx");
    struct bytes plain;

    if (rq->session->live) /* an old address: she has logged in since, and logs out there */
        return respond_redirect(rq, "/");
    page = page_new(rq, "signed_out", WORD_signed_out_title);
    if (sealed != NULL &&
        seal_text_open(&rq->ctx->keys->seal, rq->arena, CONTEXT, sealed, &plain) == OK &&
        unpack(rq->arena, signed_out_fields, plain, &said) == OK) {
        told_add(rq, page, &said);
        way_back_add(rq, page, said.partner);
    }
    page_text(page, "home_url", "/");
    page_languages(page, "/logout", sealed);
    return page_answer(rq, 200, page);
}
