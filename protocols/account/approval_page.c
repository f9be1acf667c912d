/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/account/approval_page.h"

#include "idp/base/text.h"

bool
approval_view_make(struct request *rq, const struct stored_pending *row, struct approval_view *out)
{
    *out = (struct approval_view) {
        .row = row,
        .partner = registry_find(rq->ctx->services->registry, row->partner_id),
    };
    return out->partner != NULL && row->created_at >= out->partner->since &&
           backchannel_asked_open(rq->ctx, row, &out->asked) == OK;
}

static enum word
channel_word(const struct partner *partner)
{
    const char *channel = partner->profile.channel;

    if (text_eq(channel, "telephone"))
        return WORD_channel_telephone;
    return text_eq(channel, "message") ? WORD_channel_message : WORD_channel_web;
}

void
approval_page_fill(struct request *rq, struct page *page, const struct approval_view *view,
                   const struct disclosure *disclosure)
{
    page_text(page, "asker", partner_name(view->partner, rq->language));
    page_word(page, "channel", channel_word(view->partner));
    page_text(page, "binding_message", view->asked.binding_message);
    page_text(page, "asked_at", time_beijing_clock(rq->arena, view->row->created_at));
    page_text(page, "until", time_beijing_clock(rq->arena, view->row->expires_at));
    page_text(page, "person", disclosure_account(rq, disclosure));
}
