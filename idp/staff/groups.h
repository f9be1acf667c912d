/* SPDX-License-Identifier: Apache-2.0 */
/* The file of groups (staff.groups_file), read once, and what it makes of somebody. */
#ifndef IDP_STAFF_GROUPS_H
#define IDP_STAFF_GROUPS_H

#include "idp/connect/directory.h"
#include "idp/context/ctx.h"
#include "idp/tables/staff.h"
#include "policies/staff_groups.h"

struct staff_groups_file;

/*
 * Without a path (""): nobody has a place then. ERR_NOT_FOUND: it cannot be read; ERR_INVALID: it is wrong. *why is
 * a sentence in the arena.
 */
must_check enum err staff_groups_open(struct arena *arena, const char *path,
                                      struct staff_groups_file **out, const char **why);
void staff_groups_free(struct staff_groups_file *file);

/* Roles, agency and region of whom the directory has told of: NULL, or the word of staff_groups_place(). */
const char *staff_place_of(struct ctx *ctx, const struct directory_person *person,
                           struct staff_place *out);

/* The same into her row. ERR_REFUSED: she has no place; the log says why. */
must_check enum err groups_read(struct ctx *ctx, const struct directory_person *person,
                                struct stored_staff *out);

/* By which she is known as a citizen, and two accounts as one person's; empty: the directory tells no identity number. */
struct bytes staff_person_key(struct ctx *ctx, const struct directory_person *person);

#endif
