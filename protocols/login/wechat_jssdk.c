/* SPDX-License-Identifier: Apache-2.0 */
/* GET /wechat/jssdk: what wx.config needs on a page of ours inside WeChat. */
#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/text.h"
#include "idp/connect/wechat.h"
#include "idp/connect/wechat_jssdk.h"
#include "idp/person/wechat_token.h"
#include "protocols/endpoints.h"
#include "protocols/http/respond.h"

#define NONCE_BYTES 16

/* Signed for others, it would let their pages pass for ours. */
static bool
is_ours(const struct request *rq, const char *url)
{
    const char *issuer = rq->ctx->settings->server.issuer;
    size_t size = strlen(issuer);

    return url != NULL && text_starts(url, issuer) && strchr("/?#", url[size]) != NULL;
}

static const struct problem *
answer(struct request *rq, const char *signature, const struct wechat_page *page)
{
    struct buf json = buf_new(rq->arena, 256);

    emit_object(&json, NULL);
    emit_text(&json, "appId", wechat_appid(rq->ctx->services->wechat, WECHAT_OFFICIAL));
    emit_int(&json, "timestamp", page->at);
    emit_text(&json, "nonceStr", page->nonce);
    emit_text(&json, "signature", signature);
    emit_object_end(&json);
    return respond_json(rq, 200, &json);
}

const struct problem *
endpoint_wechat_jssdk(struct request *rq)
{
    struct wechat_page page = { .url = param(rq, "url"), .at = rq->now };
    uint8_t nonce[NONCE_BYTES];
    const char *signature = NULL;
    const char *ticket;
    enum err err;

    if (!wechat_is_configured(rq->ctx->services->wechat, WECHAT_OFFICIAL))
        return &problem_way_unavailable;
    if (!is_ours(rq, page.url))
        return &problem_wechat_page_foreign;
    err = wechat_ticket_find(rq->ctx, &ticket);
    if (err == ERR_NOT_FOUND)
        return &problem_wechat_unavailable;
    if (err == OK)
        err = env_random(rq->ctx->env, nonce, sizeof(nonce));
    if (err != OK)
        return problem_of(err);
    page.nonce = hex_encode(rq->arena, bytes_of(nonce, sizeof(nonce)));
    signature = wechat_page_signature(rq->arena, ticket, &page);
    return signature != NULL ? answer(rq, signature, &page) : &problem_internal;
}
