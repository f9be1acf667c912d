/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "policies/staff_shown.h"

static void
of_a_member_of_staff_a_citizen_sees_the_surname_and_the_end_of_the_id(void **state)
{
    static const struct {
        const char *name;
        const char *staff_id;
        const char *shown;
    } cases[] = {
        { "李明", "liming01", "李** (***01)" }, { "李明明", "12345", "李** (***45)" },
        { "Anna", "li", "A** (***)" },          { "李明", "1234", "李** (***)" },
        { "", "工号工号工号", "** (***工号)" }, { "", "", "** (***)" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(staff_shown(*state, cases[i].name, cases[i].staff_id), cases[i].shown);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(of_a_member_of_staff_a_citizen_sees_the_surname_and_the_end_of_the_id),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
