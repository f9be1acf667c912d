/* SPDX-License-Identifier: Apache-2.0 */
/* An answer by text message: the number that she was asked to send back (policies/backchannel.h,
 * "reply"). */
#ifndef IDP_SESSION_BACKCHANNEL_REPLY_H
#define IDP_SESSION_BACKCHANNEL_REPLY_H

#include "idp/context/ctx.h"

/*
 * `phone_number` and `content` as the gateway hands them on. What fits no question is counted against
 * that number and audited, and is no error. Sent twice it is the same answer.
 */
must_check enum err backchannel_reply(struct ctx *ctx, const char *phone_number,
                                      const char *content);

#endif
