/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/problem.h"
#include "policies/scope.h"

#define REGISTERED "openid profile phone realname offline_access"

static const struct scope_bounds lenient = { REGISTERED, false, false };
static const struct scope_bounds strict = { REGISTERED, true, false };

static void
scopes_keep_their_order_and_lose_their_doubles(void **state)
{
    static const struct {
        const char *asked;
        const char *granted;
    } cases[] = {
        { "openid", "openid" },
        { "phone openid profile", "phone openid profile" },
        { "openid phone openid phone", "openid phone" },
        { "  openid   phone ", "openid phone" },
        { "", "" },
        { NULL, "" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *once = NULL;
        const char *twice = NULL;

        assert_null(scope_check(*state, cases[i].asked, &strict, &once));
        assert_string_equal(once, cases[i].granted);
        assert_null(scope_check(*state, once, &strict, &twice));
        assert_string_equal(twice, once);
    }
}

static void
az_27_unknown_and_unregistered_scopes_are_left_out_or_refused_by_the_strict(void **state)
{
    static const struct {
        const char *asked;
        const char *granted; /* NULL: nothing is left, which is refused too */
    } cases[] = {
        { "openid email", "openid" },
        { "identity_number openid phone", "openid phone" },
        { "openid openidx OpenID open", "openid" },
        { "phone claim:name", "phone" },
        { "root", NULL },
        { "email address", NULL },
        { "openid,phone", NULL },
        { "openid\tphone", NULL },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *granted = NULL;

        assert_ptr_equal(scope_check(*state, cases[i].asked, &strict, &granted),
                         &problem_scope_invalid);
        assert_null(granted);
        assert_ptr_equal(scope_check(*state, cases[i].asked, &lenient, &granted),
                         cases[i].granted != NULL ? NULL : &problem_scope_invalid);
        if (cases[i].granted != NULL)
            assert_string_equal(granted, cases[i].granted);
        else
            assert_null(granted);
    }
    assert_null(scope_check(*state, "openid phone", &strict, &(const char *) { NULL }));
}

/* By whom it is that logs in, and not by what the partner has registered beside it. */
static void
what_is_of_staff_is_no_citizens_and_the_other_way_round(void **state)
{
    static const char registered[] = "openid profile phone staff";
    const struct scope_bounds of_citizen = { registered, false, false };
    const struct scope_bounds of_staff = { registered, false, true };
    const struct scope_bounds strictly = { registered, true, true };
    const char *granted = NULL;

    assert_null(scope_check(*state, "openid staff phone", &of_citizen, &granted));
    assert_string_equal(granted, "openid phone");
    assert_null(scope_check(*state, "openid staff phone profile", &of_staff, &granted));
    assert_string_equal(granted, "openid staff profile");
    assert_ptr_equal(scope_check(*state, "staff", &of_citizen, &granted), &problem_scope_invalid);
    assert_ptr_equal(scope_check(*state, "openid phone", &strictly, &granted),
                     &problem_scope_invalid);
    assert_string_equal(scope_ceiling(*state, &of_citizen), "openid profile phone");
    assert_string_equal(scope_ceiling(*state, &of_staff), "openid profile staff");
}

static void
az_26_a_huge_scope_is_refused_unread(void **state)
{
    char *many = arena_alloc(*state, 7 * 10000 + 1);
    char *wide = arena_alloc(*state, 2000);
    const char *granted = NULL;
    size_t before;

    for (size_t i = 0; i < 10000; i++)
        memcpy(many + 7 * i, "openid ", 7);
    before = arena_used(*state);
    assert_ptr_equal(scope_check(*state, many, &lenient, &granted), &problem_scope_invalid);
    assert_int_equal(arena_used(*state), before);
    many[7 * 33] = '\0';
    assert_false(scope_list_is_known(many));
    many[7 * 32] = '\0';
    assert_true(scope_list_is_known(many));

    memset(wide, ' ', 1024);
    assert_true(scope_list_is_known(wide));
    wide[1024] = ' ';
    assert_false(scope_list_is_known(wide));
}

static void
every_scope_of_the_table_is_known(void **state)
{
    (void)state;
    for (const char *const *scope = all_scopes; *scope != NULL; scope++)
        assert_true(scope_list_is_known(*scope));
    assert_true(scope_list_is_known("phone openid"));
    assert_false(scope_list_is_known("openid phon"));
    assert_false(scope_list_is_known("claim:name"));
}

static void
openid_is_looked_for_as_a_word(void **state)
{
    (void)state;
    assert_true(scope_has_openid("phone openid"));
    assert_false(scope_has_openid("phone openid2"));
    assert_false(scope_has_openid(""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(scopes_keep_their_order_and_lose_their_doubles),
        WITH_ARENA(az_27_unknown_and_unregistered_scopes_are_left_out_or_refused_by_the_strict),
        WITH_ARENA(what_is_of_staff_is_no_citizens_and_the_other_way_round),
        WITH_ARENA(az_26_a_huge_scope_is_refused_unread),
        cmocka_unit_test(every_scope_of_the_table_is_known),
        cmocka_unit_test(openid_is_looked_for_as_a_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
