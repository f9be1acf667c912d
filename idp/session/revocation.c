/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/revocation.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/snapshot.h"
#include "idp/base/unwind.h"
#include "idp/context/change.h"
#include "idp/tables/revocation.h"
#include "keys/handle.h"
#include "keys/secret.h"

#define FIRST_SLOTS 1024
#define ID_ROOM 64 /* ids of ours are shorter */
#define PAGE_BYTES ((size_t)4 << 20)
/* Beyond the last access token's end: clocks of nodes differ a little. */
#define SLACK_S 60
/* How far back every poll looks: a row is there for others only when its transaction has committed,
 * and carries the time of another clock (docs/adr/0016). */
#define OVERLAP_S 30
/* How often all is read once more: nothing that took still longer is missed for good. */
#define READ_ALL_S 30

/* Open addressing; 0 is an empty slot. Readers see each slot whole, only the writer
 * (under the lock) fills them. */
struct table {
    size_t slots; /* a power of two */
    size_t used;
    struct revocation_slot {
        _Atomic uint64_t target;
        _Atomic int64_t until;
    } at[];
};

struct revocations {
    _Atomic(struct table *) table;
    pthread_mutex_t lock;
    int64_t seen_seq;   /* of the version before */
    unix_s read_all_at; /* 0: never yet */
};

/* NULL without memory. */
static struct table *
table_new(size_t slots)
{
    struct table *table = calloc(1, sizeof(*table) + slots * sizeof(struct revocation_slot));

    if (table != NULL)
        table->slots = slots;
    return table;
}

struct revocations *
revocations_new(void)
{
    struct revocations *revocations = memory_new(sizeof(*revocations));
    struct table *table = table_new(FIRST_SLOTS);

    if (table == NULL) {
        free(revocations);
        unwind(ERR_UNAVAILABLE);
    }
    atomic_init(&revocations->table, table);
    pthread_mutex_init(&revocations->lock, NULL);
    return revocations;
}

void
revocations_free(struct revocations *revocations)
{
    if (revocations == NULL)
        return;
    free(atomic_load(&revocations->table));
    pthread_mutex_destroy(&revocations->lock);
    free(revocations);
}

/* 64 bits are enough: ids are random and ours, and a chance hit only asks for a new token. */
static uint64_t
target_of(const char *id)
{
    struct digest digest = digest_of_text(id);
    uint64_t target;

    memcpy(&target, digest.bytes, sizeof(target));
    return target != 0 ? target : 1;
}

static struct revocation_slot *
slot_find(struct table *table, uint64_t target)
{
    size_t i = target & (table->slots - 1);

    for (;;) {
        uint64_t found = atomic_load_explicit(&table->at[i].target, memory_order_acquire);

        if (found == 0 || found == target)
            return &table->at[i];
        i = (i + 1) & (table->slots - 1);
    }
}

bool
revocation_has(const struct revocations *revocations, const char *id)
{
    struct table *table = atomic_load_explicit(&revocations->table, memory_order_acquire);
    struct revocation_slot *slot = slot_find(table, target_of(id));

    return atomic_load_explicit(&slot->target, memory_order_relaxed) != 0;
}

static void
table_put(struct table *table, uint64_t target, unix_s until)
{
    struct revocation_slot *slot = slot_find(table, target);

    table->used += atomic_load(&slot->target) == 0;
    atomic_store(&slot->until, until);
    atomic_store_explicit(&slot->target, target, memory_order_release);
}

/* A new table of what still matters, at most a quarter full. NULL without memory. */
static struct table *
table_renewed(const struct table *old, unix_s now)
{
    size_t live = 0;
    size_t slots = FIRST_SLOTS;
    struct table *table;

    for (size_t i = 0; i < old->slots; i++)
        live += atomic_load(&old->at[i].target) != 0 && atomic_load(&old->at[i].until) > now;
    while (slots < 4 * (live + 1))
        slots *= 2;
    table = table_new(slots);
    for (size_t i = 0; table != NULL && i < old->slots; i++)
        if (atomic_load(&old->at[i].target) != 0 && atomic_load(&old->at[i].until) > now)
            table_put(table, atomic_load(&old->at[i].target), atomic_load(&old->at[i].until));
    return table;
}

/* The table with room for one more, under the lock. Without memory for a new one the old is filled
 * on, but never quite: slot_find() needs an end. NULL when that is reached. */
static struct table *
table_with_room(struct revocations *revocations, unix_s now)
{
    struct table *table = atomic_load(&revocations->table);
    struct table *renewed;

    if (table->used < table->slots / 2)
        return table;
    renewed = table_renewed(table, now);
    if (renewed == NULL)
        return table->used + 1 < table->slots ? table : NULL;
    atomic_store_explicit(&revocations->table, renewed, memory_order_release);
    snapshot_retire(table, free);
    return renewed;
}

