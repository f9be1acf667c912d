/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A WeChat account that proves nobody yet, kept sealed in a cookie of the transaction in which it
 * came: once she has logged in there in another way, she is asked whether it is hers from now on
 * (docs/adr/0044).
 */
#ifndef PROTOCOLS_FLOW_BINDING_H
#define PROTOCOLS_FLOW_BINDING_H

#include "idp/person/wechat_binding.h"
#include "idp/session/transaction.h"
#include "protocols/http/request.h"

/* Where she is asked. */
#define BINDING_PATH "/login/wechat/confirm"

struct binding {
    const char *id;  /* of the transaction */
    unix_s begun_at; /* the transaction: one begun anew in its place is another */
    int64_t app;     /* enum wechat_app */
    const char *openid;
    const char *unionid;
    int64_t unionid_was_due;
    const char *nickname;  /* to be shown to her; "": not told */
    const char *number;    /* that the mini program shows, to be typed first; "": none */
    const char *person_id; /* who has logged in since, in this transaction and not by WeChat; "" */
    int64_t is_doubtful;   /* it was somebody's, and something about it is not as it was */
};

struct wechat_identity binding_identity(const struct binding *binding);

/* binding->id and ->begun_at are filled in. */
const struct problem *binding_keep(struct request *rq, const struct transaction *tx,
                                   struct binding *binding);

/* False: nothing waits in this transaction. */
bool binding_find(struct request *rq, const struct transaction *tx, struct binding *out);

void binding_forget(struct request *rq, const struct transaction *tx);

#endif
