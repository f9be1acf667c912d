/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/relying_party/key_cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"

#define SET_MAX_BYTES 65536
#define SET_MAX_MEMORY (1 << 20)
/* How long a set is good whose answer does not say, and at most. */
#define MAX_AGE_DEFAULT_S 300
#define MAX_AGE_LONGEST_S 86400

struct issuer_keys {
    atomic_uint holders;
    struct arena *arena;
    struct issuer_key keys[KEY_SET_MAX];
    size_t count;
};

struct key_cache {
    const struct tongxing_rp_config *config;
    pthread_mutex_t fetching; /* held by the one that fetches; also guards tried_at and body */
    pthread_mutex_t using;    /* held for a moment, to take or replace `keys` */
    struct issuer_keys *keys; /* NULL before the first */
    unix_s fetched_at;
    unix_s tried_at;
    _Atomic unix_s due_at;
    char body[SET_MAX_BYTES];
};

const struct issuer_key *
issuer_keys_find(const struct issuer_keys *keys, const char *kid, enum jws_alg alg)
{
    for (size_t i = 0; i < keys->count; i++)
        if (keys->keys[i].alg == alg && text_eq(keys->keys[i].kid, kid))
            return &keys->keys[i];
    return NULL;
}

static void
issuer_keys_free(struct issuer_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        EVP_PKEY_free(keys->keys[i].key);
        p256_table_free(keys->keys[i].table);
    }
    arena_free(keys->arena);
    free(keys);
}

void
issuer_keys_release(void *held)
{
    struct issuer_keys *keys = held;

    if (keys != NULL && atomic_fetch_sub(&keys->holders, 1) == 1)
        issuer_keys_free(keys);
}

/* ---- reading a set ---- */

struct set_reading {
    struct bytes text;
    struct issuer_keys *keys; /* whole or in part; NULL when not even begun */
    bool usable;
};

/* What is of no use to us may be of use to others (RFC 7517, 5). */
static void
key_add(struct issuer_keys *keys, const json_t *jwk)
{
    struct issuer_key key = { 0 };
    const char *text = json_text(keys->arena, jwk);

    if (text == NULL || jwk_import(keys->arena, text, &key.key, &key.alg, &key.kid) != OK)
        return;
    if (key.alg == JWS_ES256)
        key.table = p256_table_new(key.key);
    keys->keys[keys->count++] = key;
}

static void
set_read(void *state)
{
    struct set_reading *reading = state;
    struct issuer_keys *keys = memory_new(sizeof(*keys));
    const json_t *list;

    reading->keys = keys;
    atomic_init(&keys->holders, 1);
    keys->arena = arena_new(SET_MAX_MEMORY);
    if (member_list(json_read(keys->arena, reading->text), "keys", &list) != OK)
        return;
    for (size_t i = 0; i < json_array_size(list) && keys->count < KEY_SET_MAX; i++)
        key_add(keys, json_array_get(list, i));
    reading->usable = keys->count > 0;
}

/* NULL when it is no set or nothing in it can be used. */
static struct issuer_keys *
set_of(struct bytes text)
{
    struct set_reading reading = { .text = text };

    if (unwind_run(set_read, &reading) == OK && reading.usable)
        return reading.keys;
    if (reading.keys != NULL)
        issuer_keys_free(reading.keys);
    return NULL;
}

/* ---- fetching ---- */

static bool
some_key_is_gone(const struct issuer_keys *before, const struct issuer_keys *after)
{
    for (size_t i = 0; before != NULL && i < before->count; i++) {
        const struct issuer_key *old = &before->keys[i];
        const struct issuer_key *now = issuer_keys_find(after, old->kid, old->alg);

        if (now == NULL || EVP_PKEY_eq(now->key, old->key) != 1)
            return true;
    }
    return false;
}

