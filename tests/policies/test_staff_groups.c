/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>
#include <string.h>

#include "idp/base/text.h"
#include "policies/staff_groups.h"

static int
setup(void **state)
{
    *state = arena_new(1 << 20);
    return 0;
}

static int
teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static const char *
read_of(struct arena *arena, const char *json, struct staff_groups *out)
{
    return staff_groups_read(arena, json_read(arena, bytes_of_text(json)), out);
}

static const char table[] =
    "[{\"group\": \"cn=windows,dc=x\", \"role\": \"counter\"},"
    " {\"group\": \"cn=supervisors,dc=x\", \"role\": \"supervisor\"},"
    " {\"group\": \"cn=audit,dc=x\", \"role\": \"audit_admin\"},"
    " {\"group\": \"cn=tianhe,dc=x\", \"agency\": \"天河\", \"region\": \"440106\"},"
    " {\"group\": \"cn=tianhe-2,dc=x\", \"agency\": \"天河\", \"region\": \"440106\"},"
    " {\"group\": \"cn=yuexiu,dc=x\", \"agency\": \"越秀\", \"region\": \"440104\"},"
    " {\"group\": \"cn=all,dc=x\", \"role\": \"telephone\", \"agency\": \"省\", \"region\": \"440000\"}]";

static void
groups_give_roles_and_one_place(void **state)
{
    static const struct {
        const char *groups[4];
        size_t count;
        const char *roles; /* or the word for why there are none */
        const char *agency;
    } cases[] = {
        { { "cn=windows,dc=x", "cn=tianhe,dc=x" }, 2, "counter", "天河" },
        { { "CN=Windows, DC=x", "cn=tianhe,dc=x", "cn=others,dc=y" }, 3, "counter", "天河" },
        { { "cn=tianhe,dc=x", "cn=windows,dc=x", "cn=supervisors,dc=x" },
          3,
          "supervisor counter",
          "天河" },
        { { "cn=windows,dc=x", "cn=tianhe,dc=x", "cn=tianhe-2,dc=x" }, 3, "counter", "天河" },
        { { "cn=all,dc=x" }, 1, "telephone", "省" },
        { { NULL }, 0, "no_role", NULL },
        { { "cn=tianhe,dc=x" }, 1, "no_role", NULL },
        { { "cn=windows,dc=x" }, 1, "no_agency", NULL },
        { { "cn=windows,dc=x", "cn=tianhe,dc=x", "cn=yuexiu,dc=x" }, 3, "agencies", NULL },
        { { "cn=windows,dc=x", "cn=audit,dc=x", "cn=tianhe,dc=x" }, 3, "roles", NULL },
        { { "no name", "cn=windows,dc=xx" }, 2, "no_role", NULL },
    };
    struct staff_groups groups;

    assert_null(read_of(*state, table, &groups));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct staff_place place = { .agency = NULL };
        const char *why =
            staff_groups_place(*state, &groups, cases[i].groups, cases[i].count, &place);

        assert_string_equal(cases[i].agency != NULL ? place.roles : why, cases[i].roles);
        assert_true(text_eq(place.agency, cases[i].agency));
    }
}

static void
a_table_that_is_wrong_is_told_by_its_group(void **state)
{
    static const struct {
        const char *json;
        const char *part;
    } cases[] = {
        { "[]", "array of 1 to" },
        { "{}", "array of 1 to" },
        { "[{\"group\": \"cn=a\"}]", "neither role nor agency" },
        { "[{\"group\": \"a\", \"role\": \"counter\"}]", "distinguished name" },
        { "[{\"role\": \"counter\"}]", "distinguished name" },
        { "[{\"group\": \"cn=a\", \"role\": \"boss\"}]", "Group 1: role must be one" },
        { "[{\"group\": \"cn=a\", \"role\": \"counter\"}, {\"group\": \"cn=a\", \"role\": 1}]",
          "Group 2: role" },
        { "[{\"group\": \"cn=a\", \"agency\": \"x\"}]", "belong together" },
        { "[{\"group\": \"cn=a\", \"region\": \"440100\"}]", "belong together" },
        { "[{\"group\": \"cn=a\", \"agency\": \"x\", \"region\": \"44010\"}]", "six digits" },
        { "[{\"group\": \"cn=a\", \"agency\": \"x\", \"region\": \"4401 0\"}]", "six digits" },
        { "[{\"group\": \"cn=a\", \"agency\": \"\", \"region\": \"440100\"}]", "agency must be" },
        { "[{\"group\": \"cn=a\", \"role\": \"counter\", \"rights\": \"all\"}]", "another member" },
        { "[1]", "distinguished name" },
    };
    struct staff_groups groups = { .count = 77 };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *why = read_of(*state, cases[i].json, &groups);

        assert_non_null(why);
        if (strstr(why, cases[i].part) == NULL)
            fail_msg("%s: %s", cases[i].json, why);
    }
    assert_int_equal(groups.count, 77);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(groups_give_roles_and_one_place, setup, teardown),
        cmocka_unit_test_setup_teardown(a_table_that_is_wrong_is_told_by_its_group, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
