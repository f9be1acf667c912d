/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/keyring.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/log.h"
#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "keys/handle.h"
#include "keys/key_pair.h"

/* A generous bound: an RSA row takes about 4 KB in all its forms. */
#define RING_BYTES 65536
#define ROW_BYTES 32768

static const char *
context_of(struct arena *arena, const struct key_row *row)
{
    return arena_printf(arena, "key.%s.%d.%s", row->key_id, (int)row->purpose, row->alg);
}

/* The KEK as the sealing key it is. */
static struct seal_key
wrapping_key(const struct key32 *kek)
{
    return (struct seal_key) { .serial = 0, .key = *kek };
}

static enum err
wrap(const struct key32 *kek, struct env *env, struct arena *arena, struct bytes secret,
     struct key_row *row)
{
    struct seal_key key = wrapping_key(kek);
    struct seal_keys keys = { &key, 1 };
    enum err err = seal(&keys, env, arena, context_of(arena, row), secret, &row->wrapped);

    secret_wipe(&key, sizeof(key));
    return err;
}

static enum err
unwrap(const struct key32 *kek, struct arena *arena, const struct key_row *row, struct bytes *out)
{
    struct seal_key key = wrapping_key(kek);
    struct seal_keys keys = { &key, 1 };
    enum err err = seal_open(&keys, arena, context_of(arena, row), row->wrapped, out);

    secret_wipe(&key, sizeof(key));
    return err;
}

static void
pair_release(void *key)
{
    EVP_PKEY_free(key);
}

static enum err
make_pair(struct arena *arena, enum jws_alg alg, struct key_row *row, struct bytes *secret)
{
    const char *jwk;
    struct held held;
    EVP_PKEY *key;
    enum err err = key_generate(alg, &key);

    if (err != OK)
        return err;
    hold_begin(&held, pair_release, key);
    err = jwk_public(arena, key, alg, &jwk, &row->key_id);
    if (err == OK)
        err = key_to_der(arena, key, secret);
    hold_release(&held);
    return err;
}

static enum err
make_symmetric(struct env *env, struct arena *arena, struct key_row *row, struct bytes *secret)
{
    struct key32 *key = arena_alloc(arena, sizeof(*key));
    enum err err = id_new(env, arena, "k_", &row->key_id);

    *secret = bytes_of(key->bytes, sizeof(key->bytes));
    return err != OK ? err : env_random(env, key->bytes, sizeof(key->bytes));
}

enum err
key_row_new(const struct key32 *kek, struct env *env, struct arena *arena, enum key_purpose purpose,
            enum jws_alg alg, struct key_row *out)
{
    bool signs = purpose == KEY_SIGN;
    struct key_row row = {
        .purpose = purpose,
        .alg = signs ? jws_alg_name(alg) : "",
        .state = signs ? KEY_ANNOUNCED : KEY_SIGNING,
        .serial = 1,
        .created_at = env_now(env),
    };
    struct bytes secret;
    enum err err =
        signs ? make_pair(arena, alg, &row, &secret) : make_symmetric(env, arena, &row, &secret);

    if (err != OK)
        return err;
    err = wrap(kek, env, arena, secret, &row);
    secret_wipe((void *)secret.at, secret.size);
    if (err == OK)
        *out = row;
    return err;
}

/* A keyring being filled, newest rows first: its key lists while they may still be written. */
struct keyring_filling {
    struct keyring *ring;
    struct seal_key *seal;
    struct seal_key *data;
    bool seen[KEY_PAIRWISE + 1];
};

static uint64_t
next_serial(void)
{
    static _Atomic uint64_t last;

    return atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}

static bool
signs_codes(enum jws_alg alg)
{
    return alg == JWS_ES256 || alg == JWS_SM2;
}

static enum err
add_signing(struct keyring *ring, const struct key_row *row, struct bytes secret)
{
    struct signing_key *key = &ring->signing[ring->signing_count];

    if (key_from_der(secret, &key->key) != OK)
        return ERR_FORGED;
    ring->signing_count++;
    key->alg = jws_alg_of(row->alg);
    key->state = row->state;
    key->serial = next_serial();
    if (jwk_public(ring->arena, key->key, key->alg, &key->jwk, &key->kid) != OK ||
        !text_eq(key->kid, row->key_id))
        return ERR_FORGED;
    key->short_kid = "";
    if (!signs_codes(key->alg))
        return OK;
    return jwk_public_short(ring->arena, key->key, key->alg, &key->short_jwk, &key->short_kid);
}

