/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/session/device_code_row.h"

#include "idp/base/pack.h"
#include "keys/seal.h"

#define REQUEST_CONTEXT "pending.device.1"

static const struct pack_field fields[] = {
    PACKED_TEXT(struct device_request, network),
    PACKED_TEXT(struct device_request, scope),
    PACKED_TEXT(struct device_request, bound_key),
    PACKED_INT(struct device_request, match_number),
    PACKED_END,
};

struct digest
device_code_row_id(struct ctx *ctx, const char *user_code)
{
    return digest_keyed_texts(&ctx->keys->index, "pending.device", user_code, NULL);
}

enum err
device_code_row_pack(struct ctx *ctx, const struct device_request *request, const char **out)
{
    return seal_text(&ctx->keys->seal, ctx->env, ctx->arena, REQUEST_CONTEXT,
                     pack(ctx->arena, fields, ctx->settings->upgrade.sealed_layout, request), out);
}

enum err
device_code_row_load(struct ctx *ctx, struct digest pending_id, struct device_request *request)
{
    struct bytes plain;
    enum err err = store_pending_load(ctx->store, ctx->arena, &pending_id, &request->row);

    if (err != OK)
        return err;
    if (request->row.kind != PENDING_DEVICE ||
        seal_text_open(&ctx->keys->seal, ctx->arena, REQUEST_CONTEXT, request->row.request,
                       &plain) != OK ||
        unpack(ctx->arena, fields, plain, request) != OK)
        return ERR_NOT_FOUND;
    return OK;
}
