/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/flow/transactions.h"

#include "protocols/flow/mistake.h"
#include "protocols/http/cookies.h"

#define PREFIX "tx_"
/* Browsers keep some fifty cookies a site, and send them all with each request. */
#define TRANSACTIONS_MAX 8
/* More than a browser of ours has; and how many give way in one answer. */
#define COOKIES_READ_MAX 64
#define GIVE_WAY_MAX 8

const char *
transaction_cookie_name(struct request *rq, const struct transaction *tx)
{
    return arena_printf(rq->arena, PREFIX "%s", tx->id);
}

static const char *
value_of(struct request *rq, const char *id)
{
    const char *value = cookie_find(rq, arena_printf(rq->arena, PREFIX "%s", id));

    return value != NULL ? value : "";
}

/* Of those that the browser has sent; the order in which it sends them says nothing for sure. */
static size_t
oldest(struct request *rq, const char *const *ids, size_t count)
{
    size_t found = 0;

    for (size_t i = 1; i < count; i++) {
        if (transaction_cookie_is_older(value_of(rq, ids[i]), value_of(rq, ids[found])))
            found = i;
    }
    return found;
}

/* One tab more than there is room for costs the oldest tab, and no other. */
static void
make_room(struct request *rq)
{
    const char *ids[COOKIES_READ_MAX];
    size_t count = cookie_names(rq, PREFIX, ids, COOKIES_READ_MAX);

    for (size_t gone = 0; count >= TRANSACTIONS_MAX && gone < GIVE_WAY_MAX; gone++) {
        size_t i = oldest(rq, ids, count);

        cookie_clear(rq, arena_printf(rq->arena, PREFIX "%s", ids[i]));
        mistake_forget(rq, &(struct transaction) { .id = ids[i] });
        ids[i] = ids[--count];
    }
}

void
transaction_cookie_keep(struct request *rq, const struct transaction *tx, const char *cookie)
{
    cookie_set(rq, transaction_cookie_name(rq, tx), cookie, transaction_cookie_life_s(rq->ctx));
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
    transaction_cookie_keep(rq, tx, *cookie);
    return NULL;
}
