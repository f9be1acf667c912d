/* SPDX-License-Identifier: Apache-2.0 */
/* The signature by which a page inside WeChat may use its JS-SDK. WeChat wants SHA-1; nothing of ours
 * rests on it. */
#ifndef IDP_CONNECT_WECHAT_JSSDK_H
#define IDP_CONNECT_WECHAT_JSSDK_H

#include "idp/base/arena.h"
#include "idp/base/env.h"

struct wechat_page {
    const char *url; /* as the browser has it; what follows a # is not signed */
    const char *nonce;
    unix_s at;
};

/* 40 hexadecimal digits; NULL when SHA-1 is not to be had. */
const char *wechat_page_signature(struct arena *arena, const char *ticket,
                                  const struct wechat_page *page);

#endif
