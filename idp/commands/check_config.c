/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/commands.h"
#include "idp/server/config/config.h"

enum err
command_check_config(struct call *call)
{
    const char *advice = config_advice(call->shop.settings);

    buf_text(&call->said, call->config);
    buf_text(&call->said, ": the configuration is right.\n");
    if (advice != NULL) {
        buf_text(&call->said, advice);
        buf_char(&call->said, '\n');
    }
    return OK;
}
