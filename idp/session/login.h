/* SPDX-License-Identifier: Apache-2.0 */
/* Logging in: a phone number or an identity number and a password, or a phone number and a code.
 * Each way ends in a proof. */
#ifndef IDP_SESSION_LOGIN_H
#define IDP_SESSION_LOGIN_H

#include "idp/base/problem.h"
#include "idp/person/credentials.h"
#include "idp/session/session.h"
#include "policies/login_name.h"

struct password_login {
    const char *phone;      /* E.164: of her account, or as typed by who has none; NULL: neither */
    const char *counted_as; /* tries by her phone and by her identity number are one count */
    struct password_check check; /* to be asked: ask_password_check */
};

/*
 * What login_guard.h says when it is too early for a further try, before any hash, known name or
 * not.
 */
const struct problem *password_login_begin(struct ctx *ctx, const struct login_name *name,
                                           const char *password, struct password_login *out);
/* The same for somebody who is logged in already. */
const struct problem *password_proof_begin(struct ctx *ctx, const char *person_id,
                                           const char *password, struct password_login *out);

/*
 * problem_login_failed for a wrong password, an unknown name and a person who may not log in
 * alike, at the same cost. problem_try_again when it could not be hashed: that does not count.
 */
const struct problem *password_login_end(struct ctx *ctx, const struct password_login *login,
                                         struct proof *out);

/*
 * The code sent to that phone in the flow `flow` (phone_code.h, purpose "login"). Who holds the
 * phone may be told that it has no account: problem_phone_unknown. problem_phone_stale: it was not
 * proven for life.phone_s, and the browser is not known for it: it may have a new owner.
 */
const struct problem *login_by_code(struct ctx *ctx, const char *flow, const char *phone,
                                    const char *typed, struct proof *out);

/*
 * The phone was proven in this flow, by a code of another purpose that was right a moment ago. The
 * proof is good for one session: the one that it makes.
 */
const struct problem *login_by_proven_phone(struct ctx *ctx, const char *phone, struct proof *out);

#endif