static enum err
take_key32(struct bytes secret, struct key32 *out)
{
    if (secret.size != sizeof(out->bytes))
        return ERR_FORGED;
    memcpy(out->bytes, secret.at, secret.size);
    return OK;
}

/* Two keys of one serial would make what the second sealed impossible to open. */
static enum err
add_seal(struct seal_key *keys, size_t *count, const struct key_row *row, struct bytes secret)
{
    struct seal_key *key = &keys[*count];

    if (row->serial < 0 || row->serial > UINT32_MAX)
        return ERR_INVALID;
    key->serial = (uint32_t)row->serial;
    if (*count > 0 && keys[*count - 1].serial == key->serial)
        return ERR_CONFLICT;
    (*count)++;
    return take_key32(secret, &key->key);
}

/* Of a purpose that is never rotated in place there is exactly one key. */
static enum err
set_single(struct keyring_filling *filling, const struct key_row *row, struct bytes secret,
           struct key32 *out)
{
    return filling->seen[row->purpose] ? ERR_CONFLICT : take_key32(secret, out);
}

static enum err
add_secret(struct keyring_filling *filling, const struct key_row *row, struct bytes secret)
{
    struct keyring *ring = filling->ring;

    switch (row->purpose) {
    case KEY_SIGN:
        return add_signing(ring, row, secret);
    case KEY_SEAL:
        return add_seal(filling->seal, &ring->seal.count, row, secret);
    case KEY_DATA:
        return add_seal(filling->data, &ring->data.count, row, secret);
    case KEY_INDEX:
        return set_single(filling, row, secret, &ring->index);
    case KEY_PEPPER:
        return set_single(filling, row, secret, &ring->pepper);
    case KEY_PAIRWISE:
        return set_single(filling, row, secret, &ring->pairwise);
    }
    return ERR_FORGED;
}

static enum err
add_row(struct keyring_filling *filling, const struct key32 *kek, const struct key_row *row)
{
    struct keyring *ring = filling->ring;
    struct bytes secret;
    enum err err;

    if (row->state == KEY_GONE)
        return OK;
    err = unwrap(kek, ring->arena, row, &secret);
    if (err == OK) {
        err = add_secret(filling, row, secret);
        secret_wipe((void *)secret.at, secret.size);
    }
    if (err != OK) {
        log_line(LOG_ERROR, "keyring.row_refused", log_text("key_id", row->key_id),
                 log_text("why", err_name(err)));
        return err;
    }
    filling->seen[row->purpose] = true;
    if (row->next_at != 0 && (ring->next_change_at == 0 || row->next_at < ring->next_change_at))
        ring->next_change_at = row->next_at;
    return OK;
}

/* Newest first; the key id last, so that all nodes agree. */
static int
by_age(const void *left, const void *right)
{
    const struct key_row *a = *(const struct key_row *const *)left;
    const struct key_row *b = *(const struct key_row *const *)right;

    if (a->serial != b->serial)
        return a->serial > b->serial ? -1 : 1;
    if (a->created_at != b->created_at)
        return a->created_at > b->created_at ? -1 : 1;
    return strcmp(a->key_id, b->key_id);
}

static enum err
add_rows(struct keyring_filling *filling, const struct key32 *kek, const struct key_row *rows,
         size_t count)
{
    const struct key_row **sorted = arena_alloc(filling->ring->arena, count * sizeof(*sorted));
    enum err err = OK;

    for (size_t i = 0; i < count; i++)
        sorted[i] = &rows[i];
    qsort(sorted, count, sizeof(*sorted), by_age);
    for (size_t i = 0; i < count && err == OK; i++)
        err = add_row(filling, kek, sorted[i]);
    return err;
}

/*
 * Some clients (python-jose) try the keys in turn and give up at the first of another kind than the
 * token's. So those of a kind stand together, first what ID tokens are signed by where nothing is
 * registered, and in each kind first what signs now (docs/adr/0031).
 */
static int
place_in_set(const struct signing_key *key)
{
    int kind = key->alg == JWS_RS256   ? 0
               : key->alg == JWS_ES256 ? 1
               : key->alg == JWS_EDDSA ? 2
                                       : 3;
    int state = key->state == KEY_SIGNING ? 0 : key->state == KEY_VERIFY_ONLY ? 1 : 2;

    return kind * 3 + state;
}

#define PLACES_IN_SET 12

