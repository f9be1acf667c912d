/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/device_cookie.h"

#include "idp/base/text.h"
#include "idp/person/device.h"
#include "protocols/http/cookies.h"

#define NAME "device"

void
device_cookie_read(struct request *rq)
{
    rq->ctx->device = device_open(rq->ctx, cookie_find(rq, NAME));
}

void
device_cookie_keep(struct request *rq, const char *phone)
{
    const char *value;

    if (phone == NULL || text_list_has("terminal counter", rq->ctx->channel))
        return;
    if (device_remember(rq->ctx, phone, &value) == OK)
        cookie_set(rq, NAME, value, rq->ctx->settings->life.device_s);
}
