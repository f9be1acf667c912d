/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What groups of the directory stand for: roles, agency and region. A table in JSON, an array of
 * {"group": a distinguished name, "role": …} and {"group": …, "agency": …, "region": "440100"}, or all in one. Pure.
 */
#ifndef POLICIES_STAFF_GROUPS_H
#define POLICIES_STAFF_GROUPS_H

#include <stddef.h>

#include "idp/base/json.h"

#define STAFF_GROUPS_MAX 4096
#define STAFF_AGENCY_MAX 128 /* bytes */

struct staff_group {
    const char *group;  /* policies/directory_name.h */
    const char *role;   /* NULL: none by this group */
    const char *agency; /* NULL: the same */
    const char *region;
};

struct staff_groups {
    const struct staff_group *at;
    size_t count;
};

/* What a member of staff may do, and for whom. */
struct staff_place {
    const char *roles; /* space-separated, in the order of policies/staff_role.def */
    const char *agency;
    const char *region;
};

/* NULL, or what is wrong with the table: a sentence. All lives in the arena. */
const char *staff_groups_read(struct arena *arena, const json_t *table, struct staff_groups *out);

/*
 * Who is in these groups, as the directory writes them; those that are not in the table mean nothing. NULL: she has sound
 * roles and one place. Else a word that says why she is none of ours: "no_role", "roles" (those that exclude each other),
 * "no_agency", "agencies" (more than one).
 */
const char *staff_groups_place(struct arena *arena, const struct staff_groups *groups,
                               const char *const *names, size_t count, struct staff_place *out);

#endif