/* What is under neither name is not in that set. */
static const char *
in_set(const struct signing_key *key, bool of_codes)
{
    if (of_codes)
        return signs_codes(key->alg) ? key->short_jwk : NULL;
    return key->alg != JWS_SM2 ? key->jwk : NULL;
}

static const char *
key_set_text(const struct keyring *ring, bool of_codes)
{
    struct buf buf = buf_new(ring->arena, 4096);

    emit_object(&buf, NULL);
    emit_array(&buf, "keys");
    for (int place = 0; place < PLACES_IN_SET; place++)
        for (size_t i = 0; i < ring->signing_count; i++)
            if (place_in_set(&ring->signing[i]) == place &&
                in_set(&ring->signing[i], of_codes) != NULL)
                emit_raw(&buf, NULL, in_set(&ring->signing[i], of_codes));
    emit_array_end(&buf);
    emit_object_end(&buf);
    return buf.at;
}

static bool
is_complete(const struct keyring_filling *filling)
{
    const struct keyring *ring = filling->ring;

    for (enum key_purpose purpose = KEY_SIGN; purpose <= KEY_PAIRWISE; purpose++)
        if (!filling->seen[purpose])
            return false;
    for (size_t i = 0; i < ring->signing_count; i++)
        if (ring->signing[i].state == KEY_SIGNING)
            return true;
    return false;
}

static enum err
fill(struct keyring *ring, const struct key32 *kek, const struct key_row *rows, size_t count)
{
    struct keyring_filling filling = {
        .ring = ring,
        .seal = arena_alloc(ring->arena, count * sizeof(*filling.seal)),
        .data = arena_alloc(ring->arena, count * sizeof(*filling.data)),
    };
    enum err err;

    ring->signing = arena_alloc(ring->arena, count * sizeof(*ring->signing));
    ring->seal.keys = filling.seal;
    ring->data.keys = filling.data;
    err = add_rows(&filling, kek, rows, count);
    if (err != OK)
        return err;
    if (!is_complete(&filling))
        return ERR_NOT_FOUND;
    ring->csrf = key_derive(&ring->seal.keys[0].key, "csrf");
    ring->audit_record = key_derive(&ring->index, "audit record");
    ring->audit_checkpoint = key_derive(&ring->index, "audit checkpoint");
    ring->card_code = key_derive(&ring->index, "card code");
    ring->jwks = key_set_text(ring, false);
    ring->card_jwks = key_set_text(ring, true);
    return OK;
}

static void
ring_release(void *ring)
{
    keyring_free(ring);
}

enum err
keyring_open(const struct key32 *kek, const struct key_row *rows, size_t count,
             struct keyring **out)
{
    struct arena *arena = arena_new(RING_BYTES + count * ROW_BYTES);
    struct keyring *ring = arena_alloc(arena, sizeof(*ring));
    struct held held;
    enum err err;

    ring->arena = arena;
    hold_begin(&held, ring_release, ring);
    err = fill(ring, kek, rows, count);
    hold_end(&held);
    if (err != OK) {
        keyring_free(ring);
        return err;
    }
    *out = ring;
    return OK;
}

/* The keyring lies in its own arena, which wipes what it gives back. */
void
keyring_free(struct keyring *ring)
{
    if (ring == NULL)
        return;
    for (size_t i = 0; i < ring->signing_count; i++)
        EVP_PKEY_free(ring->signing[i].key);
    arena_free(ring->arena);
}

const struct signing_key *
keyring_signer(const struct keyring *ring, enum jws_alg alg)
{
    for (size_t i = 0; i < ring->signing_count; i++)
        if (ring->signing[i].alg == alg && ring->signing[i].state == KEY_SIGNING)
            return &ring->signing[i];
    return NULL;
}

const struct signing_key *
keyring_verifier(const struct keyring *ring, const char *kid)
{
    for (size_t i = 0; i < ring->signing_count; i++)
        if (ring->signing[i].alg != JWS_SM2 && text_eq(ring->signing[i].kid, kid))
            return &ring->signing[i];
    return NULL;
}

const struct signing_key *
keyring_code_verifier(const struct keyring *ring, const char *short_kid)
{
    for (size_t i = 0; i < ring->signing_count; i++)
        if (signs_codes(ring->signing[i].alg) && text_eq(ring->signing[i].short_kid, short_kid))
            return &ring->signing[i];
    return NULL;
}

bool
keyring_signs(const struct keyring *ring, enum jws_alg alg)
{
    return keyring_signer(ring, alg) != NULL;
}
