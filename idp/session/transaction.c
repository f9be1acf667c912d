/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/transaction.h"

#include <ctype.h>
#include <string.h>

#include "idp/base/pack.h"
#include "keys/handle.h"
#include "keys/seal.h"
#include "keys/secret.h"

#define CONTEXT "transaction.2"
/* Room for what stands beside the request's texts: the box (keys/seal.h), lengths, ids, numbers,
 * levels, and in an answer the names of its parameters. */
#define SEALED_BESIDE 640

static const struct pack_field fields[] = {
    PACKED_TEXT(struct transaction, id),
    PACKED_TEXT(struct transaction, binder),
    PACKED_TEXT(struct transaction, language),
    PACKED_INT(struct transaction, created_at),
    PACKED_TEXT(struct transaction, authz.partner_id),
    PACKED_TEXT(struct transaction, authz.redirect_uri),
    PACKED_TEXT(struct transaction, authz.response_mode),
    PACKED_TEXT(struct transaction, authz.scope),
    PACKED_TEXT(struct transaction, authz.state),
    PACKED_TEXT(struct transaction, authz.nonce),
    PACKED_TEXT(struct transaction, authz.code_challenge),
    PACKED_TEXT(struct transaction, authz.prompt),
    PACKED_TEXT(struct transaction, authz.acr_values),
    PACKED_TEXT(struct transaction, authz.claims),
    PACKED_TEXT(struct transaction, authz.login_hint),
    PACKED_TEXT(struct transaction, authz.hint_sub),
    PACKED_TEXT(struct transaction, authz.seen_handle),
    PACKED_INT(struct transaction, authz.max_age),
    PACKED_TEXT(struct transaction, shown_to),
    PACKED_TEXT(struct transaction, agreed_by),
    PACKED_INT(struct transaction, enrolment),
    PACKED_TEXT(struct transaction, phone),
    PACKED_TEXT(struct transaction, person_id),
    PACKED_TEXT(struct transaction, bank_phone),
    PACKED_END,
};

static const char *
digest_text(struct arena *arena, const char *secret)
{
    struct digest digest = digest_of_text(secret);

    return base64url_encode(arena, digest_view(&digest));
}

enum err
transaction_new(struct ctx *ctx, const struct authz *authz, const char *language,
                struct transaction *out, const char **cookie)
{
    enum err err;

    *out =
        (struct transaction) { .language = language, .created_at = ctx->now, .authz.max_age = -1 };
    if (authz != NULL)
        out->authz = *authz;
    err = id_new(ctx->env, ctx->arena, "t", &out->id);
    if (err == OK)
        err = handle_new(ctx->env, ctx->arena, cookie);
    if (err == OK)
        out->binder = digest_text(ctx->arena, *cookie);
    return err;
}

static size_t
text_size(const char *text)
{
    return text != NULL ? strlen(text) : 0;
}

/* As a query's value: three bytes for each that is not unreserved. */
static size_t
url_size(const char *text)
{
    size_t size = 0;

    for (; text != NULL && *text != '\0'; text++)
        size += isalnum((unsigned char)*text) || strchr("-._~", *text) != NULL ? 1 : 3;
    return size;
}

static size_t
sealed_size(size_t texts)
{
    return (texts + SEALED_BESIDE) * 4 / 3 + 1;
}

/* What a code has too (code.c). */
static size_t
code_texts(const struct authz *authz)
{
    return text_size(authz->partner_id) + text_size(authz->redirect_uri) + text_size(authz->scope) +
           text_size(authz->nonce) + text_size(authz->code_challenge) + text_size(authz->claims);
}

static size_t
transaction_texts(const struct authz *authz)
{
    return code_texts(authz) + text_size(authz->state) + text_size(authz->prompt) +
           text_size(authz->acr_values) + text_size(authz->login_hint) + text_size(authz->hint_sub);
}

bool
authz_fits(const struct authz *authz, const char *issuer)
{
    size_t answer = text_size(authz->redirect_uri) + sealed_size(code_texts(authz)) +
                    url_size(authz->state) + url_size(issuer);

    return sealed_size(transaction_texts(authz)) <= TRANSACTION_MAX_BYTES &&
           answer <= TRANSACTION_MAX_BYTES;
}

enum err
transaction_seal(struct ctx *ctx, const struct transaction *tx, const char **out)
{
    return seal_text(&ctx->keys->seal, ctx->env, ctx->arena, CONTEXT, pack(ctx->arena, fields, tx),
                     out);
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
    return ctx->now - out->created_at > ctx->settings->life.transaction_s ? ERR_EXPIRED : OK;
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
