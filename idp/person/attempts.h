/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger of attempts with the caps of policies/lockout.h: one count for all channels and nodes.
 */
#ifndef IDP_PERSON_ATTEMPTS_H
#define IDP_PERSON_ATTEMPTS_H

#include <stdbool.h>

#include "idp/audit/ctx.h"
#include "policies/lockout.h"

/*
 * Counts one attempt of that kind on the subject (any canonical text, kept as a keyed digest) and
 * tells whether it is within the cap. It is counted before it is evaluated, so no interleaving
 * evaluates more than the cap. `count` (may be NULL) gets the number in the window.
 */
must_check enum err attempt_take(struct ctx *ctx, enum attempt_kind kind, const char *subject,
                                 bool *allowed, int64_t *count);

/* The attempt turned out not to count (no answer from outside). */
void attempt_give_back(struct ctx *ctx, enum attempt_kind kind, const char *subject);

/* After a success. */
void attempts_forget(struct ctx *ctx, enum attempt_kind kind, const char *subject);

#endif
