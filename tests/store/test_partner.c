/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/store/partner.h"
#include "tests/store_kit.h"

static void
a_partner_is_put_and_replaced(void **state)
{
    struct kit *k = *state;
    struct digest secret = kit_digest(1);
    struct stored_partner partner = { .partner_id = "hospital",
                                      .profile = "{\"name\":\"市人民医院\"}",
                                      .secret_digest = bytes_of(secret.bytes, 32),
                                      .updated_at = 5 };
    struct stored_partner_list list;

    assert_int_equal(store_partner_put(k->st, &partner), OK);
    partner.profile = "{}";
    partner.secret_sealed = bytes_of("sealed", 6);
    partner.updated_at = 6;
    assert_int_equal(store_partner_put(k->st, &partner), OK);

    assert_int_equal(store_partner_list(k->st, k->arena, &list), OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].partner_id, "hospital");
    assert_string_equal(list.at[0].profile, "{}");
    assert_memory_equal(list.at[0].secret_digest.at, secret.bytes, 32);
    assert_int_equal(list.at[0].secret_sealed.size, 6);
    assert_int_equal(list.at[0].updated_at, 6);
}

static void
a_partner_may_have_no_secret(void **state)
{
    struct kit *k = *state;
    struct stored_partner partner = { .partner_id = "app", .profile = "{}", .updated_at = 5 };
    struct stored_partner_list list;

    assert_int_equal(store_partner_put(k->st, &partner), OK);
    assert_int_equal(store_partner_list(k->st, k->arena, &list), OK);
    assert_null(list.at[0].secret_digest.at);
    assert_int_equal(list.at[0].secret_digest.size, 0);
    assert_int_equal(list.at[0].secret_sealed.size, 0);
}

static void
a_hundred_partners_are_listed_by_id(void **state)
{
    struct kit *k = *state;
    struct stored_partner_list list;

    for (int i = 99; i >= 0; i--) {
        struct stored_partner partner = { .partner_id = arena_printf(k->arena, "p%02d", i),
                                          .profile = "{}" };

        assert_int_equal(store_partner_put(k->st, &partner), OK);
    }
    assert_int_equal(store_partner_list(k->st, k->arena, &list), OK);
    assert_int_equal(list.count, 100);
    for (int i = 0; i < 100; i++)
        assert_string_equal(list.at[i].partner_id, arena_printf(k->arena, "p%02d", i));
}

static void
a_deleted_partner_is_gone(void **state)
{
    struct kit *k = *state;
    struct stored_partner partner = { .partner_id = "app", .profile = "{}" };

    assert_int_equal(store_partner_put(k->st, &partner), OK);
    assert_int_equal(store_partner_delete(k->st, "app"), OK);
    assert_int_equal(store_partner_delete(k->st, "app"), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_partner_is_put_and_replaced),
        kit_test(a_partner_may_have_no_secret),
        kit_test(a_hundred_partners_are_listed_by_id),
        kit_test(a_deleted_partner_is_gone),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
