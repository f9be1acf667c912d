/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/transaction.h"

#include <string.h>

#include "idp/base/pack.h"
#include "keys/handle.h"
#include "keys/seal.h"
#include "keys/secret.h"

#define CONTEXT "transaction.3"
/* Room for what stands beside the request's texts: the box (keys/seal.h), lengths, ids, numbers,
 * levels, and in an answer the names of its parameters. */
#define SEALED_BESIDE 672
/* The first time and ten more. */
#define TIMES_MAX 11
#define COOKIE_TIME_CHARACTERS 10

static const struct pack_field fields[] = {
    PACKED_TEXT(struct transaction, id),          PACKED_TEXT(struct transaction, binder),
    PACKED_TEXT(struct transaction, language),    PACKED_INT(struct transaction, created_at),
    PACKED_INT(struct transaction, until),        PACKED_INT(struct transaction, again),
    PACKED_TEXT(struct transaction, purpose),     PACKED_TEXT(struct transaction, partner_id),
    PACKED_TEXT(struct transaction, returns_to),  PACKED_TEXT(struct transaction, login_hint),
    PACKED_INT(struct transaction, asks_again),   PACKED_TEXT(struct transaction, scope),
    PACKED_TEXT(struct transaction, asked),       PACKED_TEXT(struct transaction, hint_sub),
    PACKED_TEXT(struct transaction, seen_handle), PACKED_INT(struct transaction, outcome),
    PACKED_TEXT(struct transaction, refusal),     PACKED_TEXT(struct transaction, shown_to),
    PACKED_TEXT(struct transaction, agreed_by),   PACKED_INT(struct transaction, enrolment),
    PACKED_TEXT(struct transaction, phone),       PACKED_INT(struct transaction, proven_at),
    PACKED_TEXT(struct transaction, person_id),   PACKED_TEXT(struct transaction, bank_phone),
    PACKED_INT(struct transaction, known_at),     PACKED_END,
};

static const char *
digest_text(struct arena *arena, const char *secret)
{
    struct digest digest = digest_of_text(secret);

    return base64url_encode(arena, digest_view(&digest));
}

enum err
transaction_new(struct ctx *ctx, const char *language, struct transaction *tx, const char **cookie)
{
    const char *handle;
    enum err err = id_new(ctx->env, ctx->arena, "t", &tx->id);

    if (err == OK)
        err = handle_new(ctx->env, ctx->arena, &handle);
    if (err != OK)
        return err;
    *cookie = arena_printf(ctx->arena, "%0*llx%s", COOKIE_TIME_CHARACTERS,
                           (unsigned long long)ctx->now, handle);
    tx->binder = digest_text(ctx->arena, *cookie);
    tx->language = language;
    tx->created_at = ctx->now;
    tx->until = ctx->now + ctx->settings->life.transaction_s;
    return OK;
}

bool
transaction_cookie_is_older(const char *cookie, const char *than)
{
    return strncmp(cookie, than, COOKIE_TIME_CHARACTERS) < 0;
}

void
transaction_renew(struct ctx *ctx, const struct transaction *old, struct transaction *tx)
{
    tx->id = old->id;
    tx->binder = old->binder;
    tx->language = old->language;
    tx->created_at = ctx->now;
    tx->until = ctx->now + ctx->settings->life.transaction_s;
    tx->again = 1;
}

int64_t
transaction_cookie_life_s(const struct ctx *ctx)
{
    return ctx->settings->life.transaction_s + TRANSACTION_HONOURED_S;
}

unix_s
transaction_end(const struct ctx *ctx, const struct transaction *tx)
{
    return tx->until != 0 ? tx->until : tx->created_at + ctx->settings->life.transaction_s;
}

bool
transaction_is_honoured(const struct ctx *ctx, const struct transaction *tx)
{
    return ctx->now <= transaction_end(ctx, tx) + TRANSACTION_HONOURED_S &&
           !handed_out_too_early(ctx, tx->created_at);
}

static unix_s
end_at_most(const struct ctx *ctx, const struct transaction *tx)
{
    return tx->created_at + TIMES_MAX * ctx->settings->life.transaction_s;
}

bool
transaction_may_extend(const struct ctx *ctx, const struct transaction *tx)
{
    return transaction_end(ctx, tx) < end_at_most(ctx, tx);
}

void
transaction_extend(const struct ctx *ctx, struct transaction *tx)
{
    unix_s most = end_at_most(ctx, tx);
    unix_s wished = ctx->now + ctx->settings->life.transaction_s;

    tx->until = wished < most ? wished : most;
}

bool
transaction_has_come_to(const struct transaction *tx, enum enrolment_phase phase)
{
    bool recovers = tx->enrolment >= RECOVERY_CODE_SENT;

    return tx->enrolment >= (int64_t)phase && recovers == (phase >= RECOVERY_CODE_SENT);
}

size_t
transaction_sealed_size(size_t texts)
{
    return (texts + SEALED_BESIDE) * 4 / 3 + 1;
}

static size_t
text_size(const char *text)
{
    return text != NULL ? strlen(text) : 0;
}

bool
transaction_fits(const struct transaction *tx, const char *scope)
{
    size_t texts = text_size(tx->partner_id) + text_size(tx->returns_to) +
                   text_size(tx->login_hint) + text_size(scope) + text_size(tx->asked) +
                   text_size(tx->hint_sub);

    return transaction_sealed_size(texts) <= TRANSACTION_MAX_BYTES;
}

enum err
transaction_seal(struct ctx *ctx, const struct transaction *tx, const char **out)
{
    return seal_text(&ctx->keys->seal, ctx->env, ctx->arena, CONTEXT,
                     pack(ctx->arena, fields, ctx->settings->upgrade.sealed_layout, tx), out);
}

enum err
transaction_peek(struct ctx *ctx, const char *sealed, struct transaction *out)
{
    struct bytes plain;
    enum err err = seal_text_open(&ctx->keys->seal, ctx->arena, CONTEXT, sealed, &plain);

    if (err != OK)
        return err;
    *out = (struct transaction) { 0 };
    if (unpack(ctx->arena, fields, plain, out) != OK)
        return ERR_FORGED; /* sealed by a version with other fields: as good as expired */
    return ctx->now > transaction_end(ctx, out) || handed_out_too_early(ctx, out->created_at)
               ? ERR_EXPIRED
               : OK;
}

bool
transaction_is_bound(struct ctx *ctx, const struct transaction *tx, const char *cookie)
{
    struct digest expected = digest_of_text(tx->binder);
    struct digest presented;

    if (cookie == NULL)
        return false;
    presented = digest_of_text(digest_text(ctx->arena, cookie));
    return digest_eq(&expected, &presented);
}

const char *
transaction_csrf(struct ctx *ctx, const struct transaction *tx, const char *cookie)
{
    struct digest digest = digest_keyed_texts(&ctx->keys->csrf, tx->id, cookie, NULL);

    return base64url_encode(ctx->arena, digest_view(&digest));
}
