/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/commands.h"

enum err
command_check_config(struct call *call)
{
    buf_text(&call->said, call->config);
    buf_text(&call->said, ": the configuration is right.\n");
    return OK;
}
