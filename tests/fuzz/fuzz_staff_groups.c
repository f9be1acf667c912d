/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the directory and the operator say of members of staff: ids, distinguished names, and the table of groups. A canonical
 * spelling is its own; whoever is placed has sound roles and one place.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/text.h"
#include "policies/directory_name.h"
#include "policies/directory_url.h"
#include "policies/staff_groups.h"
#include "policies/staff_id.h"
#include "policies/staff_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(int holds)
{
    if (!holds)
        abort();
}

static void
texts_judge(struct arena *arena, const char *text)
{
    const char *id = staff_id_canonical(arena, text);
    const char *name = directory_name_canonical(arena, text);

    if (id != NULL)
        must(strlen(id) <= STAFF_ID_MAX && text_eq(staff_id_canonical(arena, id), id));
    if (name != NULL && strlen(name) <= DIRECTORY_NAME_MAX)
        must(text_eq(directory_name_canonical(arena, name), name));
    (void)directory_url_is_right(text);
    (void)directory_filter_is_right(text);
}

static void
table_judge(struct arena *arena, struct bytes text)
{
    struct staff_groups groups;
    struct staff_place place;
    const char *names[2];

    if (staff_groups_read(arena, json_read(arena, text), &groups) != NULL)
        return;
    names[0] = groups.at[0].group;
    names[1] = groups.at[groups.count - 1].group;
    if (staff_groups_place(arena, &groups, names, 2, &place) == NULL)
        must(staff_roles_are_sound(place.roles) && !text_is_empty(place.agency) &&
             strlen(place.region) == 6);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena;

    if (size > 65536)
        return 0;
    arena = arena_new(16 << 20);
    texts_judge(arena, arena_copy(arena, data, size));
    table_judge(arena, bytes_of(data, size));
    arena_free(arena);
    return 0;
}
