/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What WeChat answers, read: one JSON object for each of its calls, whatever its content type says
 * (it may be text/plain). Texts that could do harm in an address or a log are no answer.
 */
#ifndef IDP_CONNECT_WECHAT_ANSWER_H
#define IDP_CONNECT_WECHAT_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "idp/base/arena.h"
#include "idp/base/bytes.h"

/* What an answer means for us. Zero is the one that proves nothing. */
enum wechat_outcome {
    WECHAT_UNKNOWN,       /* nothing came that can be believed; a code may be used up */
    WECHAT_DONE,          /* the answer holds what was asked for */
    WECHAT_BUSY,          /* not now, or not even asked: breaker, bulkhead, no connection */
    WECHAT_CODE_BAD,      /* the code is wrong, expired, used or another app's: begin anew */
    WECHAT_TOKEN_BAD,     /* the token is: fetch another one, once */
    WECHAT_UNLINKED,      /* the person has taken back what she had allowed */
    WECHAT_REFUSED,       /* WeChat holds the account to be risky */
    WECHAT_LIMITED,       /* too often */
    WECHAT_MISCONFIGURED, /* appid, secret or domain: the operator must look */
    WECHAT_FAULT          /* WeChat calls it our mistake, or has not granted the call */
};

/* Members that the answer lacks are "" or 0. */
struct wechat_answer {
    int64_t code; /* errcode */
    const char *openid;
    const char *unionid;
    const char *nickname; /* as chosen by the person: to be shown to herself only */
    const char *scope;
    const char *token; /* access_token or ticket */
    int64_t expires_in_s;
    bool is_snapshot; /* no person, but a preview that WeChat makes up */
};

/* `with_secret`: the call named our secret and no token, so that it is the secret which is wrong. */
enum wechat_outcome wechat_answer_read(struct arena *arena, struct bytes body, bool with_secret,
                                       struct wechat_answer *out);

/* A lower-case name for logs: "code_bad". Static storage. */
const char *wechat_outcome_name(enum wechat_outcome outcome);

#endif
