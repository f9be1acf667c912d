/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/physical_card.h"
#include "policies/card_state.h"
#include "tests/store_kit.h"

static struct stored_physical_card
a_change(int holder, int key, int64_t position, int64_t physical)
{
    return (struct stored_physical_card) {
        .holder = kit_digest(holder),
        .card_key = kit_digest(key),
        .region = "440100",
        .number_sealed = bytes_of_text("sealed"),
        .state = physical,
        .valid_to = 20300101,
        .position = position,
    };
}

static void
put(struct kit *k, struct stored_physical_card card)
{
    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(store_physical_card_put(k->st, k->arena, &card), OK);
    assert_int_equal(store_commit(k->st), OK);
}

static int64_t
state_of(struct kit *k, int holder, int key)
{
    struct digest holder_digest = kit_digest(holder);
    struct digest key_digest = kit_digest(key);
    struct stored_physical_card read;

    assert_int_equal(store_physical_card_load(k->st, k->arena, &holder_digest, &key_digest, &read),
                     OK);
    return read.state;
}

static void
a_change_of_a_later_position_holds_whatever_order_they_come_in(void **state)
{
    struct kit *k = *state;

    put(k, a_change(1, 2, 5, PHYSICAL_NORMAL));
    put(k, a_change(1, 2, 7, PHYSICAL_LOST));
    assert_int_equal(state_of(k, 1, 2), PHYSICAL_LOST);
    put(k, a_change(1, 2, 6, PHYSICAL_NORMAL));
    put(k, a_change(1, 2, 7, PHYSICAL_NORMAL));
    assert_int_equal(state_of(k, 1, 2), PHYSICAL_LOST);
    put(k, a_change(1, 2, 8, PHYSICAL_NORMAL));
    assert_int_equal(state_of(k, 1, 2), PHYSICAL_NORMAL);
}

static void
a_holder_has_several_and_the_latest_changed_is_first(void **state)
{
    struct kit *k = *state;
    struct digest holder = kit_digest(1);
    struct physical_card_list list;

    put(k, a_change(1, 2, 5, PHYSICAL_VOID));
    put(k, a_change(1, 3, 9, PHYSICAL_NORMAL));
    put(k, a_change(4, 5, 7, PHYSICAL_NORMAL));
    assert_int_equal(store_physical_card_list(k->st, k->arena, &holder, &list), OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.at[0].position, 9);
    assert_string_equal(list.at[0].region, "440100");
}

static void
it_is_put_in_a_transaction_only(void **state)
{
    struct kit *k = *state;
    struct stored_physical_card card = a_change(1, 2, 5, PHYSICAL_NORMAL);

    assert_int_equal(store_physical_card_put(k->st, k->arena, &card), ERR_INTERNAL);
}

static void
a_card_leads_to_its_holder_and_to_the_last_one_where_there_are_two(void **state)
{
    struct kit *k = *state;
    struct digest key = kit_digest(2);
    struct digest other = kit_digest(9);
    struct stored_physical_card later = a_change(3, 2, 6, PHYSICAL_NORMAL);
    struct digest holder;

    put(k, a_change(1, 2, 5, PHYSICAL_NORMAL));
    assert_int_equal(store_physical_card_holder(k->st, &key, &holder), OK);
    assert_memory_equal(holder.bytes, kit_digest(1).bytes, sizeof(holder.bytes));
    later.changed_at = 1;
    put(k, later);
    assert_int_equal(store_physical_card_holder(k->st, &key, &holder), OK);
    assert_memory_equal(holder.bytes, kit_digest(3).bytes, sizeof(holder.bytes));
    assert_int_equal(store_physical_card_holder(k->st, &other, &holder), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_card_leads_to_its_holder_and_to_the_last_one_where_there_are_two),
        kit_test(a_change_of_a_later_position_holds_whatever_order_they_come_in),
        kit_test(a_holder_has_several_and_the_latest_changed_is_first),
        kit_test(it_is_put_in_a_transaction_only),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
