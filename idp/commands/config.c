/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/config/config.h"
#include "idp/commands/commands.h"

enum err
command_config_template(struct call *call)
{
    config_write_template(&call->said);
    return OK;
}
