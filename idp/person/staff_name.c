/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/staff_name.h"

#include "idp/base/log.h"
#include "keys/seal.h"

static const char *
sealing_context(struct ctx *ctx, const char *staff_id)
{
    return arena_printf(ctx->arena, "staff.name.%s", staff_id);
}

enum err
staff_name_seal(struct ctx *ctx, const char *staff_id, const char *name, struct bytes *out)
{
    return seal(&ctx->keys->data, ctx->env, ctx->arena, sealing_context(ctx, staff_id),
                bytes_of_text(name), out);
}

enum err
staff_name_open(struct ctx *ctx, const struct stored_staff *staff, const char **out)
{
    struct bytes plain;
    enum err err = seal_open(&ctx->keys->data, ctx->arena, sealing_context(ctx, staff->staff_id),
                             staff->name_sealed, &plain);

    if (err != OK) {
        log_line(LOG_ERROR, "vault.tampered", log_text("column", "name_sealed"),
                 log_text("staff", staff->staff_id));
        return err;
    }
    *out = arena_copy(ctx->arena, plain.at, plain.size);
    return OK;
}
