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

static enum err
try_digest(struct kit *k, const struct stored_code *code, int tried, unix_s now, int64_t *left)
{
    struct digest digest = kit_digest(tried);
    struct digest expected;
    enum err err = store_one_time_code_try(k->st, &code->code_id, &digest, now, &expected, left);

    if (err == OK)
        assert_memory_equal(expected.bytes, code->code_digest.bytes, 32);
    return err;
}

static void
a_code_has_so_many_tries_and_no_more(void **state)
{
    struct kit *k = *state;
    struct stored_code code = a_code(5, 2);
    int64_t left = -1;

    assert_int_equal(store_one_time_code_put(k->st, &code), OK);
    assert_int_equal(try_digest(k, &code, 11, 99, &left), OK);
    assert_int_equal(left, 1);
    assert_int_equal(try_digest(k, &code, 12, 99, &left), OK);
    assert_int_equal(left, 0);
    assert_int_equal(try_digest(k, &code, 13, 99, &left), ERR_NOT_FOUND);
}

static void
what_was_tried_last_costs_no_further_try(void **state)
{
    struct kit *k = *state;
    struct stored_code code = a_code(5, 2);
    int64_t left = -1;

    assert_int_equal(store_one_time_code_put(k->st, &code), OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(try_digest(k, &code, 11, 99, &left), OK);
    assert_int_equal(left, 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(try_digest(k, &code, 12, 99, &left), OK);
    assert_int_equal(left, 0);
    assert_int_equal(try_digest(k, &code, 11, 99, &left), ERR_NOT_FOUND);
}

static void
a_code_that_nobody_was_sent_goes_and_its_successor_stays(void **state)
{
    struct kit *k = *state;
    struct stored_code first = a_code(5, 2);
    struct stored_code second = a_code(6, 2);
    bool out = true;

    assert_int_equal(store_one_time_code_put(k->st, &first), OK);
    assert_int_equal(store_one_time_code_remove(k->st, &first), OK);
    assert_int_equal(store_one_time_code_is_out(k->st, &first.code_id, 99, &out), OK);
    assert_false(out);
    assert_int_equal(store_one_time_code_put(k->st, &second), OK);
    assert_int_equal(store_one_time_code_remove(k->st, &first), OK);
    assert_int_equal(store_one_time_code_is_out(k->st, &second.code_id, 99, &out), OK);
    assert_true(out);
}

static void
a_spent_code_can_be_tried_again_by_who_spent_it_for_a_while(void **state)
{
    struct kit *k = *state;
    struct stored_code code = a_code(5, 2);
    int64_t left = 0;
    bool out = true;

    assert_int_equal(store_one_time_code_put(k->st, &code), OK);
    assert_int_equal(try_digest(k, &code, 5, 10, &left), OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(store_one_time_code_spend(k->st, &code.code_id, 20 + i), OK);
        assert_int_equal(try_digest(k, &code, 5, 19, &left), OK);
        assert_int_equal(left, -1);
    }
    assert_int_equal(try_digest(k, &code, 6, 19, &left), ERR_NOT_FOUND);
    assert_int_equal(try_digest(k, &code, 5, 20, &left), ERR_NOT_FOUND);
    assert_int_equal(store_one_time_code_is_out(k->st, &code.code_id, 19, &out), OK);
    assert_false(out);
}

static void
a_code_is_out_while_it_can_be_tried(void **state)
{
    struct kit *k = *state;
    struct stored_code code = a_code(5, 1);
    int64_t left;
    bool out = true;

    assert_int_equal(store_one_time_code_is_out(k->st, &code.code_id, 1, &out), OK);
    assert_false(out);
    assert_int_equal(store_one_time_code_put(k->st, &code), OK);
    assert_int_equal(store_one_time_code_is_out(k->st, &code.code_id, 99, &out), OK);
    assert_true(out);
    assert_int_equal(store_one_time_code_is_out(k->st, &code.code_id, 100, &out), OK);
    assert_false(out);
    assert_int_equal(try_digest(k, &code, 6, 1, &left), OK);
    assert_int_equal(store_one_time_code_is_out(k->st, &code.code_id, 1, &out), OK);
    assert_false(out);
}

static void
an_expired_or_unknown_code_is_not_found(void **state)
{
    struct kit *k = *state;
    struct stored_code code = a_code(5, 2);
    struct stored_code unknown = { .code_id = kit_digest(9) };
    int64_t left;

    assert_int_equal(store_one_time_code_put(k->st, &code), OK);
    assert_int_equal(try_digest(k, &code, 5, 100, &left), ERR_NOT_FOUND);
    assert_int_equal(try_digest(k, &unknown, 5, 1, &left), ERR_NOT_FOUND);
}

static void
a_new_code_takes_the_place_of_the_old(void **state)
{
    struct kit *k = *state;
    struct stored_code old = a_code(5, 1);
    struct stored_code new = a_code(6, 3);
    int64_t left;

    assert_int_equal(store_one_time_code_put(k->st, &old), OK);
    assert_int_equal(store_one_time_code_put(k->st, &new), OK);
    assert_int_equal(try_digest(k, &new, 5, 1, &left), OK);
    assert_int_equal(left, 2);
}

static enum err
try(struct store *st, int thread, void *ctx)
{
    struct digest tried = kit_digest(100 + thread);
    struct digest expected;
    int64_t left;

    return store_one_time_code_try(st, ctx, &tried, 1, &expected, &left);
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
        kit_test(what_was_tried_last_costs_no_further_try),
        kit_test(a_code_that_nobody_was_sent_goes_and_its_successor_stays),
        kit_test(a_spent_code_can_be_tried_again_by_who_spent_it_for_a_while),
        kit_test(a_code_is_out_while_it_can_be_tried),
        kit_test(an_expired_or_unknown_code_is_not_found),
        kit_test(a_new_code_takes_the_place_of_the_old),
        kit_test(many_guessers_at_once_get_no_more_tries_than_there_are),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
