/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords of persons. */
#ifndef IDP_PERSON_CREDENTIALS_H
#define IDP_PERSON_CREDENTIALS_H

#include "idp/audit/ctx.h"
#include "idp/base/problem.h"

/* The first password of an account: refused when there is one already (transaction_order). */
const struct problem *password_choose(struct ctx *ctx, const char *person_id, const char *password);

/*
 * OK, ERR_FORGED (wrong, or no such person or password: `person_id` may be NULL, at the same cost),
 * ERR_BUSY. A hash with old parameters is renewed on success.
 */
must_check enum err password_check_of(struct ctx *ctx, const char *person_id, const char *password);

#endif
