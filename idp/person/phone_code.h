/* SPDX-License-Identifier: Apache-2.0 */
/* Codes by short message: six digits, 300 s, five tries, one use, bound to one
 * flow, purpose and number. */
#ifndef IDP_PERSON_PHONE_CODE_H
#define IDP_PERSON_PHONE_CODE_H

#include "idp/base/problem.h"
#include "idp/context/ask.h"

struct phone_code {
    const char *flow;    /* the transaction's id: a code of one flow means nothing in another */
    const char *purpose; /* "register", "login", "bank": chooses the message's words too */
    const char *phone;   /* E.164 */
};

/* A code on its way. */
struct code_sending {
    struct phone_code code;
    const char *digits;
    enum err err; /* of the gateway */
};

/*
 * A new code, within the limits of code_limits.h (shared by all flows), whose problems it tells. An
 * earlier code of the same flow dies.
 */
const struct problem *phone_code_begin(struct ctx *ctx, const struct phone_code *code,
                                       struct code_sending *out);
extern const struct ask ask_phone_code;
/* problem_sms_not_sent: it does not count. */
const struct problem *phone_code_end(struct ctx *ctx, const struct code_sending *sending);

/* Is a code of this very flow on its way or there, that can still be typed? */
must_check enum err phone_code_is_out(struct ctx *ctx, const struct phone_code *code, bool *out);

/*
 * The code as typed. problem_sms_code_malformed (does not count), _wrong, _dead. The code that was
 * right is right once more for REPEAT_S, and *repeated (may be NULL) says that it is that.
 */
const struct problem *phone_code_check(struct ctx *ctx, const struct phone_code *code,
                                       const char *typed, bool *repeated);

#endif
