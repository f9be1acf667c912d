/* SPDX-License-Identifier: Apache-2.0 */
/* What a command shows of one thing: a line a member for people or, with --json, an object for
 * programs. */
#ifndef IDP_COMMANDS_SHOWING_H
#define IDP_COMMANDS_SHOWING_H

#include "idp/commands/listing.h"

/* A member without anything to say ("", NULL, a time of 0) is left out. Between begin and end a
 * listing_begin_within() may stand. */
void showing_begin(struct call *call);
void showing_text(struct call *call, const char *name, const char *text);
void showing_number(struct call *call, const char *name, int64_t number);
void showing_time(struct call *call, const char *name, unix_s at);
/* An object that is JSON already, a line a member. */
void showing_object(struct call *call, const char *name, const char *json);
void showing_end(struct call *call);

#endif
