/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/audit/lanes.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/unwind.h"

struct lane_place {
    int64_t seq; /* of the last record; 0: none */
    struct digest head;
};

struct lane {
    struct store_follower follower; /* first, for the transaction knows the lane by it */
    struct audit_lanes *lanes;
    struct lane *next;  /* of all */
    struct lane *free;  /* behind it on the heap of the free ones */
    struct lane *other; /* in the same transaction */
    int64_t number;
    struct lane_place said;   /* by the last checkpoint */
    struct lane_place stored; /* in the store for good */
    struct lane_place place;  /* behind what is under way */
    bool ended;
};

struct audit_lanes {
    pthread_mutex_t mutex; /* held for a few steps only */
    struct lane *all;
    struct lane *free[2]; /* by kind: the one used last is used next, so that few are */
    int64_t count[2];
    struct lanes_said said;
};

struct audit_lanes *
lanes_new(int64_t run, unix_s now)
{
    struct audit_lanes *lanes = memory_new(sizeof(*lanes));

    pthread_mutex_init(&lanes->mutex, NULL);
    lanes->said.run = run;
    lanes->said.looked_at = now;
    return lanes;
}

void
lanes_free(struct audit_lanes *lanes)
{
    if (lanes == NULL)
        return;
    while (lanes->all != NULL) {
        struct lane *lane = lanes->all;

        lanes->all = lane->next;
        free(lane);
    }
    pthread_mutex_destroy(&lanes->mutex);
    free(lanes);
}

enum err
lanes_run_new(struct env *env, int64_t *out)
{
    uint64_t run = 0;
    enum err err = env_random(env, &run, sizeof(run));

    if (err == OK)
        *out = (int64_t)(run >> 1) | 1;
    return err;
}

/* --- Taking and giving back --- */

static void
lane_give(struct lane *lane, enum err outcome)
{
    struct audit_lanes *lanes = lane->lanes;

    pthread_mutex_lock(&lanes->mutex);
    if (outcome == OK)
        lane->stored = lane->place;
    lane->place = lane->stored;
    lane->ended = outcome == ERR_UNKNOWN;
    lane->other = NULL;
    if (!lane->ended) {
        lane->free = lanes->free[lane_is_of_refusals(lane->number)];
        lanes->free[lane_is_of_refusals(lane->number)] = lane;
    }
    pthread_mutex_unlock(&lanes->mutex);
}

static void
transaction_ended(struct store_follower *follower, enum err outcome)
{
    struct lane *lane = (struct lane *)follower;
    struct lane *other = lane->other;

    lane_give(lane, outcome);
    if (other != NULL)
        lane_give(other, outcome);
}

/* Lanes of changes have odd numbers, those of refusals even ones. */
static struct lane *
lane_make(struct audit_lanes *lanes, bool refusals, struct lane *room)
{
    *room = (struct lane) { .follower = { transaction_ended },
                            .lanes = lanes,
                            .next = lanes->all,
                            .number = 2 * ++lanes->count[refusals] - !refusals };
    lanes->all = room;
    return room;
}

static struct lane *
lane_take(struct audit_lanes *lanes, bool refusals)
{
    struct lane *room = NULL;
    struct lane *lane;

    pthread_mutex_lock(&lanes->mutex);
    lane = lanes->free[refusals];
    if (lane != NULL)
        lanes->free[refusals] = lane->free;
    pthread_mutex_unlock(&lanes->mutex);
    if (lane != NULL)
        return lane;
    room = memory_new(sizeof(*room));
    pthread_mutex_lock(&lanes->mutex);
    lane = lane_make(lanes, refusals, room);
    pthread_mutex_unlock(&lanes->mutex);
    return lane;
}

/* The transaction's own of that kind. */
static struct lane *
lane_of_transaction(struct ctx *ctx, bool refusals)
{
    struct lane *first = (struct lane *)store_follower(ctx->store);

    for (struct lane *lane = first; lane != NULL; lane = lane->other)
        if (lane_is_of_refusals(lane->number) == refusals)
            return lane;
    if (first != NULL) {
        first->other = lane_take(ctx->services->lanes, refusals);
        return first->other;
    }
    first = lane_take(ctx->services->lanes, refusals);
    store_follow(ctx->store, &first->follower);
    return first;
}

