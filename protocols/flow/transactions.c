/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/flow/transactions.h"

#include "protocols/flow/mistake.h"
#include "protocols/http/cookies.h"

#define PREFIX "tx_"
/* Browsers keep some fifty cookies a site, and send them all with each request. */
#define TRANSACTIONS_MAX 8

const char *
transaction_cookie_name(struct request *rq, const struct transaction *tx)
{
    return arena_printf(rq->arena, PREFIX "%s", tx->id);
}

static void
make_room(struct request *rq)
{
    const char *ids[TRANSACTIONS_MAX];
    size_t count = cookie_names(rq, PREFIX, ids, TRANSACTIONS_MAX);

    for (size_t i = 0; count == TRANSACTIONS_MAX && i < count; i++) {
        cookie_clear(rq, arena_printf(rq->arena, PREFIX "%s", ids[i]));
        mistake_forget(rq, &(struct transaction) { .id = ids[i] });
    }
}

const struct problem *
transaction_start(struct request *rq, struct transaction *tx, const char **cookie,
                  const char **sealed)
{
    enum err err = transaction_new(rq->ctx, languages[rq->language].tag, tx, cookie);

    if (err == OK)
        err = transaction_seal(rq->ctx, tx, sealed);
    if (err != OK)
        return problem_of(err);
    make_room(rq);
    cookie_set(rq, transaction_cookie_name(rq, tx), *cookie, rq->ctx->settings->life.transaction_s);
    return NULL;
}
