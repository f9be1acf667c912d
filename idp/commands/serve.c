/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/log.h"
#include "idp/base/text.h"
#include "idp/commands/commands.h"
#include "idp/server/life/server.h"

static enum log_level
log_level_of(const char *name)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };
    int level = LOG_DEBUG;

    while (level < LOG_ERROR && !text_eq(names[level], name))
        level++;
    return (enum log_level)level;
}

/* The server opens for itself what it needs besides the settings. */
enum err
command_serve(struct call *call)
{
    log_set_level(log_level_of(call->shop.settings->log.level));
    return server_run(call->shop.settings, call->door);
}
