/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "idp/commands/commands.h"

void
call_tell(struct call *call)
{
    fwrite(call->said.at, 1, call->said.size, stdout);
    fflush(stdout);
    call->said = buf_new(call->arena, 256);
}
