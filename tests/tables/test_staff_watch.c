/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/staff.h"
#include "idp/tables/staff_watch.h"
#include "tests/store_kit.h"

static void
put(struct kit *k, const char *staff_id, unix_s checked_at, unix_s open_until)
{
    const struct stored_staff staff = {
        .staff_id = staff_id,
        .name_sealed = bytes_of_text("sealed"),
        .roles = "counter",
        .agency = "社保局",
        .region = "440106",
        .state = STAFF_ACTIVE,
        .checked_at = checked_at,
        .open_until = open_until,
    };

    assert_int_equal(store_staff_put(k->st, &staff), OK);
}

static void
those_with_a_sitting_come_longest_unconfirmed_first(void **state)
{
    struct kit *k = *state;
    struct watched_staff_list list;

    put(k, "late", 70, 200);
    put(k, "first", 50, 200);
    put(k, "fresh", 71, 200);
    put(k, "nowhere", 10, 0);
    put(k, "over", 10, 100);
    assert_int_equal(store_staff_due(k->st, k->arena, 70, 100, &list), OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.at[0].staff_id, "first");
    assert_int_equal(list.at[0].checked_at, 50);
    assert_string_equal(list.at[0].roles, "counter");
    assert_string_equal(list.at[1].staff_id, "late");
}

static void
what_the_directory_says_is_written_and_nothing_else(void **state)
{
    struct kit *k = *state;
    struct digest person = kit_digest(4);
    const struct watched_staff told = {
        .staff_id = "li",
        .person_key = { person.bytes, sizeof(person.bytes) },
        .roles = "supervisor",
        .agency = "另一局",
        .region = "440300",
        .checked_at = 90,
    };
    struct stored_staff read;

    assert_int_equal(store_staff_told(k->st, &told), ERR_NOT_FOUND);
    put(k, "li", 50, 200);
    assert_int_equal(store_staff_told(k->st, &told), OK);
    assert_int_equal(store_staff_load(k->st, k->arena, "li", &read), OK);
    assert_string_equal(read.roles, "supervisor");
    assert_string_equal(read.agency, "另一局");
    assert_int_equal(read.person_key.size, 32);
    assert_int_equal(read.checked_at, 90);
    assert_int_equal(read.open_until, 200);
    assert_int_equal(read.state, STAFF_ACTIVE);
    assert_int_equal(store_staff_closed(k->st, "li"), OK);
    assert_int_equal(store_staff_load(k->st, k->arena, "li", &read), OK);
    assert_int_equal(read.open_until, 0);
    assert_int_equal(store_staff_closed(k->st, "nobody"), ERR_NOT_FOUND);
}

static void
who_is_gone_has_no_sitting_and_who_is_stopped_stays_so(void **state)
{
    struct kit *k = *state;
    struct stored_staff read;

    put(k, "li", 50, 200);
    assert_int_equal(store_staff_gone(k->st, "li", 90), OK);
    assert_int_equal(store_staff_load(k->st, k->arena, "li", &read), OK);
    assert_int_equal(read.state, STAFF_GONE);
    assert_int_equal(read.open_until, 0);
    assert_int_equal(read.checked_at, 90);
    read.state = STAFF_STOPPED;
    assert_int_equal(store_staff_put(k->st, &read), OK);
    assert_int_equal(store_staff_gone(k->st, "li", 91), OK);
    assert_int_equal(store_staff_load(k->st, k->arena, "li", &read), OK);
    assert_int_equal(read.state, STAFF_STOPPED);
    assert_int_equal(store_staff_gone(k->st, "nobody", 91), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(those_with_a_sitting_come_longest_unconfirmed_first),
        kit_test(what_the_directory_says_is_written_and_nothing_else),
        kit_test(who_is_gone_has_no_sitting_and_who_is_stopped_stays_so),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
