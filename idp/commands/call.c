/* SPDX-License-Identifier: Apache-2.0 */
/* What a command says. */
#include <stdarg.h>
#include <stdio.h>

#include "idp/commands/commands.h"

void
call_tell(struct call *call)
{
    fwrite(call->said.at, 1, call->said.size, stdout);
    fflush(stdout);
    call->said = buf_new(call->arena, 256);
}

enum err
call_fail(struct call *call, enum err err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    call->why = arena_vprintf(call->arena, format, args);
    va_end(args);
    return err;
}
