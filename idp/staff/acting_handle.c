/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/acting_handle.h"

#include <string.h>

#include "idp/base/pack.h"
#include "idp/base/text.h"
#include "keys/seal.h"

#define CONTEXT "acting.1"
/* Tells people and leak scanners what it is; means nothing to us. */
#define PREFIX "ah_"

static const struct pack_field fields[] = {
    PACKED_TEXT(struct acting_handle, acting_id),
    PACKED_TEXT(struct acting_handle, acr),
    PACKED_TEXT(struct acting_handle, amr),
    PACKED_INT(struct acting_handle, auth_time),
    PACKED_END,
};

enum err
acting_handle_issue(struct ctx *ctx, const struct acting_handle *handle, const char **out)
{
    const char *sealed;
    enum err err =
        seal_text(&ctx->keys->seal, ctx->env, ctx->arena, CONTEXT,
                  pack(ctx->arena, fields, ctx->settings->upgrade.sealed_layout, handle), &sealed);

    if (err == OK)
        *out = arena_printf(ctx->arena, PREFIX "%s", sealed);
    return err;
}

enum err
acting_handle_open(struct ctx *ctx, const char *text, struct acting_handle *out)
{
    struct bytes plain;
    enum err err;

    *out = (struct acting_handle) { 0 };
    if (!text_starts(text, PREFIX))
        return ERR_FORGED;
    err = seal_text_open(&ctx->keys->seal, ctx->arena, CONTEXT, text + strlen(PREFIX), &plain);
    if (err != OK)
        return err;
    return unpack(ctx->arena, fields, plain, out) == OK ? OK : ERR_FORGED;
}
