/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/log.h"
#include "idp/commands/commands.h"
#include "idp/server/life/server.h"

/* The server opens for itself what it needs besides the settings. */
enum err
command_serve(struct call *call)
{
    log_set_level(log_level_of(call->shop.settings->log.level));
    return server_run(call->shop.settings, call->config, call->door);
}
