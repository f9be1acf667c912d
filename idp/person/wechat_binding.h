/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who somebody at WeChat is here (docs/adr/0044). An openid names her in one application, the
 * unionid in all of ours. Neither becomes somebody without a fresh proof of who she is; a unionid
 * is one person; what does not fit what we know proves nothing.
 */
#ifndef IDP_PERSON_WECHAT_BINDING_H
#define IDP_PERSON_WECHAT_BINDING_H

#include "idp/base/problem.h"
#include "idp/connect/wechat.h"
#include "idp/context/ctx.h"
#include "idp/tables/external_identity.h"

/* As WeChat has just told us, and nobody else. */
struct wechat_identity {
    enum wechat_app app;
    const char *openid;
    const char *unionid;  /* "": not told */
    bool unionid_was_due; /* with what was asked for it would have been told */
};

struct wechat_found {
    const char *person_id; /* NULL: nobody whom this proves */
    bool is_doubtful;      /* the openid is known, but its unionid is missing or another one */
};

/*
 * An openid that comes with a known unionid is hers from now on, and so is a unionid that comes with
 * an openid of hers that had none. problem_account_stopped: she may not log in.
 */
const struct problem *wechat_recognise(struct ctx *ctx, const struct wechat_identity *who,
                                       struct wechat_found *out);

/*
 * From now on it is hers, who has just proven who she is; she is told by a message. OK also when it
 * was. problem_wechat_bound_elsewhere: it is another person's.
 */
const struct problem *wechat_bind(struct ctx *ctx, const struct wechat_identity *who,
                                  const char *person_id);

/* Nothing at WeChat is hers any more. OK also when nothing was. In the caller's transaction. */
must_check enum err wechat_forget(struct ctx *ctx, const char *person_id, const char *reason);

/* The same, as a transaction of its own. *removed: something was. */
must_check enum err wechat_unbind(struct ctx *ctx, const char *person_id, bool *removed);

#endif
