/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/commands.h"

enum err
command_migrate(struct call *call)
{
    struct workshop *shop = &call->shop;
    int64_t pending = 0;
    enum err err = store_migrate_plan(shop->store, &call->said, &pending);

    if (err != OK)
        return err;
    if (pending == 0)
        buf_text(&call->said, "The schema is up to date.\n");
    if (pending == 0 || call->plan)
        return OK;
    call_tell(call);
    return store_migrate(shop->store, shop->services.env);
}
