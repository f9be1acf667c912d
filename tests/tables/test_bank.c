/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/bank.h"
#include "tests/store_kit.h"

#define SETTLED 1

static struct stored_bank_order
an_order(const char *order_id)
{
    return (struct stored_bank_order) { kit_digest(1),      order_id, 1767225600,
                                        BANK_ORDER_PENDING, "",       10 };
}

static void
a_bank_card_is_known_once(void **state)
{
    struct kit *k = *state;
    struct stored_bank_card card = { kit_digest(1), "p1", "622848", "1234", 5 };
    struct stored_bank_card read;

    assert_int_equal(store_bank_card_insert(k->st, &card), OK);
    assert_int_equal(store_bank_card_insert(k->st, &card), ERR_CONFLICT);
    assert_int_equal(store_bank_card_find(k->st, k->arena, &card.digest, &read), OK);

    assert_memory_equal(read.digest.bytes, card.digest.bytes, 32);
    assert_string_equal(read.person_id, "p1");
    assert_string_equal(read.issuer_bin, "622848");
    assert_string_equal(read.last_four, "1234");
    assert_int_equal(read.created_at, 5);
}

static void
an_unknown_bank_card_is_not_found(void **state)
{
    struct kit *k = *state;
    struct digest digest = kit_digest(2);
    struct stored_bank_card read;

    assert_int_equal(store_bank_card_find(k->st, k->arena, &digest, &read), ERR_NOT_FOUND);
}

static void
a_subject_has_one_order(void **state)
{
    struct kit *k = *state;
    struct stored_bank_order order = an_order("o1");
    struct stored_bank_order read;

    assert_int_equal(store_bank_order_find(k->st, k->arena, &order.subject, &read), ERR_NOT_FOUND);
    assert_int_equal(store_bank_order_insert(k->st, &order), OK);
    assert_int_equal(store_bank_order_insert(k->st, &order), ERR_CONFLICT);
    assert_int_equal(store_bank_order_find(k->st, k->arena, &order.subject, &read), OK);

    assert_memory_equal(read.subject.bytes, order.subject.bytes, 32);
    assert_string_equal(read.order_id, "o1");
    assert_int_equal(read.txn_time, 1767225600);
    assert_int_equal(read.state, BANK_ORDER_PENDING);
    assert_string_equal(read.code, "");
    assert_int_equal(read.updated_at, 10);
}

static void
an_order_is_settled_once(void **state)
{
    struct kit *k = *state;
    struct stored_bank_order order = an_order("o1");
    struct stored_bank_order read;

    assert_int_equal(store_bank_order_insert(k->st, &order), OK);
    order.state = SETTLED;
    order.code = "00";
    order.updated_at = 11;
    assert_int_equal(store_bank_order_settle(k->st, &order), OK);
    order.code = "34";
    assert_int_equal(store_bank_order_settle(k->st, &order), ERR_CONFLICT);

    assert_int_equal(store_bank_order_find(k->st, k->arena, &order.subject, &read), OK);
    assert_int_equal(read.state, SETTLED);
    assert_string_equal(read.code, "00");
    assert_int_equal(read.updated_at, 11);
}

static void
a_late_answer_does_not_settle_the_order_that_came_after(void **state)
{
    struct kit *k = *state;
    struct stored_bank_order newer = an_order("o2");
    struct stored_bank_order late = an_order("o1");

    late.state = SETTLED;
    assert_int_equal(store_bank_order_insert(k->st, &newer), OK);
    assert_int_equal(store_bank_order_settle(k->st, &late), ERR_CONFLICT);
}

static void
only_a_settled_order_gives_way(void **state)
{
    struct kit *k = *state;
    struct stored_bank_order first = an_order("o1");
    struct stored_bank_order second = an_order("o2");
    struct stored_bank_order read;

    assert_int_equal(store_bank_order_replace(k->st, &second), ERR_CONFLICT);
    assert_int_equal(store_bank_order_insert(k->st, &first), OK);
    assert_int_equal(store_bank_order_replace(k->st, &second), ERR_CONFLICT);
    first.state = SETTLED;
    assert_int_equal(store_bank_order_settle(k->st, &first), OK);
    assert_int_equal(store_bank_order_replace(k->st, &second), OK);

    assert_int_equal(store_bank_order_find(k->st, k->arena, &first.subject, &read), OK);
    assert_string_equal(read.order_id, "o2");
    assert_int_equal(read.state, BANK_ORDER_PENDING);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_bank_card_is_known_once),
        kit_test(an_unknown_bank_card_is_not_found),
        kit_test(a_subject_has_one_order),
        kit_test(an_order_is_settled_once),
        kit_test(a_late_answer_does_not_settle_the_order_that_came_after),
        kit_test(only_a_settled_order_gives_way),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
