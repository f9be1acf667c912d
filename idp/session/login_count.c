/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/login_count.h"

#include <pthread.h>
#include <stdio.h>

#include "idp/base/metrics.h"
#include "idp/base/text.h"

#define LABELS_BYTES 96

static const char *const ways[LOGIN_WAYS] = { "password", "sms",  "wechat",    "qr",   "ticket",
                                              "device",   "card", "card_code", "ciba", "message" };
static const char *const outcomes[LOGIN_OUTCOMES] = { "failed", "locked", "ok" };

static unsigned cells[LOGIN_WAYS][CHANNELS][LOGIN_OUTCOMES];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
cells_name(void)
{
    char labels[LABELS_BYTES];

    for (size_t way = 0; way < LOGIN_WAYS; way++)
        for (size_t channel = 0; channel < CHANNELS; channel++)
            for (size_t outcome = 0; outcome < LOGIN_OUTCOMES; outcome++) {
                snprintf(labels, sizeof(labels), "way=\"%s\",channel=\"%s\",outcome=\"%s\"",
                         ways[way], channels[channel].name, outcomes[outcome]);
                cells[way][channel][outcome] = metric_series(METRIC_LOGINS, labels);
            }
}

unsigned
login_series(enum login_way way, enum channel_id channel, enum login_outcome outcome)
{
    pthread_once(&once, cells_name);
    return cells[way][channel][outcome];
}

void
login_count(const struct ctx *ctx, enum login_way way, enum login_outcome outcome)
{
    size_t channel = 0;

    while (channel + 1 < CHANNELS && !text_eq(channels[channel].name, ctx->channel))
        channel++;
    metric_series_add(login_series(way, (enum channel_id)channel, outcome), 1);
}
