/* SPDX-License-Identifier: Apache-2.0 */
/* Logins as metrics: by way, channel and outcome, all three from tables. */
#ifndef IDP_SESSION_LOGIN_COUNT_H
#define IDP_SESSION_LOGIN_COUNT_H

#include "idp/context/ctx.h"

enum login_way {
    LOGIN_BY_PASSWORD,
    LOGIN_BY_SMS,
    LOGIN_WAYS
};

enum login_outcome {
    LOGIN_FAILED,
    LOGIN_LOCKED,
    LOGIN_OK,
    LOGIN_OUTCOMES
};

/* Of struct partner_profile, channel. */
#define LOGIN_CHANNELS 5
extern const char *const login_channels[LOGIN_CHANNELS];

/* The series (idp/base/metrics.h) of one cell. */
unsigned login_series(enum login_way way, size_t channel, enum login_outcome outcome);

/* One more, on the channel of ctx. */
void login_count(const struct ctx *ctx, enum login_way way, enum login_outcome outcome);

#endif
