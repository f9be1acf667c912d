/* SPDX-License-Identifier: Apache-2.0 */
/* Distinguished names (RFC 4514), so that two spellings of one can be told to be the same. */
#ifndef POLICIES_DIRECTORY_NAME_H
#define POLICIES_DIRECTORY_NAME_H

#include "idp/base/arena.h"

#define DIRECTORY_NAME_MAX 512 /* bytes */

/*
 * One spelling: small letters (of ASCII), no blanks around signs, one for many within, the same signs escaped in the same
 * way. NULL: it is none, it is empty, or it stands in quotes, as RFC 4514 has it no more.
 */
const char *directory_name_canonical(struct arena *arena, const char *name);

#endif
