/* SPDX-License-Identifier: Apache-2.0 */
/* What a scanner sends as a card code. Nothing that we did not sign may be read as one; what we did sign
 * is read whatever its payload, or refused. */
#include "idp/base/arena.h"
#include "idp/card/code.h"
#include "keys/jws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROWS 7
#define SYMMETRIC 5

static struct keyring *
ring_new(struct arena *arena)
{
    static const struct key32 kek = { { 3 } };
    struct key_row rows[ROWS];
    struct keyring *ring;

    for (size_t i = 0; i < ROWS; i++) {
        bool signs = i >= SYMMETRIC;
        enum jws_alg alg = !signs ? JWS_NONE : i == SYMMETRIC ? JWS_ES256 : JWS_SM2;
        enum key_purpose purpose = signs ? KEY_SIGN : (enum key_purpose)((int)KEY_SEAL + (int)i);

        if (key_row_new(&kek, env_machine(), arena, purpose, alg, &rows[i]) != OK)
            __builtin_trap();
        rows[i].state = KEY_SIGNING;
    }
    if (keyring_open(&kek, rows, ROWS, &ring) != OK)
        __builtin_trap();
    return ring;
}

/* The same bytes as the payload of a code that holds. */
static void
payload_try(struct ctx *ctx, struct bytes payload)
{
    const struct signing_key *key = keyring_signer(ctx->keys, JWS_ES256);
    struct buf text = buf_new(ctx->arena, 512);
    struct card_code code;

    if (jws_sign_named(key, CARD_CODE_TYP, key->short_kid, payload, &text) != OK)
        __builtin_trap();
    if (card_code_read(ctx, text.at, &code) == OK &&
        (code.purpose == CARD_PURPOSE_NONE || code.issued_at + CARD_CODE_LIFE_S != code.expires_at))
        __builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct services services;
    static struct keyring *ring;
    struct arena *arena = arena_new(4 << 20);
    size_t taken = size < 1024 ? size : 1024;
    struct ctx ctx = { .services = &services, .env = env_machine(), .arena = arena };
    struct card_code code;

    if (ring == NULL)
        ring = ring_new(arena);
    ctx.keys = ring;
    if (card_code_read(&ctx, arena_copy(arena, data, taken), &code) == OK)
        __builtin_trap();
    payload_try(&ctx, bytes_of(data, taken < 200 ? taken : 200));
    arena_free(arena);
    return 0;
}
