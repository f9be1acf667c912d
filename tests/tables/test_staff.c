/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/staff.h"
#include "tests/store_kit.h"

static void
a_member_of_staff_comes_back_as_stored_last(void **state)
{
    struct kit *k = *state;
    struct digest person = kit_digest(3);
    struct stored_staff staff = {
        .staff_id = "li",
        .person_key = { person.bytes, sizeof(person.bytes) },
        .name_sealed = bytes_of_text("sealed"),
        .roles = "counter",
        .agency = "社保局",
        .region = "440106",
        .state = STAFF_ACTIVE,
        .checked_at = 5,
        .open_until = 9,
        .created_at = 4,
    };
    struct stored_staff read;

    assert_int_equal(store_staff_load(k->st, k->arena, "li", &read), ERR_NOT_FOUND);
    assert_int_equal(store_staff_put(k->st, &staff), OK);
    staff.roles = "supervisor";
    staff.person_key = (struct bytes) { NULL, 0 };
    assert_int_equal(store_staff_put(k->st, &staff), OK);
    assert_int_equal(store_staff_load(k->st, k->arena, "li", &read), OK);
    assert_string_equal(read.roles, "supervisor");
    assert_string_equal(read.certificate, "");
    assert_int_equal(read.person_key.size, 0);
    assert_int_equal(read.code.size, 0);
    assert_int_equal(read.open_until, 9);
    assert_int_equal(read.checked_at, 5);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { kit_test(a_member_of_staff_comes_back_as_stored_last) };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
