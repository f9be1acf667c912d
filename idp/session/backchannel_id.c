/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/backchannel_id.h"

#include <string.h>

#include "idp/base/buf.h"
#include "keys/seal.h"

#define CONTEXT "auth_req_id.1"

enum err
auth_req_id_make(struct ctx *ctx, const struct digest *pending_id, const char *secret,
                 const char **out)
{
    struct buf plain = buf_new(ctx->arena, 128);

    buf_bytes(&plain, pending_id->bytes, sizeof(pending_id->bytes));
    buf_text(&plain, secret);
    return seal_text(&ctx->keys->seal, ctx->env, ctx->arena, CONTEXT, buf_view(&plain), out);
}

enum err
auth_req_id_open(struct ctx *ctx, const char *text, struct digest *pending_id, const char **secret)
{
    struct bytes plain;
    enum err err = seal_text_open(&ctx->keys->seal, ctx->arena, CONTEXT, text, &plain);

    if (err != OK)
        return err;
    if (plain.size <= sizeof(pending_id->bytes))
        return ERR_FORGED;
    memcpy(pending_id->bytes, plain.at, sizeof(pending_id->bytes));
    *secret = arena_copy(ctx->arena, plain.at + sizeof(pending_id->bytes),
                         plain.size - sizeof(pending_id->bytes));
    return OK;
}
