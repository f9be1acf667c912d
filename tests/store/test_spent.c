/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/store/spent.h"
#include "tests/store_kit.h"

static void
an_id_is_spent_once(void **state)
{
    struct kit *k = *state;
    struct digest id = kit_digest(1);
    const char *grant_id = NULL;

    assert_int_equal(store_spent_insert(k->st, &id, "g1", 100), OK);
    assert_int_equal(store_spent_insert(k->st, &id, "g2", 100), ERR_CONFLICT);

    assert_int_equal(store_spent_find(k->st, k->arena, &id, &grant_id), OK);
    assert_string_equal(grant_id, "g1");
}

static void
an_id_never_spent_is_not_found(void **state)
{
    struct kit *k = *state;
    struct digest id = kit_digest(2);
    const char *grant_id = NULL;

    assert_int_equal(store_spent_find(k->st, k->arena, &id, &grant_id), ERR_NOT_FOUND);
}

static enum err
spend(struct store *st, int thread, void *ctx)
{
    (void)thread;
    return store_spent_insert(st, ctx, "g", 100);
}

static void
of_32_threads_exactly_one_spends_an_id(void **state)
{
    struct kit *k = *state;
    struct digest id = kit_digest(3);
    enum err outcomes[KIT_THREADS_MAX];

    kit_race(k->db, 32, spend, &id, outcomes);

    assert_int_equal(kit_count(outcomes, 32, OK), 1);
    assert_int_equal(kit_count(outcomes, 32, ERR_CONFLICT), 31);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(an_id_is_spent_once),
        kit_test(an_id_never_spent_is_not_found),
        kit_test(of_32_threads_exactly_one_spends_an_id),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
