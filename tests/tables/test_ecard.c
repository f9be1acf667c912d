/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/ecard.h"
#include "policies/card_state.h"
#include "tests/store_kit.h"

#define NOW 1000

static struct stored_ecard
an_ecard(const char *person_id, const char *card_id)
{
    return (struct stored_ecard) {
        .person_id = person_id,
        .card_id = card_id,
        .holder = kit_digest(1),
        .card_key = kit_digest(2),
        .region = "440100",
        .own_state = ECARD_L1,
        .valid_to = 20300101,
        .issued_at = NOW,
        .changed_at = NOW,
    };
}

static struct stored_ecard
put(struct kit *k, const char *person_id, const char *card_id)
{
    struct stored_ecard card = an_ecard(person_id, card_id);

    assert_int_equal(store_ecard_insert(k->st, &card), OK);
    return card;
}

static void
it_comes_back_as_stored(void **state)
{
    struct kit *k = *state;
    struct stored_ecard read;

    put(k, "p_1", "c_1");
    assert_int_equal(store_ecard_find(k->st, k->arena, "p_1", &read), OK);
    assert_string_equal(read.card_id, "c_1");
    assert_string_equal(read.region, "440100");
    assert_memory_equal(&read.card_key, &(struct digest[]) { kit_digest(2) },
                        sizeof(struct digest));
    assert_int_equal(read.valid_to, 20300101);
    assert_int_equal(store_ecard_find(k->st, k->arena, "p_2", &read), ERR_NOT_FOUND);
}

static void
a_person_has_one_and_those_she_had(void **state)
{
    struct kit *k = *state;
    struct stored_ecard first = put(k, "p_1", "c_1");
    struct stored_ecard second = an_ecard("p_1", "c_2");
    struct ecard_past_list list;

    assert_int_equal(store_ecard_insert(k->st, &second), ERR_CONFLICT);
    assert_int_equal(store_ecard_close(k->st, &first, "replaced", NOW), ERR_INTERNAL);
    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(store_ecard_close(k->st, &first, "replaced", NOW + 1), OK);
    assert_int_equal(store_ecard_insert(k->st, &second), OK);
    assert_int_equal(store_commit(k->st), OK);
    assert_int_equal(store_ecard_past_list(k->st, k->arena, "p_1", &list), OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].card_id, "c_1");
    assert_string_equal(list.at[0].reason, "replaced");
}

static void
one_that_is_closed_is_neither_held_nor_changed_nor_closed_again(void **state)
{
    struct kit *k = *state;
    struct stored_ecard card = put(k, "p_1", "c_1");
    struct stored_ecard read;

    assert_int_equal(store_begin(k->st), OK);
    assert_int_equal(store_ecard_hold(k->st, k->arena, "p_1", "c_1", &read), OK);
    assert_int_equal(store_ecard_change(k->st, &card), OK);
    assert_int_equal(store_ecard_close(k->st, &card, "closed", NOW), OK);
    assert_int_equal(store_ecard_hold(k->st, k->arena, "p_1", "c_1", &read), ERR_NOT_FOUND);
    assert_int_equal(store_ecard_change(k->st, &card), ERR_NOT_FOUND);
    assert_int_equal(store_ecard_close(k->st, &card, "closed", NOW), ERR_NOT_FOUND);
    store_rollback(k->st);
}

static void
another_persons_card_is_not_held(void **state)
{
    struct kit *k = *state;
    struct stored_ecard read;

    put(k, "p_1", "c_1");
    assert_int_equal(store_ecard_hold(k->st, k->arena, "p_2", "c_1", &read), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(it_comes_back_as_stored),
        kit_test(a_person_has_one_and_those_she_had),
        kit_test(one_that_is_closed_is_neither_held_nor_changed_nor_closed_again),
        kit_test(another_persons_card_is_not_held),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
