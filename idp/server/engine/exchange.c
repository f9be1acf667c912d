/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/engine/exchange.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/broken.h"
#include "idp/base/unwind.h"

#define FREE_MAX 256
#define ID_BYTES 8
#define RANDOM_BYTES (64 * ID_BYTES)

/* What a thread keeps for itself, so that requests share no lock. */
struct local {
    struct exchange *first;
    size_t count;
    uint8_t random[RANDOM_BYTES];
    size_t random_left;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;

static void
exchange_free(struct exchange *ex)
{
    arena_free(ex->arena);
    free(ex);
}

static void
local_free(void *at)
{
    struct local *local = at;

    while (local->first != NULL) {
        struct exchange *next = local->first->next;

        exchange_free(local->first);
        local->first = next;
    }
    free(local);
}

static void
key_make(void)
{
    if (pthread_key_create(&key, local_free) != 0)
        broken("a process of ours has a thread key left");
}

static struct local *
local_get(void)
{
    struct local *local;

    pthread_once(&once, key_make);
    local = pthread_getspecific(key);
    if (local == NULL) {
        local = memory_new(sizeof(*local));
        if (pthread_setspecific(key, local) != 0) {
            free(local);
            unwind(ERR_UNAVAILABLE);
        }
    }
    return local;
}

struct exchange *
exchange_new(void)
{
    struct local *local = local_get();
    struct exchange *ex = local->first;

    if (ex != NULL) {
        local->first = ex->next;
        local->count--;
        ex->next = NULL;
    } else {
        struct held held;

        ex = memory_new(sizeof(*ex));
        hold_begin(&held, free, ex);
        ex->arena = arena_new(REQUEST_ARENA_LIMIT);
        hold_end(&held);
    }
    ex->holders = 1;
    return ex;
}

void
exchange_hold(struct exchange *ex)
{
    atomic_fetch_add(&ex->holders, 1);
}

/* Threads that only ever let go (workers, whoever stops the engine) keep no list. */
static void
exchange_recycle(struct exchange *ex)
{
    struct local *local = pthread_getspecific(key);
    struct arena *arena = ex->arena;

    if (local == NULL || local->count == FREE_MAX) {
        exchange_free(ex);
        return;
    }
    arena_reset(arena);
    memset(ex, 0, sizeof(*ex));
    ex->arena = arena;
    ex->next = local->first;
    local->first = ex;
    local->count++;
}

void
exchange_release(struct exchange *ex)
{
    if (ex != NULL && atomic_fetch_sub(&ex->holders, 1) == 1)
        exchange_recycle(ex);
}

const char *
request_id_new(struct env *env, struct arena *arena)
{
    struct local *local = local_get();

    if (local->random_left == 0) {
        if (env_random(env, local->random, RANDOM_BYTES) != OK)
            return "unknown";
        local->random_left = RANDOM_BYTES;
    }
    local->random_left -= ID_BYTES;
    return hex_encode(arena, bytes_of(&local->random[local->random_left], ID_BYTES));
}
