/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wrong passwords and codes of members of staff: after STAFF_TRIES of them nothing is evaluated for STAFF_LOCK_S, by name and by
 * source (GB/T 22239-2019, 8.1.4.1). A name that nobody has counts as one that somebody has. The source is the counter, or
 * the network where the browser is that of none.
 */
#ifndef IDP_STAFF_TRIES_H
#define IDP_STAFF_TRIES_H

#include "idp/base/problem.h"
#include "idp/context/ctx.h"

/* Counts one, before it is evaluated. `name` is a canonical id, or what was typed where that is none. When it is too early:
 * how long it is to wait. */
const struct problem *staff_tries_take(struct ctx *ctx, const char *name);

/* It was no wrong one, and proves too little to forget the others: a password, without the second factor. */
void staff_tries_give_back(struct ctx *ctx, const char *name);

/* She has signed in: all is forgotten. */
void staff_tries_passed(struct ctx *ctx, const char *name);

/* In the caller's transaction: those of her name are forgotten; *count of lines. */
must_check enum err staff_tries_forget(struct ctx *ctx, const char *staff_id, int64_t *count);

#endif
