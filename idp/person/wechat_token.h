/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The official account's own token and the ticket of the JS-SDK: WeChat wants one holder of them in
 * the whole cluster. The job under the lease "wechat" is it (idp/server/life/jobs.c); all nodes read
 * what it has stored.
 */
#ifndef IDP_PERSON_WECHAT_TOKEN_H
#define IDP_PERSON_WECHAT_TOKEN_H

#include "idp/context/ctx.h"

/* They are renewed so long before their end. */
#define WECHAT_RENEW_EARLY_S 300

/* A token that WeChat no longer takes is replaced before its time, but not more often than this. */
#define WECHAT_FORCED_EVERY_S 30
#define WECHAT_FORCED_A_DAY 20

/* Fetches what is due, of who holds the lease. ERR_UNAVAILABLE: WeChat did not give it; what there is
 * serves on until its end. */
must_check enum err wechat_tokens_hold(struct ctx *ctx);

/* The ticket; ERR_NOT_FOUND when there is none that is good now. */
must_check enum err wechat_ticket_find(struct ctx *ctx, const char **out);

#endif
