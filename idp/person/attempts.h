/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger of attempts with the rules of policies/lockout.h: one count
 * for all channels and nodes. */
#ifndef IDP_PERSON_ATTEMPTS_H
#define IDP_PERSON_ATTEMPTS_H

#include <stdbool.h>

#include "idp/context/ctx.h"
#include "policies/lockout.h"

/* Where an attempt counts. The subject is any canonical text, kept as a keyed digest. */
struct attempt_line {
    enum attempt_kind kind;
    const char *subject;
    const char
        *form; /* ctx->form where the same form sent again is no further attempt, else NULL */
    const char *owner; /* E.164: at the account of that number; NULL: at none. Such lines are found
                          and forgotten together */
};

struct attempt_verdict {
    bool allowed;
    enum attempt_kind refused_by; /* ATTEMPT_NONE when allowed */
    int64_t wait_s;               /* until that line may allow one again */
    enum attempt_kind filled;     /* the first line whose cap this attempt has used up */
};

/*
 * Counts one attempt in each line, in the order of their kinds, all in one change that stays
 * whatever becomes of the attempt. It is counted before it is evaluated, so no interleaving
 * evaluates more than is allowed. What is refused counts nowhere and leaves nothing. Not inside a
 * transaction.
 */
must_check enum err attempts_take(struct ctx *ctx, const struct attempt_line *lines, size_t count,
                                  struct attempt_verdict *out);

/* One line alone. */
must_check enum err attempt_take(struct ctx *ctx, enum attempt_kind kind, const char *subject,
                                 bool *allowed);

/* How many more all of the lines allow now; lines that make wait instead are not asked so. */
must_check enum err attempts_left(struct ctx *ctx, const struct attempt_line *lines, size_t count,
                                  int64_t *out);
/* How long until that line may allow one again, 0 when it may now. Nothing is counted. */
must_check enum err attempt_wait(struct ctx *ctx, const struct attempt_line *line, int64_t *wait_s);

/* The attempt turned out not to count (no answer from outside). */
void attempts_give_back(struct ctx *ctx, const struct attempt_line *lines, size_t count);

/* After a success: lines that make wait are forgotten, the others get this attempt back. */
void attempts_passed(struct ctx *ctx, const struct attempt_line *lines, size_t count);

/* What of a number's lines stands now. */
struct attempt_lock {
    enum attempt_kind kind;
    int64_t count;
    int64_t wait_s; /* until the line may allow one again; 0: it may now */
    unix_s ends_at; /* when all is forgotten by itself */
};

struct attempt_locks {
    struct attempt_lock *at;
    size_t count;
};

must_check enum err attempts_owned(struct ctx *ctx, const char *phone, struct attempt_locks *out);

/* In the caller's transaction: all of them are forgotten; *count of lines. */
must_check enum err attempts_forget(struct ctx *ctx, const char *phone, int64_t *count);

#endif
