/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "idp/session/fresh.h"
#include "idp/session/token.h"

static void
what_was_added_is_known_and_nothing_else(void **state)
{
    struct fresh *fresh = fresh_new();

    (void)state;
    assert_false(fresh_has(fresh, "a"));
    assert_false(fresh_has(fresh, ""));
    fresh_add(fresh, "a");
    assert_true(fresh_has(fresh, "a"));
    assert_false(fresh_has(fresh, "b"));
    assert_false(fresh_has(fresh, "aa"));
    fresh_free(fresh);
}

static void
it_forgets_but_never_takes_one_for_another(void **state)
{
    struct fresh *fresh = fresh_new();
    char token[32];
    int known = 0;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        snprintf(token, sizeof(token), "t%d", i);
        fresh_add(fresh, token);
    }
    for (int i = 0; i < 200000; i++) {
        snprintf(token, sizeof(token), "t%d", i);
        known += fresh_has(fresh, token);
        snprintf(token, sizeof(token), "u%d", i);
        assert_false(fresh_has(fresh, token));
    }
    assert_true(known > 10000 && known <= 65536);
    fresh_free(fresh);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_known_and_nothing_else),
        cmocka_unit_test(it_forgets_but_never_takes_one_for_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
