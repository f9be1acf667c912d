/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords of persons. */
#ifndef IDP_PERSON_CREDENTIALS_H
#define IDP_PERSON_CREDENTIALS_H

#include "idp/base/problem.h"
#include "idp/context/ask.h"

/* The first password of an account. */
struct password_choice {
    const char *person_id;
    const char *password;
    const char *phc;
    enum err err; /* of the hash */
};

/* What policies/password_rules.h says; problem_transaction_order when there is one already. */
const struct problem *password_choice_begin(struct ctx *ctx, const char *person_id,
                                            const char *password, struct password_choice *out);
extern const struct ask ask_password_choice;
/* problem_transaction_order when another was faster; problem_try_again when it was not hashed. */
const struct problem *password_choice_end(struct ctx *ctx, struct password_choice *choice);

/* Is it this person's password? */
struct password_check {
    const char *person_id;
    const char *password;
    const char *phc; /* NULL: no such person or password, at the same cost */
    const char *renewed;
    enum err err; /* of the hash */
};

/* `person_id` may be NULL. */
must_check enum err password_check_begin(struct ctx *ctx, const char *person_id,
                                         const char *password, struct password_check *out);
extern const struct ask ask_password_check;
/* OK, ERR_FORGED (wrong, or nobody's), ERR_BUSY or ERR_UNAVAILABLE: it could not be found out. */
must_check enum err password_check_end(struct ctx *ctx, const struct password_check *check);

#endif
