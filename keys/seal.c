/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/seal.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/broken.h"
#include "idp/base/log.h"

#define SUITE_XCHACHA20_POLY1305 1
#define HEAD_SIZE 5
#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_SIZE crypto_aead_xchacha20poly1305_ietf_ABYTES
#define BOX_OVERHEAD (HEAD_SIZE + NONCE_SIZE + TAG_SIZE)
#define TEXT_MAX 16384

static void
sodium_start(void)
{
    if (sodium_init() >= 0)
        return;
    broken("libsodium starts on this machine");
}

static void
sodium_ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, sodium_start);
}

static void
put_head(uint8_t head[static HEAD_SIZE], uint32_t serial)
{
    head[0] = SUITE_XCHACHA20_POLY1305;
    for (size_t i = 0; i < 4; i++)
        head[1 + i] = (uint8_t)(serial >> (24 - 8 * i));
}

static uint32_t
serial_of(const uint8_t head[static HEAD_SIZE])
{
    return (uint32_t)head[1] << 24 | (uint32_t)head[2] << 16 | (uint32_t)head[3] << 8 | head[4];
}

/* What the tag covers besides the ciphertext: the head of the box, then the context. */
static struct bytes
associated(struct arena *arena, const uint8_t head[static HEAD_SIZE], const char *context)
{
    size_t size = strlen(context);
    uint8_t *data = arena_alloc(arena, HEAD_SIZE + size);

    memcpy(data, head, HEAD_SIZE);
    memcpy(data + HEAD_SIZE, context, size);
    return bytes_of(data, HEAD_SIZE + size);
}

enum err
seal(const struct seal_keys *keys, struct env *env, struct arena *arena, const char *context,
     struct bytes plain, struct bytes *out)
{
    uint8_t *box = arena_alloc(arena, BOX_OVERHEAD + plain.size);
    uint8_t *nonce = box + HEAD_SIZE;
    struct bytes data;
    enum err err;

    sodium_ready();
    if (keys->count == 0)
        return ERR_INTERNAL;
    err = env_random(env, nonce, NONCE_SIZE);
    if (err != OK)
        return err;
    put_head(box, keys->keys[0].serial);
    data = associated(arena, box, context);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE_SIZE, NULL, plain.at, plain.size,
                                               data.at, data.size, NULL, nonce,
                                               keys->keys[0].key.bytes);
    *out = bytes_of(box, BOX_OVERHEAD + plain.size);
    return OK;
}

static const struct seal_key *
key_of_serial(const struct seal_keys *keys, uint32_t serial)
{
    for (size_t i = 0; i < keys->count; i++)
        if (keys->keys[i].serial == serial)
            return &keys->keys[i];
    return NULL;
}

enum err
seal_open(const struct seal_keys *keys, struct arena *arena, const char *context, struct bytes box,
          struct bytes *out)
{
    const struct seal_key *key;
    struct bytes data;
    uint8_t *plain;

    sodium_ready();
    if (box.size < BOX_OVERHEAD || box.at[0] != SUITE_XCHACHA20_POLY1305)
        return ERR_FORGED;
    key = key_of_serial(keys, serial_of(box.at));
    if (key == NULL)
        return ERR_FORGED;
    data = associated(arena, box.at, context);
    plain = arena_alloc(arena, box.size - BOX_OVERHEAD + 1);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            plain, NULL, NULL, box.at + HEAD_SIZE + NONCE_SIZE, box.size - HEAD_SIZE - NONCE_SIZE,
            data.at, data.size, box.at + HEAD_SIZE, key->key.bytes) != 0)
        return ERR_FORGED;
    *out = bytes_of(plain, box.size - BOX_OVERHEAD);
    return OK;
}

enum err
seal_text(const struct seal_keys *keys, struct env *env, struct arena *arena, const char *context,
          struct bytes plain, const char **out)
{
    struct bytes box;
    enum err err;

    if (plain.size > TEXT_MAX / 4 * 3 - BOX_OVERHEAD)
        return ERR_INVALID;
    err = seal(keys, env, arena, context, plain, &box);
    if (err != OK)
        return err;
    *out = base64url_encode(arena, box);
    return OK;
}

enum err
seal_text_open(const struct seal_keys *keys, struct arena *arena, const char *context,
               const char *text, struct bytes *out)
{
    size_t size = strnlen(text, TEXT_MAX + 1);
    struct bytes box;

    if (size > TEXT_MAX || base64url_decode(arena, text, size, &box) != OK)
        return ERR_FORGED;
    return seal_open(keys, arena, context, box, out);
}
