/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/form.h"

#include "idp/tables/spent.h"

enum err
form_spend(struct ctx *ctx, const struct digest *form)
{
    return store_spent_insert(ctx->store, form, "", ctx->now + ctx->settings->life.transaction_s);
}
