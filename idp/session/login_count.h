/* SPDX-License-Identifier: Apache-2.0 */
/* Logins as metrics: by way, channel and outcome, all three from tables. */
#ifndef IDP_SESSION_LOGIN_COUNT_H
#define IDP_SESSION_LOGIN_COUNT_H

#include "idp/context/ctx.h"
#include "policies/channel.h"

enum login_way {
    LOGIN_BY_PASSWORD,
    LOGIN_BY_SMS,
    LOGIN_BY_WECHAT,
    LOGIN_BY_QR,        /* of a browser, by the app */
    LOGIN_BY_TICKET,    /* of a page inside an app, by the app */
    LOGIN_BY_DEVICE,    /* at a device or terminal, by a telephone */
    LOGIN_BY_CARD,      /* and its PIN, at a terminal */
    LOGIN_BY_CARD_CODE, /* of the electronic card, at a terminal */
    LOGIN_BY_CIBA,      /* over the telephone, by an approval elsewhere */
    LOGIN_BY_MESSAGE,   /* an answer, or a link that was followed */
    LOGIN_WAYS
};

enum login_outcome {
    LOGIN_FAILED,
    LOGIN_LOCKED,
    LOGIN_OK,
    LOGIN_OUTCOMES
};

/* The series (idp/base/metrics.h) of one cell. */
unsigned login_series(enum login_way way, enum channel_id channel, enum login_outcome outcome);

/* One more, on the channel of ctx. */
void login_count(const struct ctx *ctx, enum login_way way, enum login_outcome outcome);

#endif
