/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many codes may be sent: to one number, so that nobody is flooded; for one network and in all,
 * so that nobody pumps messages. A stranger's requests leave room for the person's own
 * (docs/adr/0012).
 */
#ifndef IDP_PERSON_CODE_LIMITS_H
#define IDP_PERSON_CODE_LIMITS_H

#include "idp/base/problem.h"
#include "idp/context/ctx.h"

/*
 * Counts one message to the number (E.164) before it is sent. problem_sms_too_soon, _wait_15,
 * _wait_60, _wait_hours, _too_many, _network_full, _network_long, _paused or _paused_today: nothing
 * was counted. An alarm (log, metric) is raised when a prefix or the whole province has reached its
 * cap.
 */
const struct problem *code_limits_take(struct ctx *ctx, const char *phone);

/* How many seconds of the minute between two messages to this number are left; 0: none. */
must_check enum err code_limits_wait(struct ctx *ctx, const char *phone, int64_t *wait_s);

/* No message came of it. */
void code_limits_give_back(struct ctx *ctx, const char *phone);

#endif