/* --- Records --- */

const char *
lane_mac(struct ctx *ctx, const struct stored_audit *record)
{
    struct buf form = buf_new(ctx->arena, 512);
    struct digest mac;

    store_audit_form(record, &form);
    mac = digest_keyed(&ctx->keys->audit_record, buf_view(&form));
    return base64url_encode(ctx->arena, digest_view(&mac));
}

struct digest
lane_head_next(const struct digest *head, const char *mac)
{
    uint8_t both[sizeof(head->bytes) + 64] = { 0 };
    size_t size = strnlen(mac, sizeof(both) - sizeof(head->bytes));

    memcpy(both, head->bytes, sizeof(head->bytes));
    memcpy(both + sizeof(head->bytes), mac, size);
    return digest_of(bytes_of(both, sizeof(head->bytes) + size));
}

static enum err
lane_insert(struct ctx *ctx, struct lane *lane, struct stored_audit *record)
{
    struct digest head;
    enum err err;

    record->run = lane->lanes->said.run;
    record->lane = lane->number;
    record->seq = lane->place.seq + 1;
    record->mac = lane_mac(ctx, record);
    head = lane_head_next(&lane->place.head, record->mac);
    err = store_audit_insert(ctx->store, record);
    if (err == OK)
        lane->place = (struct lane_place) { record->seq, head };
    return err;
}

/* Nobody knows what the store has of it. */
static void
lane_lose(void *lane)
{
    lane_give(lane, ERR_UNKNOWN);
}

static enum err
insert_alone(struct ctx *ctx, struct stored_audit *record)
{
    struct lane *lane = lane_take(ctx->services->lanes, record->is_refusal);
    struct held held;
    enum err err;

    hold_begin(&held, lane_lose, lane);
    err = lane_insert(ctx, lane, record);
    hold_end(&held);
    lane_give(lane, err);
    return err;
}

enum err
lanes_insert(struct ctx *ctx, struct stored_audit *record)
{
    if (ctx->services->lanes == NULL || ctx->keys == NULL)
        return store_audit_insert(ctx->store, record);
    if (store_in_transaction(ctx->store))
        return lane_insert(ctx, lane_of_transaction(ctx, record->is_refusal), record);
    return insert_alone(ctx, record);
}

/* --- Checkpoints --- */

size_t
lanes_grown(struct audit_lanes *lanes, struct lane_growth out[static LANES_GROWTH_MAX])
{
    size_t count = 0;

    pthread_mutex_lock(&lanes->mutex);
    for (struct lane *lane = lanes->all; lane != NULL && count < LANES_GROWTH_MAX;
         lane = lane->next)
        if (lane->stored.seq > lane->said.seq)
            out[count++] = (struct lane_growth) { lane->number, lane->said.seq, lane->stored.seq,
                                                  lane->said.head, lane->stored.head };
    pthread_mutex_unlock(&lanes->mutex);
    return count;
}

static void
lane_settle(struct audit_lanes *lanes, const struct lane_growth *growth)
{
    for (struct lane *lane = lanes->all; lane != NULL; lane = lane->next)
        if (lane->number == growth->lane)
            lane->said = (struct lane_place) { growth->to, growth->head };
}

/* Those that have ended and of which all is said. */
static void
lanes_clear(struct audit_lanes *lanes)
{
    struct lane **link = &lanes->all;

    while (*link != NULL) {
        struct lane *lane = *link;

        if (lane->ended && lane->said.seq == lane->stored.seq) {
            *link = lane->next;
            free(lane);
        } else {
            link = &lane->next;
        }
    }
}

void
lanes_settle(struct audit_lanes *lanes, const struct lane_growth *growth, size_t count)
{
    pthread_mutex_lock(&lanes->mutex);
    for (size_t i = 0; i < count; i++)
        lane_settle(lanes, &growth[i]);
    lanes_clear(lanes);
    pthread_mutex_unlock(&lanes->mutex);
}

struct lanes_said *
lanes_said(struct audit_lanes *lanes)
{
    return &lanes->said;
}
