/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/named.h"

#include "idp/base/text.h"
#include "idp/person/vault.h"
#include "policies/login_name.h"

#define ID_PREFIX "p_"

static enum err
by_id(struct ctx *ctx, const char *name, const char **person_id)
{
    int64_t state;
    enum err err = store_person_state(ctx->store, name, &state);

    if (err == OK)
        *person_id = name;
    return err;
}

enum err
person_named(struct ctx *ctx, const char *name, const char **person_id)
{
    struct login_name login_name;

    if (text_starts(name, ID_PREFIX))
        return by_id(ctx, name, person_id);
    if (login_name_check(ctx->arena, name, time_beijing_date(ctx->now), &login_name) != NULL)
        return ERR_INVALID;
    return login_name.phone != NULL
               ? person_find_by_phone(ctx, login_name.phone, person_id)
               : person_find_by_identity(ctx, login_name.identity_number, person_id);
}
