/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/one_time_code.h"
#include "tests/store_kit.h"

static struct stored_code
a_code(int digest, int64_t tries)
{
    return (struct stored_code) { kit_digest(1), kit_digest(digest), tries, 100 };
}

static void
a_code_has_so_many_tries_and_no_more(void **state)
{
    struct kit *k = *state;
    struct stored_code code = a_code(5, 2);
    struct digest expected;
    int64_t left = -1;

    assert_int_equal(store_one_time_code_put(k->st, &code), OK);
    assert_int_equal(store_one_time_code_try(k->st, &code.code_id, 99, &expected, &left), OK);
    assert_int_equal(left, 1);
    assert_memory_equal(expected.bytes, code.code_digest.bytes, 32);
    assert_int_equal(store_one_time_code_try(k->st, &code.code_id, 99, &expected, &left), OK);
    assert_int_equal(left, 0);
    assert_int_equal(store_one_time_code_try(k->st, &code.code_id, 99, &expected, &left),
                     ERR_NOT_FOUND);
}

static void
an_expired_or_unknown_code_is_not_found(void **state)
{
    struct kit *k = *state;
    struct stored_code code = a_code(5, 2);
    struct digest unknown = kit_digest(9);
    struct digest expected;
    int64_t left;

    assert_int_equal(store_one_time_code_put(k->st, &code), OK);
    assert_int_equal(store_one_time_code_try(k->st, &code.code_id, 100, &expected, &left),
                     ERR_NOT_FOUND);
    assert_int_equal(store_one_time_code_try(k->st, &unknown, 1, &expected, &left), ERR_NOT_FOUND);
}

static void
a_new_code_takes_the_place_of_the_old(void **state)
{
    struct kit *k = *state;
    struct stored_code old = a_code(5, 1);
    struct stored_code new = a_code(6, 3);
    struct digest expected;
    int64_t left;

    assert_int_equal(store_one_time_code_put(k->st, &old), OK);
    assert_int_equal(store_one_time_code_put(k->st, &new), OK);
    assert_int_equal(store_one_time_code_try(k->st, &old.code_id, 1, &expected, &left), OK);
    assert_memory_equal(expected.bytes, new.code_digest.bytes, 32);
    assert_int_equal(left, 2);
}

static enum err
spend(struct store *st, int thread, void *ctx)
{
    (void)thread;
    return store_one_time_code_spend(st, ctx);
}

static void
of_16_threads_exactly_one_spends_a_code(void **state)
{
    struct kit *k = *state;
    struct stored_code code = a_code(5, 2);
    enum err outcomes[KIT_THREADS_MAX];

    assert_int_equal(store_one_time_code_put(k->st, &code), OK);
    kit_race(k->db, 16, spend, &code.code_id, outcomes);

    assert_int_equal(kit_count(outcomes, 16, OK), 1);
    assert_int_equal(kit_count(outcomes, 16, ERR_NOT_FOUND), 15);
}

static enum err
try(struct store *st, int thread, void *ctx)
{
    struct digest expected;
    int64_t left;

    (void)thread;
    return store_one_time_code_try(st, ctx, 1, &expected, &left);
}

static void
many_guessers_at_once_get_no_more_tries_than_there_are(void **state)
{
    struct kit *k = *state;
    struct stored_code code = a_code(5, 5);
    enum err outcomes[KIT_THREADS_MAX];

    assert_int_equal(store_one_time_code_put(k->st, &code), OK);
    kit_race(k->db, 32, try, &code.code_id, outcomes);

    assert_int_equal(kit_count(outcomes, 32, OK), 5);
    assert_int_equal(kit_count(outcomes, 32, ERR_NOT_FOUND), 27);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_code_has_so_many_tries_and_no_more),
        kit_test(an_expired_or_unknown_code_is_not_found),
        kit_test(a_new_code_takes_the_place_of_the_old),
        kit_test(of_16_threads_exactly_one_spends_a_code),
        kit_test(many_guessers_at_once_get_no_more_tries_than_there_are),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
