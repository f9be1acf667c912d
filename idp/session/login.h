/* SPDX-License-Identifier: Apache-2.0 */
/* Logging in: a phone number and a password, or a phone number and a code.
 * Each way ends in a proof. */
#ifndef IDP_SESSION_LOGIN_H
#define IDP_SESSION_LOGIN_H

#include "idp/base/problem.h"
#include "idp/person/credentials.h"
#include "idp/session/session.h"

struct password_login {
    const char *phone;           /* canonical (policies/phone.h) */
    struct password_check check; /* to be asked: ask_password_check */
};

/*
 * What login_guard.h says when it is too early for a further try, before any hash, known phone or
 * not.
 */
const struct problem *password_login_begin(struct ctx *ctx, const char *phone, const char *password,
                                           struct password_login *out);

/*
 * problem_login_failed for a wrong password, an unknown phone and a person who may not log in
 * alike, at the same cost. problem_try_again when it could not be hashed: that does not count.
 */
const struct problem *password_login_end(struct ctx *ctx, const struct password_login *login,
                                         struct proof *out);

/*
 * The code sent to that phone in the flow `flow` (phone_code.h, purpose "login"). Who holds the
 * phone may be told that it has no account: problem_phone_unknown.
 */
const struct problem *login_by_code(struct ctx *ctx, const char *flow, const char *phone,
                                    const char *typed, struct proof *out);

/*
 * The phone was proven in this flow, by a code of another purpose that was right a moment ago. The
 * proof is good for one session: the one that it makes.
 */
const struct problem *login_by_proven_phone(struct ctx *ctx, const char *phone, struct proof *out);

#endif
