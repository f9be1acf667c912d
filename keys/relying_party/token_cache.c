/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/relying_party/token_cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "keys/secret.h"

#define PLACES 8 /* of one row, under one lock */

struct token_place {
    struct digest digest;
    struct tongxing_rp_token *token; /* NULL: free */
};

struct token_row {
    pthread_mutex_t lock;
    struct token_place places[PLACES];
};

struct token_cache {
    atomic_uint age;
    size_t count; /* of rows: a power of two */
    struct token_row rows[];
};

struct token_cache *
token_cache_new(size_t count)
{
    struct token_cache *cache;
    size_t rows = 1;

    while (rows * PLACES < count && rows < SIZE_MAX / sizeof(struct token_row) / 4)
        rows *= 2;
    cache = calloc(1, sizeof(*cache) + rows * sizeof(struct token_row));
    if (cache == NULL)
        return NULL;
    cache->count = rows;
    for (size_t i = 0; i < rows; i++)
        pthread_mutex_init(&cache->rows[i].lock, NULL);
    return cache;
}

static struct token_row *
row_of(struct token_cache *cache, const struct digest *digest)
{
    uint64_t number;

    memcpy(&number, digest->bytes, sizeof(number));
    return &cache->rows[number & (cache->count - 1)];
}

static struct token_place *
place_of(struct token_row *row, const struct digest *digest)
{
    for (size_t i = 0; i < PLACES; i++)
        if (row->places[i].token != NULL && digest_eq(&row->places[i].digest, digest))
            return &row->places[i];
    return NULL;
}

struct tongxing_rp_token *
token_cache_find(struct token_cache *cache, const struct digest *digest)
{
    struct token_row *row = row_of(cache, digest);
    struct tongxing_rp_token *token = NULL;
    struct token_place *place;

    pthread_mutex_lock(&row->lock);
    place = place_of(row, digest);
    if (place != NULL) {
        token = place->token;
        checked_token_hold(token);
    }
    pthread_mutex_unlock(&row->lock);
    return token;
}

static unix_s
end_of(const struct token_place *place)
{
    return place->token != NULL ? checked_token_end(place->token) : 0;
}

/* Where it stands already, or in whose stead it can. */
static struct token_place *
place_for(struct token_row *row, const struct digest *digest)
{
    struct token_place *best = place_of(row, digest);

    if (best != NULL)
        return best;
    best = &row->places[0];
    for (size_t i = 1; i < PLACES; i++)
        if (end_of(&row->places[i]) < end_of(best))
            best = &row->places[i];
    return best;
}

unsigned
token_cache_age(struct token_cache *cache)
{
    return atomic_load(&cache->age);
}

void
token_cache_put(struct token_cache *cache, const struct digest *digest, unsigned age,
                struct tongxing_rp_token *token)
{
    struct token_row *row = row_of(cache, digest);
    struct tongxing_rp_token *before = NULL;
    struct token_place *place;

    pthread_mutex_lock(&row->lock);
    if (token_cache_age(cache) == age) {
        place = place_for(row, digest);
        before = place->token;
        checked_token_hold(token);
        *place = (struct token_place) { *digest, token };
    }
    pthread_mutex_unlock(&row->lock);
    checked_token_release(before);
}

static void
row_clear(struct token_row *row)
{
    struct token_place before[PLACES];

    pthread_mutex_lock(&row->lock);
    memcpy(before, row->places, sizeof(before));
    memset(row->places, 0, sizeof(row->places));
    pthread_mutex_unlock(&row->lock);
    for (size_t i = 0; i < PLACES; i++)
        checked_token_release(before[i].token);
}

void
token_cache_clear(struct token_cache *cache)
{
    atomic_fetch_add(&cache->age, 1);
    for (size_t i = 0; i < cache->count; i++)
        row_clear(&cache->rows[i]);
}

void
token_cache_free(struct token_cache *cache)
{
    if (cache == NULL)
        return;
    token_cache_clear(cache);
    for (size_t i = 0; i < cache->count; i++)
        pthread_mutex_destroy(&cache->rows[i].lock);
    free(cache);
}
