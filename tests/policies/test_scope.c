/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/problem.h"
#include "policies/scope.h"

#define REGISTERED "openid profile phone realname offline_access"

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

        assert_null(scope_check(*state, cases[i].asked, REGISTERED, &once));
        assert_string_equal(once, cases[i].granted);
        assert_null(scope_check(*state, once, REGISTERED, &twice));
        assert_string_equal(twice, once);
    }
}

static void
az_27_unknown_and_unregistered_scopes_are_refused(void **state)
{
    static const char *const bad[] = { "openid email",  "openid identity_number",
                                       "root",          "openid,phone",
                                       "OpenID",        "open",
                                       "openid\tphone", "openidx" };

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const char *granted = NULL;

        assert_ptr_equal(scope_check(*state, bad[i], REGISTERED, &granted), &problem_scope_invalid);
        assert_null(granted);
    }
    /* A registration cannot make a scope known. */
    assert_ptr_equal(scope_check(*state, "root", "openid root", &(const char *) { NULL }),
                     &problem_scope_invalid);
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
    assert_ptr_equal(scope_check(*state, many, REGISTERED, &granted), &problem_scope_invalid);
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
the_table_is_found_by_name(void **state)
{
    (void)state;
    assert_string_equal(scope_find("phone")->claims, "phone_number phone_number_verified");
    assert_null(scope_find("phon"));
    assert_null(scope_find(""));
    for (const struct scope *scope = all_scopes; scope->name != NULL; scope++)
        assert_ptr_equal(scope_find(scope->name), scope);
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
        WITH_ARENA(az_27_unknown_and_unregistered_scopes_are_refused),
        WITH_ARENA(az_26_a_huge_scope_is_refused_unread),
        cmocka_unit_test(the_table_is_found_by_name),
        cmocka_unit_test(openid_is_looked_for_as_a_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
