/* SPDX-License-Identifier: Apache-2.0 */
/* The person a command is about. */
#ifndef IDP_COMMANDS_PERSON_H
#define IDP_COMMANDS_PERSON_H

#include "idp/commands/commands.h"
#include "idp/person/vault.h"

/* Whom the command's word names (idp/person/named.h); fails with a sentence. Of a person whose data
 * does not open name, numbers and times are empty; the log says so. */
enum err person_of_call(struct call *call, struct person *out);
/* The same for another word. */
enum err person_of_name(struct call *call, const char *name, struct person *out);

/* The same with her data masked; with --unmask whole, which --reason says why, and the audit trail keeps both. */
enum err person_to_show(struct call *call, struct person *out);

const char *person_state_name(enum person_state state);

/* "p_… 张* 138****8000": enough to see that it is she who was meant. */
const char *person_in_short(struct call *call, const struct person *person);

#endif
