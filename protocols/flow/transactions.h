/* SPDX-License-Identifier: Apache-2.0 */
/* The cookie side of a login transaction (idp/session/transaction.h): one cookie
 * for each, named by its id. */
#ifndef PROTOCOLS_FLOW_TRANSACTIONS_H
#define PROTOCOLS_FLOW_TRANSACTIONS_H

#include "idp/session/transaction.h"
#include "protocols/http/request.h"

const char *transaction_cookie_name(struct request *rq, const struct transaction *tx);

/* Makes `tx`, which says what it is for, a transaction of this browser: its cookie is set, and the
 * oldest one's cookie gives way when there are too many. */
const struct problem *transaction_start(struct request *rq, struct transaction *tx,
                                        const char **cookie, const char **sealed);

/* The cookie lives on as long as the transaction, which has more time or was begun anew. */
void transaction_cookie_keep(struct request *rq, const struct transaction *tx, const char *cookie);

#endif
