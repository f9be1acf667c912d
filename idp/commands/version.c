/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/commands.h"

enum err
command_version(struct call *call)
{
    buf_text(&call->said, "tongxing " TONGXING_VERSION "\n");
    return OK;
}
