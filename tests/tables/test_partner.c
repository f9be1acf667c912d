/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/partner.h"
#include "idp/tables/sweep.h"
#include "tests/store_kit.h"

static void
a_partner_is_put_and_replaced(void **state)
{
    struct kit *k = *state;
    struct digest secret = kit_digest(1);
    struct stored_partner partner = { .partner_id = "hospital",
                                      .profile = "{\"name\":\"市人民医院\"}",
                                      .secret_digest = bytes_of(secret.bytes, 32),
                                      .since = 4,
                                      .updated_at = 5 };
    struct stored_partner_list list;

    assert_int_equal(store_partner_put(k->st, &partner), OK);
    partner.profile = "{}";
    partner.secret_sealed = bytes_of("sealed", 6);
    partner.updated_at = 6;
    assert_int_equal(store_partner_put(k->st, &partner), OK);

    assert_int_equal(store_partner_list(k->st, k->arena, "", &list), OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].partner_id, "hospital");
    assert_string_equal(list.at[0].profile, "{}");
    assert_memory_equal(list.at[0].secret_digest.at, secret.bytes, 32);
    assert_int_equal(list.at[0].secret_sealed.size, 6);
    assert_int_equal(list.at[0].since, 4);
    assert_int_equal(list.at[0].updated_at, 6);
}

static void
a_partner_may_have_no_secret(void **state)
{
    struct kit *k = *state;
    struct stored_partner partner = { .partner_id = "app", .profile = "{}", .updated_at = 5 };
    struct stored_partner_list list;

    assert_int_equal(store_partner_put(k->st, &partner), OK);
    assert_int_equal(store_partner_list(k->st, k->arena, "", &list), OK);
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
    assert_int_equal(store_partner_list(k->st, k->arena, "", &list), OK);
    assert_int_equal(list.count, 100);
    for (int i = 0; i < 100; i++)
        assert_string_equal(list.at[i].partner_id, arena_printf(k->arena, "p%02d", i));
}

static void
the_next_page_begins_behind_the_last_id(void **state)
{
    struct kit *k = *state;
    struct stored_partner_list list;

    for (int i = 0; i <= PARTNER_PAGE; i++) {
        struct stored_partner partner = { .partner_id = arena_printf(k->arena, "p%03d", i),
                                          .profile = "{}" };

        assert_int_equal(store_partner_put(k->st, &partner), OK);
    }
    assert_int_equal(store_partner_list(k->st, k->arena, "", &list), OK);
    assert_int_equal(list.count, PARTNER_PAGE);
    assert_int_equal(
        store_partner_list(k->st, k->arena, list.at[PARTNER_PAGE - 1].partner_id, &list), OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].partner_id, "p100");
}

/* What is left of it. */
static int64_t
secrets_left(struct kit *k)
{
    static const char sql[] = "SELECT COUNT(*) FROM partner WHERE secret_digest IS NOT NULL"
                              " OR secret_sealed IS NOT NULL OR before_digest IS NOT NULL"
                              " OR before_sealed IS NOT NULL OR profile <> ''";
    int64_t count = -1;
    const struct out outs[] = { out_int(&count), OUT_END };

    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql, .outs = outs }), OK);
    return count;
}

