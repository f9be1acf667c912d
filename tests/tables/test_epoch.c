/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/epoch.h"
#include "tests/store_kit.h"

static void
epochs_begin_at_zero_and_grow_apart(void **state)
{
    struct kit *k = *state;
    struct epochs epochs = { 9, 9, 9, 9, 9, 9 };
    int64_t value = 0;

    assert_int_equal(store_epoch_read(k->st, &epochs), OK);
    assert_int_equal(epochs.revocation + epochs.partner + epochs.keyring, 0);
    assert_int_equal(epochs.not_before + epochs.card_time + epochs.card_epoch, 0);

    assert_int_equal(store_epoch_bump(k->st, "partner", &value), OK);
    assert_int_equal(store_epoch_bump(k->st, "partner", &value), OK);
    assert_int_equal(value, 2);
    assert_int_equal(store_epoch_bump(k->st, "keyring", &value), OK);
    assert_int_equal(value, 1);

    assert_int_equal(store_epoch_read(k->st, &epochs), OK);
    assert_int_equal(epochs.revocation, 0);
    assert_int_equal(epochs.partner, 2);
    assert_int_equal(epochs.keyring, 1);
}

static void
a_time_is_only_raised(void **state)
{
    struct kit *k = *state;
    struct epochs epochs;

    assert_int_equal(store_epoch_raise(k->st, "not_before", 100), OK);
    assert_int_equal(store_epoch_raise(k->st, "not_before", 100), ERR_NOT_FOUND);
    assert_int_equal(store_epoch_raise(k->st, "not_before", 99), ERR_NOT_FOUND);
    assert_int_equal(store_epoch_read(k->st, &epochs), OK);
    assert_int_equal(epochs.not_before, 100);
}

static void
an_unknown_epoch_is_not_found(void **state)
{
    struct kit *k = *state;
    int64_t value = 0;

    assert_int_equal(store_epoch_bump(k->st, "nothing", &value), ERR_NOT_FOUND);
}

static void
a_time_is_set_to_what_it_is_said_to_be(void **state)
{
    struct kit *k = *state;
    struct epochs epochs;

    assert_int_equal(store_epoch_raise(k->st, "card_time", 500), OK);
    assert_int_equal(store_epoch_set(k->st, "card_time", 100), OK);
    assert_int_equal(store_epoch_read(k->st, &epochs), OK);
    assert_int_equal(epochs.card_time, 100);
    assert_int_equal(store_epoch_set(k->st, "no such", 100), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(epochs_begin_at_zero_and_grow_apart),
        kit_test(a_time_is_only_raised),
        kit_test(a_time_is_set_to_what_it_is_said_to_be),
        kit_test(an_unknown_epoch_is_not_found),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
