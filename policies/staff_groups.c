/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/staff_groups.h"

#include <stdbool.h>
#include <string.h>

#include "idp/base/text.h"
#include "policies/card_region.h"
#include "policies/directory_name.h"
#include "policies/staff_rules.h"

#define REGION_DIGITS 6
#define ROLE_MAX 32

/* --- The table --- */

static enum staff_role
role_of(const char *name)
{
    for (int role = STAFF_ROLE_none + 1; role < STAFF_ROLES; role++)
        if (text_eq(staff_role_name((enum staff_role)role), name))
            return (enum staff_role)role;
    return STAFF_ROLE_none;
}

/* A member that may be absent; false when it is there and wrong. */
static bool
maybe_text(const json_t *row, const char *name, size_t max, const char **out)
{
    *out = NULL;
    return !member_is_there(row, name) ||
           (member_text(row, name, max, out) == OK && !text_is_empty(*out));
}

static bool
members_are_known(const json_t *row)
{
    const json_t *value;
    const char *name;
    void *at = NULL;

    while ((name = member_next(row, &at, &value)) != NULL)
        if (!text_list_has("group role agency region", name))
            return false;
    return true;
}

static const char *
group_read(struct arena *arena, const json_t *row, struct staff_group *out)
{
    const char *group;

    if (!members_are_known(row))
        return "it has another member than group, role, agency and region.";
    if (member_text(row, "group", DIRECTORY_NAME_MAX, &group) != OK ||
        (out->group = directory_name_canonical(arena, group)) == NULL)
        return "group must be a distinguished name.";
    if (!maybe_text(row, "role", ROLE_MAX, &out->role) ||
        (out->role != NULL && role_of(out->role) == STAFF_ROLE_none))
        return "role must be one of ours: docs/operations.md names them.";
    if (!maybe_text(row, "agency", STAFF_AGENCY_MAX, &out->agency) ||
        !maybe_text(row, "region", REGION_DIGITS, &out->region) ||
        (out->region != NULL &&
         (strlen(out->region) != REGION_DIGITS || !card_regions_are_sound(out->region))))
        return "agency must be a name, and region a division code of six digits.";
    if ((out->agency == NULL) != (out->region == NULL))
        return "agency and region belong together.";
    return out->role == NULL && out->agency == NULL ? "it says nothing: neither role nor agency."
                                                    : NULL;
}

/* Texts of the table go with it. */
static void
group_keep(struct arena *arena, struct staff_group *group)
{
    group->role = group->role != NULL ? arena_text(arena, group->role) : NULL;
    group->agency = group->agency != NULL ? arena_text(arena, group->agency) : NULL;
    group->region = group->region != NULL ? arena_text(arena, group->region) : NULL;
}

const char *
staff_groups_read(struct arena *arena, const json_t *table, struct staff_groups *out)
{
    size_t count = json_array_size(table);
    struct staff_group *groups;

    if (count == 0 || count > STAFF_GROUPS_MAX)
        return "It must be an array of 1 to 4096 groups.";
    groups = arena_alloc(arena, count * sizeof(*groups));
    for (size_t i = 0; i < count; i++) {
        const char *wrong = group_read(arena, json_array_get(table, i), &groups[i]);

        if (wrong != NULL)
            return arena_printf(arena, "Group %zu: %s", i + 1, wrong);
        group_keep(arena, &groups[i]);
    }
    *out = (struct staff_groups) { groups, count };
    return NULL;
}

/* --- Who is in them --- */

struct placing {
    bool has[STAFF_ROLES];
    const char *agency;
    const char *region;
    bool two; /* agencies or regions */
};

static void
group_count(struct placing *placing, const struct staff_group *group)
{
    if (group->role != NULL)
        placing->has[role_of(group->role)] = true;
    if (group->agency == NULL)
        return;
    if (placing->agency != NULL &&
        (!text_eq(placing->agency, group->agency) || !text_eq(placing->region, group->region)))
        placing->two = true;
    placing->agency = group->agency;
    placing->region = group->region;
}

static const char *
roles_text(struct arena *arena, const struct placing *placing)
{
    const char *roles = "";

    for (int role = STAFF_ROLE_none + 1; role < STAFF_ROLES; role++)
        if (placing->has[role])
            roles = arena_printf(arena, "%s%s%s", roles, *roles != '\0' ? " " : "",
                                 staff_role_name((enum staff_role)role));
    return roles;
}

const char *
staff_groups_place(struct arena *arena, const struct staff_groups *groups, const char *const *names,
                   size_t count, struct staff_place *out)
{
    struct placing placing = { .agency = NULL };
    const char *roles;

    for (size_t i = 0; i < count; i++) {
        const char *name = directory_name_canonical(arena, names[i]);

        for (size_t k = 0; name != NULL && k < groups->count; k++)
            if (text_eq(groups->at[k].group, name))
                group_count(&placing, &groups->at[k]);
    }
    roles = roles_text(arena, &placing);
    if (*roles == '\0')
        return "no_role";
    if (!staff_roles_are_sound(roles))
        return "roles";
    if (placing.agency == NULL)
        return "no_agency";
    if (placing.two)
        return "agencies";
    *out = (struct staff_place) { roles, placing.agency, placing.region };
    return NULL;
}
