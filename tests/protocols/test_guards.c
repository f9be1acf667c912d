/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold for every row of the guards' table, those that are still to come included. */
#include "protocols/guards.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct route *const tables[] = { public_routes, admin_routes, staff_routes };

#define TABLES (sizeof(tables) / sizeof(tables[0]))

static bool
may_stand_on(const struct guard *guard, const struct route *route)
{
    static const enum guard_needs most[] = { [RUN_ON_WORKER] = NEEDS_STORE,
                                             [RUN_INLINE] = NEEDS_NOTHING,
                                             [RUN_INLINE_FIRST] = NEEDS_STORE_SOMETIMES };

    return guard->needs <= most[route->run];
}

static void
every_guard_stands_where_it_has_what_it_needs(void **state)
{
    (void)state;
    for (size_t t = 0; t < TABLES; t++)
        for (const struct route *route = tables[t]; route->method != NULL; route++)
            for (const struct guard *guard = all_guards; guard->name != NULL; guard++)
                if ((route->guards & guard->bit) != 0 && !may_stand_on(guard, route))
                    fail_msg("%s: %s", route->path, guard->name);
}

static void
every_guard_is_a_bit_of_its_own_and_every_bit_a_guard(void **state)
{
    unsigned seen = 0;

    (void)state;
    for (const struct guard *guard = all_guards; guard->name != NULL; guard++) {
        assert_non_null(guard->check);
        assert_true((guard->bit & (guard->bit - 1)) == 0 && (seen & guard->bit) == 0);
        seen |= guard->bit;
    }
    for (size_t t = 0; t < TABLES; t++)
        for (const struct route *route = tables[t]; route->method != NULL; route++)
            assert_int_equal(route->guards % (1U << STAFF_VERB_SHIFT) & ~seen, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_guard_stands_where_it_has_what_it_needs),
        cmocka_unit_test(every_guard_is_a_bit_of_its_own_and_every_bit_a_guard),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
