/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/commands.h"

enum err
command_help(struct call *call)
{
    const char *const *about = call->about;
    const char *name = about[0] != NULL ? about[0] : "";

    if (about[1] != NULL)
        name = arena_printf(call->arena, "%s %s", about[0], about[1]);
    if (about[2] != NULL)
        name = arena_printf(call->arena, "%s %s", name, about[2]);
    if (command_help_write(&call->said, name))
        return OK;
    return call_fail(call, ERR_NOT_FOUND, "there is no command \"%s\"; tongxing help names all",
                     name);
}
