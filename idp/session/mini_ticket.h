/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the mini program to a page of ours: who she is to WeChat, and for which partner she shall log
 * in, sealed. It is good once, and the page asks for the number that the mini program shows.
 */
#ifndef IDP_SESSION_MINI_TICKET_H
#define IDP_SESSION_MINI_TICKET_H

#include "idp/context/ctx.h"

#define MINI_TICKET_LIFE_S 600
#define MINI_TICKET_MAX_BYTES 2048

struct mini_ticket {
    const char *id;
    const char *partner_id;
    const char *scope;
    const char *openid;
    const char *unionid; /* "": not told */
    const char *number;  /* four digits */
    int64_t is_doubtful;
    unix_s at;
};

/* Fills in id, number and at. */
must_check enum err mini_ticket_issue(struct ctx *ctx, struct mini_ticket *ticket,
                                      const char **out);

/* ERR_FORGED, ERR_EXPIRED. */
must_check enum err mini_ticket_open(struct ctx *ctx, const char *text, struct mini_ticket *out);

/* ERR_CONFLICT: it was used. */
must_check enum err mini_ticket_spend(struct ctx *ctx, const struct mini_ticket *ticket);

#endif
