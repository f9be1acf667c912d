/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/device_cookie.h"

#include "idp/base/text.h"
#include "idp/person/device.h"
#include "policies/browser.h"
#include "protocols/http/cookies.h"

#define NAME "device"

/* Many people stand before it, one behind the other. */
static bool
is_shared(const struct request *rq)
{
    return text_list_has("terminal counter", rq->ctx->channel);
}

void
device_cookie_read(struct request *rq)
{
    rq->ctx->device = device_open(rq->ctx, cookie_find(rq, NAME));
}

enum err
device_cookie_settle(struct request *rq)
{
    struct browser_kind browser = browser_named(rq->headers.user_agent);

    if (is_shared(rq)) {
        rq->ctx->device = NULL;
        return OK;
    }
    rq->ctx->browser =
        text_trimmed(rq->arena, arena_printf(rq->arena, "%s %s", browser.name, browser.system));
    if (rq->ctx->device == NULL)
        device_cookie_read(rq);
    return device_settle(rq->ctx);
}

void
device_cookie_keep(struct request *rq, const char *phone)
{
    const char *value;

    if (is_shared(rq))
        return;
    if (device_remember(rq->ctx, phone, &value) == OK)
        cookie_set(rq, NAME, value, rq->ctx->settings->life.device_s);
}
