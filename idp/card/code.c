/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/code.h"

#include <string.h>

#include "idp/base/emit.h"
#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/card/clock.h"
#include "keys/jws.h"

#define CARD_PREFIX "c_"
#define SID_PREFIX "s_"
#define PREFIX_SIZE 2
#define ID_BYTES 16 /* of each: id_new() */
#define JTI_BYTES 12
#define JTI_SIZE 16
#define CAPITAL ('A' - 'a')

/* --- Whose it is --- */

struct code_owner {
    uint8_t card[ID_BYTES];
    uint8_t session[ID_BYTES];
};

_Static_assert(sizeof(struct code_owner) == sizeof(struct digest), "the pad covers it");

static enum err
take_id(struct arena *arena, const char *id, const char *prefix, uint8_t out[static ID_BYTES])
{
    struct bytes raw;

    if (!text_starts(id, prefix) ||
        base64url_decode(arena, id + PREFIX_SIZE, strlen(id + PREFIX_SIZE), &raw) != OK ||
        raw.size != ID_BYTES)
        return ERR_INVALID;
    memcpy(out, raw.at, ID_BYTES);
    return OK;
}

static const char *
id_text(struct arena *arena, const char *prefix, const uint8_t id[static ID_BYTES])
{
    return arena_printf(arena, "%s%s", prefix, base64url_encode(arena, bytes_of(id, ID_BYTES)));
}

/*
 * A pad that no second code has: what it covers looks random to who has no key, and comes out as
 * nobody's when an operator has begun anew since.
 */
static void
cover(const struct ctx *ctx, const char *jti, struct code_owner *owner)
{
    const char *epoch = arena_printf(ctx->arena, "%lld", (long long)card_clock_epoch(ctx));
    struct digest pad =
        digest_keyed_texts(&ctx->keys->card_code, "card.code", jti, epoch, (const char *)NULL);

    for (size_t i = 0; i < ID_BYTES; i++) {
        owner->card[i] ^= pad.bytes[i];
        owner->session[i] ^= pad.bytes[ID_BYTES + i];
    }
}

/* --- Issuing --- */

/* A capital says that it was shown on the telephone that the card is opened on. */
static const char *
letter_of(struct arena *arena, enum card_purpose purpose, bool in_app)
{
    char letter = card_purpose_rule(purpose)->letter;

    return arena_printf(arena, "%c", in_app ? (char)(letter + CAPITAL) : letter);
}

static enum err
payload_write(struct ctx *ctx, const struct card_code_order *order, bool in_app, struct buf *out)
{
    uint8_t random[JTI_BYTES];
    struct code_owner owner;
    const char *jti;
    enum err err = order->purpose != CARD_PURPOSE_NONE ? OK : ERR_INVALID;

    if (err == OK)
        err = env_random(ctx->env, random, sizeof(random));
    if (err == OK)
        err = take_id(ctx->arena, order->card_id, CARD_PREFIX, owner.card);
    if (err == OK)
        err = take_id(ctx->arena, order->sid, SID_PREFIX, owner.session);
    if (err != OK)
        return err;
    jti = base64url_encode(ctx->arena, bytes_of(random, sizeof(random)));
    cover(ctx, jti, &owner);
    emit_object(out, NULL);
    emit_text(out, "jti", jti);
    emit_int(out, "exp", ctx->now + CARD_CODE_LIFE_S);
    emit_text(out, "prp", letter_of(ctx->arena, order->purpose, in_app));
    emit_text(out, "sub", base64url_encode(ctx->arena, bytes_of(&owner, sizeof(owner))));
    emit_object_end(out);
    return OK;
}