static bool
replace(struct key_cache *cache, struct issuer_keys *keys, unix_s now)
{
    struct issuer_keys *before = cache->keys;
    bool lost = some_key_is_gone(before, keys);

    pthread_mutex_lock(&cache->using);
    cache->keys = keys;
    cache->fetched_at = now;
    pthread_mutex_unlock(&cache->using);
    issuer_keys_release(before);
    return lost;
}

static int64_t
good_for_s(const struct key_cache *cache, int64_t max_age_s)
{
    if (max_age_s < 0)
        max_age_s = MAX_AGE_DEFAULT_S;
    if (max_age_s < cache->config->retry_s)
        return cache->config->retry_s;
    return max_age_s < MAX_AGE_LONGEST_S ? max_age_s : MAX_AGE_LONGEST_S;
}

static void
fetch(struct key_cache *cache, unix_s now, bool *lost)
{
    const struct tongxing_rp_config *config = cache->config;
    struct tongxing_rp_fetch fetch = {
        .url = config->jwks_url, .body = cache->body, .room = SET_MAX_BYTES, .max_age_s = -1
    };
    struct issuer_keys *keys = NULL;

    cache->tried_at = now;
    if (config->fetch(config->user, &fetch) == 0 && fetch.size <= SET_MAX_BYTES)
        keys = set_of(bytes_of(cache->body, fetch.size));
    if (keys != NULL)
        *lost = replace(cache, keys, now);
    atomic_store(&cache->due_at,
                 now + (keys != NULL ? good_for_s(cache, fetch.max_age_s) : config->retry_s));
}

/* A clock that was set back must not stop it. */
static bool
was_tried_lately(const struct key_cache *cache, unix_s now)
{
    return now >= cache->tried_at && now - cache->tried_at < cache->config->retry_s;
}

/* Only who cannot go on without waits for another thread's fetch. */
static bool
may_fetch(struct key_cache *cache, bool needed)
{
    if (needed)
        return pthread_mutex_lock(&cache->fetching) == 0;
    return pthread_mutex_trylock(&cache->fetching) == 0;
}

static bool
is_empty(struct key_cache *cache)
{
    bool empty;

    pthread_mutex_lock(&cache->using);
    empty = cache->keys == NULL;
    pthread_mutex_unlock(&cache->using);
    return empty;
}

void
key_cache_renew(struct key_cache *cache, unix_s now, bool unknown, bool *lost)
{
    *lost = false;
    if (!unknown && now < atomic_load(&cache->due_at))
        return;
    if (!may_fetch(cache, unknown || is_empty(cache)))
        return;
    if (!was_tried_lately(cache, now))
        fetch(cache, now, lost);
    pthread_mutex_unlock(&cache->fetching);
}

enum tongxing_rp_result
key_cache_take(struct key_cache *cache, unix_s now, struct issuer_keys **out)
{
    struct issuer_keys *keys = NULL;

    pthread_mutex_lock(&cache->using);
    if (cache->keys != NULL && now - cache->fetched_at <= cache->config->keep_s) {
        keys = cache->keys;
        atomic_fetch_add(&keys->holders, 1);
    }
    pthread_mutex_unlock(&cache->using);
    if (keys == NULL)
        return TONGXING_RP_KEYS_UNREACHABLE;
    *out = keys;
    return TONGXING_RP_OK;
}

struct key_cache *
key_cache_new(const struct tongxing_rp_config *config)
{
    struct key_cache *cache = calloc(1, sizeof(*cache));

    if (cache == NULL)
        return NULL;
    cache->config = config;
    cache->tried_at = INT64_MIN / 2;
    pthread_mutex_init(&cache->fetching, NULL);
    pthread_mutex_init(&cache->using, NULL);
    return cache;
}

void
key_cache_free(struct key_cache *cache)
{
    if (cache == NULL)
        return;
    issuer_keys_release(cache->keys);
    pthread_mutex_destroy(&cache->fetching);
    pthread_mutex_destroy(&cache->using);
    free(cache);
}
