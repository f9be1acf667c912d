/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/list_place.h"

#include "idp/base/pack.h"
#include "keys/seal.h"

static const struct pack_field fields[] = {
    PACKED_TEXT(struct list_place, after),      PACKED_INT(struct list_place, before),
    PACKED_TEXT(struct list_place, only),       PACKED_TEXT(struct list_place, actor),
    PACKED_TEXT(struct list_place, counter_id), PACKED_TEXT(struct list_place, event),
    PACKED_INT(struct list_place, since),       PACKED_INT(struct list_place, until),
    PACKED_TEXT(struct list_place, told),       PACKED_TEXT(struct list_place, told_of),
    PACKED_INT(struct list_place, told_until),  PACKED_END,
};

static const char *
context_of(struct ctx *ctx, const char *list, const char *sid)
{
    return arena_printf(ctx->arena, "staff.list.%s.%s", list, sid);
}

enum err
list_place_seal(struct ctx *ctx, const char *list, const char *sid, const struct list_place *place,
                const char **out)
{
    return seal_text(&ctx->keys->seal, ctx->env, ctx->arena, context_of(ctx, list, sid),
                     pack(ctx->arena, fields, PACK_LAYOUT, place), out);
}

enum err
list_place_open(struct ctx *ctx, const char *list, const char *sid, const char *text,
                struct list_place *out)
{
    struct list_place opened = { "", 0, "", "", "", "", 0, 0, "", "", 0 };
    struct bytes plain;
    enum err err = OK;

    if (text != NULL)
        err =
            seal_text_open(&ctx->keys->seal, ctx->arena, context_of(ctx, list, sid), text, &plain);
    if (text != NULL && err == OK)
        err = unpack(ctx->arena, fields, plain, &opened);
    if (err != OK)
        return err == ERR_INVALID ? ERR_FORGED : err;
    if (opened.told_until < ctx->now)
        opened.told = opened.told_of = "";
    *out = opened;
    return OK;
}