static enum err
issue(struct ctx *ctx, const struct card_code_order *order, bool in_app, const char **out)
{
    const struct signing_key *key =
        keyring_signer(ctx->keys, jws_alg_of(ctx->settings->card.code_alg));
    struct buf payload = buf_new(ctx->arena, 128);
    struct buf code = buf_new(ctx->arena, CARD_CODE_MAX_BYTES + 1);
    struct code_clock clock;
    enum err err = card_clock_read(ctx, &clock);

    if (err == OK && !code_clock_may_issue(&clock))
        return ERR_EXPIRED;
    if (err == OK && key == NULL) /* the key's job makes it in a moment */
        return ERR_UNAVAILABLE;
    if (err == OK)
        err = payload_write(ctx, order, in_app, &payload);
    if (err == OK)
        err = jws_sign_named(key, CARD_CODE_TYP, key->short_kid, buf_view(&payload), &code);
    if (err == OK)
        *out = code.at;
    return err;
}

enum err
card_code_issue(struct ctx *ctx, const struct card_code_order *order, const char **out)
{
    return issue(ctx, order, false, out);
}

enum err
card_code_issue_in_app(struct ctx *ctx, const struct card_code_order *order, const char **out)
{
    return issue(ctx, order, true, out);
}

/* --- Reading --- */

static enum err
owner_read(struct ctx *ctx, const char *sub, struct card_code *code)
{
    struct code_owner owner;
    struct bytes raw;

    if (base64url_decode(ctx->arena, sub, strlen(sub), &raw) != OK || raw.size != sizeof(owner))
        return ERR_INVALID;
    memcpy(&owner, raw.at, sizeof(owner));
    cover(ctx, code->jti, &owner);
    code->card_id = id_text(ctx->arena, CARD_PREFIX, owner.card);
    code->sid = id_text(ctx->arena, SID_PREFIX, owner.session);
    return OK;
}

static enum err
payload_read(struct ctx *ctx, struct bytes payload, struct card_code *out)
{
    const json_t *json = json_read(ctx->arena, payload);
    struct card_code code;
    const char *prp;
    const char *sub;

    if (member_text(json, "jti", JTI_SIZE, &code.jti) != OK ||
        member_text(json, "prp", 1, &prp) != OK ||
        member_text(json, "sub", CARD_CODE_READ_MAX_BYTES, &sub) != OK ||
        member_time(json, "exp", &code.expires_at) != OK || owner_read(ctx, sub, &code) != OK)
        return ERR_INVALID;
    code.issued_at = code.expires_at - CARD_CODE_LIFE_S;
    code.in_app = *prp >= 'A' && *prp <= 'Z';
    code.purpose = card_purpose_of_letter(
        (const char[]) { (char)(code.in_app ? *prp - CAPITAL : *prp), '\0' });
    if (code.purpose == CARD_PURPOSE_NONE || strlen(code.jti) != JTI_SIZE)
        return ERR_INVALID;
    *out = code;
    return OK;
}

enum err
card_code_read(struct ctx *ctx, const char *text, struct card_code *out)
{
    const struct signing_key *key;
    struct jws jws;

    if (strnlen(text, CARD_CODE_READ_MAX_BYTES + 1) > CARD_CODE_READ_MAX_BYTES ||
        jws_read(ctx->arena, text, &jws) != OK || !text_eq(jws.typ, CARD_CODE_TYP))
        return ERR_INVALID;
    key = keyring_code_verifier(ctx->keys, jws.kid);
    if (key == NULL || jws_check(&jws, key->key, key->alg) != OK)
        return ERR_FORGED;
    return payload_read(ctx, jws.payload, out);
}

enum err
card_code_open(struct ctx *ctx, const char *text, struct card_code *out)
{
    struct code_clock clock;
    struct card_code code;
    enum err err = card_clock_read(ctx, &clock);

    if (err == OK)
        err = card_code_read(ctx, text, &code);
    if (err != OK)
        return err;
    if (code_clock_judge(&clock, code.expires_at) != CODE_TIME_GOOD)
        return ERR_EXPIRED;
    *out = code;
    return OK;
}

struct digest
card_code_spent_id(const struct ctx *ctx, const struct card_code *code)
{
    return digest_keyed_texts(&ctx->keys->card_code, "card.spent", code->jti, (const char *)NULL);
}
