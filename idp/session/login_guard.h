/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may try a password now. A stranger's failures make strangers wait, longer and longer but
 * never for ever; a browser that the person logged in with before has tries of its own; the code by
 * text message counts elsewhere and stays open (docs/adr/0012).
 */
#ifndef IDP_SESSION_LOGIN_GUARD_H
#define IDP_SESSION_LOGIN_GUARD_H

#include "idp/base/problem.h"
#include "idp/context/ctx.h"
#include "idp/person/vault.h"

/*
 * Counts a try for that number (E.164) before the password is looked at. problem_login_wait_1, _5,
 * _15, _60, problem_login_network_full or _long: no hash is to be computed. The answer is the same
 * whether the number is known (`person_id`) or not (NULL).
 */
const struct problem *login_guard_take(struct ctx *ctx, const char *phone, const char *person_id);

/* The password was right: what was counted is forgotten. */
void login_guard_passed(struct ctx *ctx, const char *phone);

/* The password was not looked at after all. */
void login_guard_give_back(struct ctx *ctx, const char *phone);

/*
 * An operator lets her try again at once: what was counted at her number is forgotten, whoever
 * tried. What a network has used up at all numbers goes on. *forgotten counts lines; an audit record
 * when there were any.
 */
must_check enum err login_guard_forget(struct ctx *ctx, const struct person *person,
                                       int64_t *forgotten);

#endif
