/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/life/resting.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "idp/base/text.h"
#include "idp/base/unwind.h"

#define ID_ROOM 72 /* a partner's is at most 64 */

struct rest {
    char partner_id[ID_ROOM]; /* "": free */
    unix_s until;
};

struct resting {
    pthread_mutex_t lock;
    struct rest at[RESTING_MAX];
};

struct resting *
resting_new(void)
{
    struct resting *resting = memory_new(sizeof(*resting));

    *resting = (struct resting) { .lock = PTHREAD_MUTEX_INITIALIZER };
    return resting;
}

void
resting_free(struct resting *resting)
{
    free(resting);
}

static struct rest *
rest_find(struct resting *resting, const char *partner_id)
{
    for (size_t i = 0; i < RESTING_MAX; i++) {
        if (text_eq(resting->at[i].partner_id, partner_id))
            return &resting->at[i];
    }
    return NULL;
}

/* A free one, or the one that has rested longest. */
static struct rest *
rest_place(struct resting *resting)
{
    struct rest *place = &resting->at[0];

    for (size_t i = 1; i < RESTING_MAX && place->partner_id[0] != '\0'; i++) {
        if (resting->at[i].partner_id[0] == '\0' || resting->at[i].until < place->until)
            place = &resting->at[i];
    }
    return place;
}

bool
resting_may_call(struct resting *resting, const char *partner_id, unix_s now)
{
    struct rest *rest;
    bool may = true;

    if (resting == NULL || text_is_empty(partner_id))
        return true;
    pthread_mutex_lock(&resting->lock);
    rest = rest_find(resting, partner_id);
    if (rest != NULL) {
        may = rest->until <= now;
        if (may)
            rest->until = now + RESTING_S;
    }
    pthread_mutex_unlock(&resting->lock);
    return may;
}

void
resting_learn(struct resting *resting, const char *partner_id, unix_s now, bool soon)
{
    struct rest *rest;

    if (resting == NULL || text_is_empty(partner_id))
        return;
    pthread_mutex_lock(&resting->lock);
    rest = rest_find(resting, partner_id);
    if (rest == NULL && !soon)
        rest = rest_place(resting);
    if (rest != NULL) {
        snprintf(rest->partner_id, sizeof(rest->partner_id), "%s", soon ? "" : partner_id);
        rest->until = soon ? 0 : now + RESTING_S;
    }
    pthread_mutex_unlock(&resting->lock);
}
