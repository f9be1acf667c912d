/* SPDX-License-Identifier: Apache-2.0 */
/* Asking WeChat whose a code is: begin, the ask on its lane, end (idp/context/ask.h). */
#ifndef IDP_PERSON_WECHAT_ASK_H
#define IDP_PERSON_WECHAT_ASK_H

#include "idp/context/ask.h"
#include "idp/person/wechat_binding.h"

struct wechat_asking {
    enum wechat_app app;
    const char *code;
    enum wechat_outcome outcome;
    bool is_snapshot;
    struct wechat_user user;
};

void wechat_asking_begin(enum wechat_app app, const char *code, struct wechat_asking *out);

extern const struct ask ask_wechat; /* of a struct wechat_asking */

/* Who it is; or what the person, or the mini program, is told. */
const struct problem *wechat_asking_end(struct ctx *ctx, const struct wechat_asking *asking,
                                        struct wechat_identity *out);

#endif
