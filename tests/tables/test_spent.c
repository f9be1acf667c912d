/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/spent.h"
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

/* As when a code is replayed while it is redeemed: who comes too late
 * must learn what came of it. */
static enum err
spend_or_find(struct store *st, int thread, void *ctx)
{
    struct arena *arena = arena_new(4096);
    const char *grant_id;
    enum err err = store_spent_insert(st, ctx, "g", 100);

    (void)thread;
    if (err == ERR_CONFLICT)
        err = store_spent_find(st, arena, ctx, &grant_id);
    arena_free(arena);
    return err;
}

static void
who_comes_too_late_finds_the_row_at_once(void **state)
{
    struct kit *k = *state;
    enum err outcomes[KIT_THREADS_MAX];

    for (int round = 0; round < 10; round++) {
        struct digest id = kit_digest(10 + round);

        kit_race(k->db, 32, spend_or_find, &id, outcomes);
        assert_int_equal(kit_count(outcomes, 32, OK), 32);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(an_id_is_spent_once),
        kit_test(an_id_never_spent_is_not_found),
        kit_test(of_32_threads_exactly_one_spends_an_id),
        kit_test(who_comes_too_late_finds_the_row_at_once),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
