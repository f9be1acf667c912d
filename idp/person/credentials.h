/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords of persons. */
#ifndef IDP_PERSON_CREDENTIALS_H
#define IDP_PERSON_CREDENTIALS_H

#include "idp/base/problem.h"
#include "idp/context/ask.h"

/* A password that an account shall have. */
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

/*
 * A password in place of the one that she has, or of none. What policies/password_rules.h says;
 * `phone` (E.164) is her number from now on. Asked as ask_password_choice; whoever changes it puts
 * it (idp/session/renewal.h).
 */
const struct problem *password_renewal_begin(struct ctx *ctx, const char *person_id,
                                             const char *phone, const char *password,
                                             struct password_choice *out);
/* In the caller's transaction, once it is hashed: choice->err was OK. */
must_check enum err password_renewal_put(struct ctx *ctx, const struct password_choice *choice);

/* Has she chosen one yet? */
must_check enum err password_is_chosen(struct ctx *ctx, const char *person_id, bool *out);

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
