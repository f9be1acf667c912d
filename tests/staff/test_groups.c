/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/groups.h"

#include <string.h>

#include "tests/world.h"

static const char *const clerk[] = { "cn=windows,ou=groups,dc=hrss,dc=example",
                                     "CN=Tianhe,OU=Groups,DC=hrss,DC=example" };

static void
groups_put(struct world *w)
{
    w->settings.staff.groups_file = SOURCE_DIR "/tests/directory/groups.json";
}

static int
setup(void **state)
{
    return world_setup_adjusted(state, groups_put);
}

static void
who_the_directory_tells_of_has_roles_and_a_place(void **state)
{
    struct ctx ctx = world_ctx(*state);
    const struct directory_person person = { .staff_id = "zhang.wei",
                                             .groups = clerk,
                                             .group_count = 2 };
    struct stored_staff staff = { .roles = "" };

    assert_int_equal(groups_read(&ctx, &person, &staff), OK);
    assert_string_equal(staff.roles, "counter");
    assert_string_equal(staff.agency, "天河区社保局");
    assert_string_equal(staff.region, "440100");
}

static void
who_has_no_place_is_refused(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct directory_person person = { .staff_id = "deng.bare",
                                             .groups = clerk,
                                             .group_count = 1 };
    struct stored_staff staff = { .roles = "kept" };
    struct staff_place place;

    assert_int_equal(groups_read(&ctx, &person, &staff), ERR_REFUSED);
    assert_string_equal(staff.roles, "kept");
    staff_groups_free(w->services.staff_groups);
    w->services.staff_groups = NULL;
    assert_string_equal(staff_place_of(&ctx, &person, &place), "no_role");
}

static void
a_file_that_is_wrong_or_absent_is_told(void **state)
{
    struct world *w = *state;
    struct staff_groups_file *file = (void *)w;
    const char *why;

    assert_int_equal(staff_groups_open(w->arena, "/nowhere/groups.json", &file, &why),
                     ERR_NOT_FOUND);
    assert_string_equal(why, "It cannot be read.");
    assert_int_equal(
        staff_groups_open(w->arena, SOURCE_DIR "/tests/directory/tree.ldif", &file, &why),
        ERR_INVALID);
    assert_non_null(strstr(why, "is no JSON"));
    assert_int_equal(
        staff_groups_open(w->arena, SOURCE_DIR "/tests/world_partners.json", &file, &why),
        ERR_INVALID);
    assert_non_null(strstr(why, "array"));
    assert_ptr_equal(file, w);
    assert_int_equal(staff_groups_open(w->arena, "", &file, &why), OK);
    assert_null(file);
}

#define placed_test(name) cmocka_unit_test_setup_teardown(name, setup, world_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        placed_test(who_the_directory_tells_of_has_roles_and_a_place),
        placed_test(who_has_no_place_is_refused),
        placed_test(a_file_that_is_wrong_or_absent_is_told),
    };

    return cmocka_run_group_tests(tests, world_group_setup, world_group_teardown);
}
