/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/login/ways/ways.h"

#include "idp/base/text.h"
#include "idp/connect/sms.h"
#include "idp/connect/wechat.h"
#include "policies/channel.h"

static bool
messages_can_be_sent(const struct ctx *ctx)
{
    return sms_is_configured(ctx->services->sms);
}

static bool
wechat_pages_are_ours(const struct ctx *ctx)
{
    return wechat_is_configured(ctx->services->wechat, WECHAT_OFFICIAL);
}

static bool
wechat_knows_our_site(const struct ctx *ctx)
{
    return wechat_is_configured(ctx->services->wechat, WECHAT_OPEN);
}

const struct way ways[WAY_COUNT] = {
    [WAY_PASSWORD] = { "password", WORD_login_by_password, "/login", "pwd", NULL },
    [WAY_SMS] = { "sms", WORD_login_by_sms, "/login/sms", "sms", messages_can_be_sent },
    [WAY_WECHAT] = { "wechat", WORD_login_by_wechat, "/login/wechat", "wechat",
                     wechat_pages_are_ours },
    [WAY_WECHAT_QR] = { "wechat-qr", WORD_login_by_wechat_qr, "/login/wechat/qr", "wechat",
                        wechat_knows_our_site },
    [WAY_QR] = { "qr", WORD_login_by_qr, "/login/qr", "", NULL },
};

const struct problem *
way_check(const struct request *rq, const struct way *way)
{
    bool offered = text_list_has(channel_rule(rq->ctx->channel)->ways, way->name);

    if (offered && (way->is_available == NULL || way->is_available(rq->ctx)))
        return NULL;
    return &problem_way_unavailable;
}

const struct problem *
way_check_for(const struct request *rq, const struct flow *flow, const struct way *way)
{
    if (flow->tx.asks_again != 0 && text_is_empty(way->amr))
        return &problem_way_unavailable;
    return way_check(rq, way);
}

void
way_links(struct request *rq, const struct flow *flow, const struct way *way, struct page *page)
{
    for (const struct way *other = ways; other < ways + WAY_COUNT; other++) {
        struct page *row;

        if (other == way || way_check_for(rq, flow, other) != NULL)
            continue;
        row = page_row(page, "ways");
        page_text(row, "name", other->name);
        page_word(row, "label", other->word);
        page_text(row, "url", flow_url(rq, flow, other->path));
    }
    if (messages_can_be_sent(rq->ctx)) /* who registers is sent a code */
        page_text(page, "register_url", flow_url(rq, flow, "/register"));
}

void
way_instead(struct request *rq, const struct flow *flow, const struct way *way, struct page *page)
{
    if (!mistakes_ask_to_wait(&flow->mistakes) || way_check(rq, way) != NULL)
        return;
    page_word(page, "other_way", way->word);
    page_text(page, "other_way_url", flow_url(rq, flow, way->path));
}

const struct problem *
way_log_in(struct request *rq, struct flow *flow, const struct way *way, const struct proof *proof)
{
    if (proof->lent_by == NULL && !text_list_within(proof->amr, way->amr))
        return &problem_internal;
    return flow_log_in(rq, flow, proof);
}
