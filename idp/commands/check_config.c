/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/commands.h"
#include "idp/server/config/config.h"

enum err
command_check_config(struct call *call)
{
    struct findings found = findings_new(call->arena);
    struct settings settings;

    (void)config_examine(&found, call->config, &settings, NULL);
    for (const struct finding *at = found.first; at != NULL; at = at->next)
        buf_text(&call->said, arena_printf(call->arena, "%s: %s\n", finding_level_name(at->level),
                                           finding_text(call->arena, at)));
    if (found.counts[FINDING_ERROR] > 0)
        return call_fail(call, ERR_INVALID, "%s is wrong where it is told above", call->config);
    buf_text(&call->said, call->config);
    buf_text(&call->said, ": the configuration is right.\n");
    return OK;
}
