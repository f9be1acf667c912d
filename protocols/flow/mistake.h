/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A form that is shown again: what is wrong with it and what was typed travel sealed in a cookie of
 * the transaction, not in the address. So every form is answered by a redirect, Back never asks
 * whether to send again, and a change of language keeps the entries.
 */
#ifndef PROTOCOLS_FLOW_MISTAKE_H
#define PROTOCOLS_FLOW_MISTAKE_H

#include "idp/session/transaction.h"
#include "protocols/http/request.h"

/* The cookie of a transaction is named by this and its id. */
#define MISTAKE_COOKIE "form_"

/* What the person is told of the form that she sent; `problem` NULL: nothing. */
struct mistake {
    const char *field; /* NULL: it concerns the form as a whole */
    const struct problem *problem;
};

/*
 * Keeps the mistake and what was typed, secrets excepted, for the page at `path`. What is more than
 * a cookie takes is left out: the entries then, and the person types them again.
 */
const struct problem *mistake_keep(struct request *rq, const struct transaction *tx,
                                   const char *path, const struct mistake *mistake);

/* On the page at rq->path: the mistake kept for it, and param_typed() gives the entries. */
void mistake_find(struct request *rq, const struct transaction *tx, struct mistake *out);

/* The form was sent again, or its transaction has ended. */
void mistake_forget(struct request *rq, const struct transaction *tx);

#endif
