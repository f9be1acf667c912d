/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A form that is shown again: what is wrong with it and what was typed travel sealed in a cookie of
 * the transaction, not in the address. So every form is answered by a redirect, Back never asks
 * whether to send again, and a change of language keeps the entries.
 */
#ifndef PROTOCOLS_FLOW_MISTAKE_H
#define PROTOCOLS_FLOW_MISTAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "idp/session/transaction.h"
#include "protocols/http/request.h"

/* The cookie of a transaction is named by this and its id. */
#define MISTAKE_COOKIE "form_"

#define MISTAKES_MAX 8

struct mistake {
    const char *field; /* NULL: it concerns the form as a whole */
    const struct problem *problem;
};

/* What the person is told of the form that she sent, all at once and in the order of its fields. */
struct mistakes {
    struct mistake at[MISTAKES_MAX];
    size_t count;
};

/* `problem` NULL: nothing is wrong with it, and nothing is added. */
void mistake_add(struct mistakes *mistakes, const char *field, const struct problem *problem);

/* Is it told that? */
bool mistake_is_told(const struct mistakes *mistakes, const struct problem *problem);

/* Does one of them ask her to wait, or to come again later? */
bool mistakes_ask_to_wait(const struct mistakes *mistakes);

/*
 * Keeps the mistakes and what was typed, secrets excepted, for the page at `path`. What is more
 * than a cookie takes is left out: the entries then, and the person types them again.
 */
const struct problem *mistake_keep(struct request *rq, const struct transaction *tx,
                                   const char *path, const struct mistakes *mistakes);

/* On the page at rq->path: the mistakes kept for it, and param_typed() gives the entries. */
void mistake_find(struct request *rq, const struct transaction *tx, struct mistakes *out);

/* The form was sent again, or its transaction has ended. */
void mistake_forget(struct request *rq, const struct transaction *tx);

#endif