static void
add(struct revocations *revocations, const char *id, unix_s until, unix_s now)
{
    uint64_t target = target_of(id);
    struct table *table;

    pthread_mutex_lock(&revocations->lock);
    table = table_with_room(revocations, now);
    if (table != NULL)
        table_put(table, target, until);
    pthread_mutex_unlock(&revocations->lock);
    if (table == NULL)
        unwind(ERR_UNAVAILABLE);
}

static unix_s
until_of(const struct ctx *ctx)
{
    return ctx->now + ctx->settings->life.access_token_s + SLACK_S;
}

/* The clock is read here: a request's own time may be seconds old. */
static enum err
revoked_insert(struct ctx *ctx, const char *id)
{
    struct stored_revoked row = {
        .bucket = (int64_t)(target_of(id) % REVOKED_BUCKETS),
        .at = env_now(ctx->env),
        .target = id,
        .until = until_of(ctx),
    };
    enum err err = id_new(ctx->env, ctx->arena, "v_", &row.revoked_id);

    return err == OK ? store_revoked_insert(ctx->store, &row) : err;
}

enum err
revocation_record(struct ctx *ctx, const char *id)
{
    enum err err = revoked_insert(ctx, id);

    if (err == OK && ctx->settings->upgrade.numbered_revocations)
        err = store_revocation_insert(ctx->store, id, until_of(ctx));
    return err;
}

void
revocation_apply(struct ctx *ctx, const char *id)
{
    add(ctx->services->revocations, id, until_of(ctx), ctx->now);
}

static enum err
make(struct ctx *ctx, void *state)
{
    const char *const *id = state;

    return revocation_record(ctx, *id);
}

enum err
revocation_make(struct ctx *ctx, const char *id)
{
    enum err err = change(ctx, make, &id);

    if (err == OK)
        revocation_apply(ctx, id);
    return err;
}

/* --- What others have recorded --- */

/* Most of what a poll reads it has read before. */
static void
learn(struct ctx *ctx, const char *target, unix_s until)
{
    struct revocations *revocations = ctx->services->revocations;

    if (!revocation_has(revocations, target))
        add(revocations, target, until, ctx->now);
}

/* Page by page in one arena: a node that starts late may have many to read. */
static enum err
bucket_read(struct ctx *ctx, struct arena *page, int64_t bucket, unix_s from)
{
    char last_id[ID_ROOM] = "";
    struct revoked_after after = { bucket, from, last_id, ctx->now };
    struct revoked_list list = { .count = REVOCATION_PAGE };
    enum err err = OK;

    while (err == OK && list.count == REVOCATION_PAGE) {
        arena_reset(page);
        err = store_revoked_list(ctx->store, page, &after, &list);
        for (size_t i = 0; err == OK && i < list.count; i++)
            learn(ctx, list.at[i].target, list.at[i].until);
        if (err != OK || list.count == 0)
            break;
        after.at = list.at[list.count - 1].at;
        snprintf(last_id, sizeof(last_id), "%s", list.at[list.count - 1].revoked_id);
    }
    return err;
}

static enum err
buckets_read(struct ctx *ctx, struct arena *page)
{
    struct revocations *revocations = ctx->services->revocations;
    int64_t age_s = ctx->now - revocations->read_all_at;
    bool all = age_s >= READ_ALL_S || age_s < 0;
    enum err err = OK;

    for (int64_t bucket = 0; err == OK && bucket < REVOKED_BUCKETS; bucket++)
        err = bucket_read(ctx, page, bucket, all ? 0 : ctx->now - OVERLAP_S);
    if (err == OK && all)
        revocations->read_all_at = ctx->now;
    return err;
}

/* What a node of the version before has recorded. */
static enum err
numbered_read(struct ctx *ctx, struct arena *page, int64_t store_seq)
{
    struct revocations *revocations = ctx->services->revocations;
    struct revocation_list list = { .count = REVOCATION_PAGE };
    enum err err = OK;

    if (revocations->seen_seq >= store_seq)
        return OK;
    while (err == OK && list.count == REVOCATION_PAGE) {
        arena_reset(page);
        err = store_revocation_list(ctx->store, page, revocations->seen_seq, ctx->now, &list);
        for (size_t i = 0; err == OK && i < list.count; i++) {
            learn(ctx, list.at[i].target, list.at[i].until);
            revocations->seen_seq = list.at[i].seq;
        }
    }
    /* What has expired is not listed: there is nothing to learn from it. */
    if (err == OK && revocations->seen_seq < store_seq)
        revocations->seen_seq = store_seq;
    return err;
}

enum err
revocations_poll(struct ctx *ctx, int64_t store_seq)
{
    struct arena *page = arena_new(PAGE_BYTES);
    struct held held;
    enum err err;

    hold_begin(&held, arena_release, page);
    err = buckets_read(ctx, page);
    if (err == OK)
        err = numbered_read(ctx, page, store_seq);
    hold_release(&held);
    return err;
}