static void
a_removed_partner_leaves_its_id_times_and_for_a_month_its_secrets(void **state)
{
    struct kit *k = *state;
    struct digest secret = kit_digest(1);
    struct stored_partner partner = { .partner_id = "app",
                                      .profile = "{}",
                                      .secret_digest = bytes_of(secret.bytes, 32),
                                      .secret_sealed = bytes_of("sealed", 6),
                                      .before_digest = bytes_of(secret.bytes, 32),
                                      .before_sealed = bytes_of("sealed", 6),
                                      .before_until = 50 };
    struct stored_partner_list list;
    struct stored_partner read;
    const struct audit_keep keep = { 0, 0 };
    int64_t swept;
    unix_s removed_at = 0;
    bool removed = true;

    assert_int_equal(store_partner_put(k->st, &partner), OK);
    assert_int_equal(store_partner_removed_at(k->st, "app", &removed_at), ERR_NOT_FOUND);
    assert_int_equal(store_partner_any_removed(k->st, 0, &removed), OK);
    assert_false(removed);
    assert_int_equal(store_partner_remove(k->st, "app", 20), OK);
    assert_int_equal(store_partner_remove(k->st, "app", 21), ERR_NOT_FOUND);
    assert_int_equal(store_partner_list(k->st, k->arena, "", &list), OK);
    assert_int_equal(list.count, 0);
    assert_int_equal(store_partner_removed_at(k->st, "app", &removed_at), OK);
    assert_int_equal(removed_at, 20);
    assert_int_equal(store_partner_any_removed(k->st, 20, &removed), OK);
    assert_true(removed);
    assert_int_equal(store_partner_any_removed(k->st, 21, &removed), OK);
    assert_false(removed);
    assert_int_equal(store_partner_list_all(k->st, k->arena, "", &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.at[0].removed_at, 20);
    assert_int_equal(store_partner_load(k->st, k->arena, "app", &read), OK);
    assert_string_equal(read.profile, "");
    assert_int_equal(read.secret_sealed.size, 6);
    assert_int_equal(store_sweep(k->st, 20 + PARTNER_SECRET_KEPT_S - 1, &keep, &swept), OK);
    assert_int_equal(secrets_left(k), 1);
    assert_int_equal(store_sweep(k->st, 20 + PARTNER_SECRET_KEPT_S, &keep, &swept), OK);
    assert_int_equal(secrets_left(k), 0);
    assert_int_equal(store_partner_removed_at(k->st, "app", &removed_at), OK);
}

static void
a_rotated_secret_leaves_its_digest_alone_behind(void **state)
{
    struct kit *k = *state;
    struct digest secret = kit_digest(1);
    struct stored_partner partner = { .partner_id = "app",
                                      .profile = "{}",
                                      .before_digest = bytes_of(secret.bytes, 32),
                                      .before_sealed = bytes_of("sealed", 6),
                                      .before_until = 50 };
    const struct audit_keep keep = { 0, 0 };
    struct stored_partner read;
    int64_t swept;

    assert_int_equal(store_partner_put(k->st, &partner), OK);
    assert_int_equal(store_sweep(k->st, 49, &keep, &swept), OK);
    assert_int_equal(swept, 0);
    assert_int_equal(store_sweep(k->st, 50, &keep, &swept), OK);
    assert_int_equal(swept, 1);
    assert_int_equal(store_partner_load(k->st, k->arena, "app", &read), OK);
    assert_int_equal(read.before_sealed.size, 0);
    assert_memory_equal(read.before_digest.at, secret.bytes, 32);
    assert_int_equal(store_partner_load(k->st, k->arena, "other", &read), ERR_NOT_FOUND);
}

static void
one_that_comes_back_takes_the_row_again(void **state)
{
    struct kit *k = *state;
    struct stored_partner partner = { .partner_id = "app", .profile = "{}", .since = 30 };
    struct stored_partner_list list;
    unix_s removed_at;

    assert_int_equal(store_partner_put(k->st, &partner), OK);
    assert_int_equal(store_partner_remove(k->st, "app", 20), OK);
    assert_int_equal(store_partner_put(k->st, &partner), OK);
    assert_int_equal(store_partner_list(k->st, k->arena, "", &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.at[0].since, 30);
    assert_int_equal(store_partner_removed_at(k->st, "app", &removed_at), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_partner_is_put_and_replaced),
        kit_test(a_partner_may_have_no_secret),
        kit_test(a_hundred_partners_are_listed_by_id),
        kit_test(the_next_page_begins_behind_the_last_id),
        kit_test(a_removed_partner_leaves_its_id_times_and_for_a_month_its_secrets),
        kit_test(a_rotated_secret_leaves_its_digest_alone_behind),
        kit_test(one_that_comes_back_takes_the_row_again),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
