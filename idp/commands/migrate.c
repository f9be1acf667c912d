/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "idp/commands/commands.h"
#include "idp/store/migrate.h"

enum err
command_migrate(struct call *call)
{
    struct workshop *shop = &call->shop;
    int64_t pending = 0;
    enum err err = store_migrate_plan(shop->store, &call->said, &pending);

    if (err == ERR_INVALID) {
        fputs(call->said.at, stderr);
        call->said = buf_new(call->arena, 64);
    }
    if (err != OK)
        return err;
    if (pending == 0 || call->plan)
        return OK;
    call_tell(call);
    return store_migrate(shop->store, shop->services->env);
}
