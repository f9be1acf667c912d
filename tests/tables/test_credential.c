/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/credential.h"
#include "tests/store_kit.h"

static void
a_credential_is_put_and_replaced(void **state)
{
    struct kit *k = *state;
    struct stored_credential read;

    assert_int_equal(store_credential_put(k->st, "p1", CREDENTIAL_PASSWORD, "$one", 10), OK);
    assert_int_equal(store_credential_put(k->st, "p1", CREDENTIAL_PASSWORD, "$two", 20), OK);
    assert_int_equal(store_credential_find(k->st, k->arena, "p1", CREDENTIAL_PASSWORD, &read), OK);

    assert_string_equal(read.secret, "$two");
    assert_int_equal(read.created_at, 10);
    assert_int_equal(read.updated_at, 20);
}

static void
a_person_without_credential_has_none(void **state)
{
    struct kit *k = *state;
    struct stored_credential read;

    assert_int_equal(store_credential_find(k->st, k->arena, "p1", CREDENTIAL_PASSWORD, &read),
                     ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_credential_is_put_and_replaced),
        kit_test(a_person_without_credential_has_none),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
