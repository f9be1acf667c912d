/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/partner/setup_code.h"

#include <string.h>

#include "idp/base/buf.h"
#include "idp/base/text.h"
#include "keys/handle.h"
#include "policies/typed.h"

#define ID_DIGITS (SETUP_ID_SIZE - 2)
#define SECRET_DIGITS 20
#define GROUP_DIGITS 5

static struct digest
code_digest(const struct ctx *ctx, const struct setup_kind *kind, const char *id,
            const char *secret)
{
    return digest_keyed_texts(&ctx->keys->index, kind->purpose, id, secret, NULL);
}

static const char *
in_groups(struct arena *arena, const char *digits)
{
    struct buf out = buf_new(arena, 48);

    for (size_t i = 0; digits[i] != '\0'; i++) {
        if (i > 0 && i % GROUP_DIGITS == 0)
            buf_char(&out, '-');
        buf_char(&out, digits[i]);
    }
    return out.at;
}

enum err
setup_id_new(struct ctx *ctx, const struct setup_kind *kind, const char **out)
{
    const char *digits;
    enum err err = digits_new(ctx->env, ctx->arena, ID_DIGITS, &digits);

    if (err == OK)
        *out = arena_printf(ctx->arena, "%s%s", kind->prefix, digits);
    return err;
}

enum err
setup_code_make(struct ctx *ctx, const struct setup_kind *kind, const char *id,
                struct digest *digest, struct setup_code *out)
{
    const char *secret;
    enum err err = digits_new(ctx->env, ctx->arena, SECRET_DIGITS, &secret);

    if (err != OK)
        return err;
    *digest = code_digest(ctx, kind, id, secret);
    *out = (struct setup_code) {
        .id = id,
        .text = in_groups(ctx->arena,
                          arena_printf(ctx->arena, "%s%s", id + strlen(kind->prefix), secret)),
        .until = ctx->now + SETUP_CODE_S,
    };
    return OK;
}

bool
setup_code_read(struct ctx *ctx, const struct setup_kind *kind, const char *typed, const char **id,
                struct digest *digest)
{
    char digits[ID_DIGITS + SECRET_DIGITS + 1];

    if (typed == NULL || !typed_ascii(typed, digits, sizeof(digits)) || !typed_is_digits(digits) ||
        strlen(digits) != sizeof(digits) - 1)
        return false;
    *id = arena_printf(ctx->arena, "%s%.*s", kind->prefix, ID_DIGITS, digits);
    *digest = code_digest(ctx, kind, *id, digits + ID_DIGITS);
    return true;
}

bool
setup_text_is_sound(const char *text)
{
    const char *at = text;
    uint32_t c;

    if (text_is_empty(text) || text_count_chars(text) > SETUP_TEXT_MAX)
        return false;
    while ((c = text_next_char(&at)) != 0)
        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) ||
            (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
            return false;
    return true;
}
