/* SPDX-License-Identifier: Apache-2.0 */
/* tongxing: one program, several commands (idp/commands/commands.c has the table). */
#include "idp/commands/commands.h"

int
main(int argc, char **argv)
{
    return commands_main(argc, argv);
}
