/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/device_secret.h"
#include "idp/tables/sweep.h"
#include "tests/store_kit.h"

static struct stored_device_secret
secret_of(const char *partner_id, int number)
{
    return (struct stored_device_secret) { .sid = "s_1",
                                           .partner_id = partner_id,
                                           .secret = kit_digest(number),
                                           .shared_by = "hrss",
                                           .bound_key = "key",
                                           .expires_at = 100 };
}

static void
a_secret_is_found_by_session_and_app(void **state)
{
    struct kit *k = *state;
    struct stored_device_secret put = secret_of("pilot", 1);
    struct stored_device_secret found;

    assert_int_equal(store_device_secret_put(k->st, &put), OK);
    assert_int_equal(store_device_secret_find(k->st, k->arena, "s_1", "pilot", &found), OK);
    assert_memory_equal(&found.secret, &put.secret, sizeof(put.secret));
    assert_string_equal(found.shared_by, "hrss");
    assert_string_equal(found.bound_key, "key");
    assert_int_equal(found.expires_at, 100);
    assert_int_equal(store_device_secret_find(k->st, k->arena, "s_2", "pilot", &found),
                     ERR_NOT_FOUND);
    assert_int_equal(store_device_secret_find(k->st, k->arena, "s_1", "other", &found),
                     ERR_NOT_FOUND);
}

static void
a_new_one_takes_the_place_of_the_old(void **state)
{
    struct kit *k = *state;
    struct stored_device_secret first = secret_of("pilot", 1);
    struct stored_device_secret other = secret_of("other", 2);
    struct stored_device_secret second = secret_of("pilot", 3);
    struct stored_device_secret found;

    assert_int_equal(store_device_secret_put(k->st, &first), OK);
    assert_int_equal(store_device_secret_put(k->st, &other), OK);
    assert_int_equal(store_device_secret_put(k->st, &second), OK);
    assert_int_equal(store_device_secret_find(k->st, k->arena, "s_1", "pilot", &found), OK);
    assert_memory_equal(&found.secret, &second.secret, sizeof(second.secret));
    assert_int_equal(store_device_secret_find(k->st, k->arena, "s_1", "other", &found), OK);
    assert_memory_equal(&found.secret, &other.secret, sizeof(other.secret));
}

static enum err
put(struct store *st, int thread, void *ctx)
{
    struct stored_device_secret secret = secret_of("pilot", 100 + thread);

    (void)ctx;
    return store_device_secret_put(st, &secret);
}

static void
of_many_at_once_one_stays(void **state)
{
    struct kit *k = *state;
    enum err outcomes[KIT_THREADS_MAX];
    struct stored_device_secret found;

    kit_race(k->db, 16, put, NULL, outcomes);
    assert_true(kit_count(outcomes, 16, OK) >= 1);
    assert_int_equal(store_device_secret_find(k->st, k->arena, "s_1", "pilot", &found), OK);
}

static void
it_leaves_with_its_session(void **state)
{
    struct kit *k = *state;
    struct stored_device_secret secret = secret_of("pilot", 1);
    struct stored_device_secret found;
    const struct audit_keep keep = { 0 };
    int64_t removed;

    assert_int_equal(store_device_secret_put(k->st, &secret), OK);
    assert_int_equal(store_sweep(k->st, 99, &keep, &removed), OK);
    assert_int_equal(store_device_secret_find(k->st, k->arena, "s_1", "pilot", &found), OK);
    assert_int_equal(store_sweep(k->st, 100, &keep, &removed), OK);
    assert_int_equal(store_device_secret_find(k->st, k->arena, "s_1", "pilot", &found),
                     ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_secret_is_found_by_session_and_app),
        kit_test(a_new_one_takes_the_place_of_the_old),
        kit_test(of_many_at_once_one_stays),
        kit_test(it_leaves_with_its_session),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
