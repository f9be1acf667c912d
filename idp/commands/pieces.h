/* SPDX-License-Identifier: Apache-2.0 */
/* A file that is too large to be read whole, given to a command in rounds: each gets the next of its
 * lines, and what it says of those that are at fault goes into a file beside. */
#ifndef IDP_COMMANDS_PIECES_H
#define IDP_COMMANDS_PIECES_H

#include "idp/commands/commands.h"

/* How far the file has been read, from round to round. Zero at the beginning. */
struct pieces {
    bool begun;
    int64_t at; /* bytes before the next line */
};

/* The next whole lines into call->piece, some 128 KB of them; nothing at the end of the file. The first
 * time it begins at call->from. NULL, or why it cannot be read. */
const char *pieces_read(struct pieces *pieces, struct call *call);

/* What a round has said: of one that goes on to the end of call->errors, or of FILE.errors. False when
 * that cannot be written. */
bool pieces_said(struct call *call, const struct call_end *end);

#endif
