/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/external_identity.h"
#include "tests/store_kit.h"

static struct external_identity
identity_of(const char *person_id, int number)
{
    return (struct external_identity) { .person_id = person_id,
                                        .identity = kit_digest(number),
                                        .provider = "wechat",
                                        .application = "wx1",
                                        .union_digest = kit_digest(100),
                                        .bound_at = 10 + number,
                                        .seen_at = 10 + number };
}

static void
one_is_found_updated_and_hers_alone(void **state)
{
    struct kit *k = *state;
    struct external_identity identity = identity_of("p1", 1);
    struct external_identity found;

    assert_int_equal(store_external_identity_insert(k->st, &identity), OK);
    assert_int_equal(store_external_identity_insert(k->st, &identity), ERR_CONFLICT);
    identity.union_digest = kit_digest(101);
    identity.seen_at = 99;
    assert_int_equal(store_external_identity_update(k->st, &identity), OK);
    assert_int_equal(
        store_external_identity_find(k->st, k->arena, "p1", &identity.identity, &found), OK);
    assert_int_equal(found.seen_at, 99);
    assert_int_equal(found.bound_at, 11);
    assert_memory_equal(&found.union_digest, &identity.union_digest, sizeof(struct digest));
    assert_string_equal(found.application, "wx1");
    assert_int_equal(
        store_external_identity_find(k->st, k->arena, "p2", &identity.identity, &found),
        ERR_NOT_FOUND);
    identity.person_id = "p2";
    assert_int_equal(store_external_identity_update(k->st, &identity), ERR_NOT_FOUND);
}

static void
they_are_listed_oldest_first_and_go_together(void **state)
{
    struct kit *k = *state;
    struct external_identities list;

    for (int i = EXTERNAL_IDENTITIES_MAX + 2; i > 0; i--) {
        struct external_identity identity = identity_of("p1", i);

        assert_int_equal(store_external_identity_insert(k->st, &identity), OK);
    }
    assert_int_equal(store_external_identity_list(k->st, k->arena, "p1", &list), OK);
    assert_int_equal(list.count, EXTERNAL_IDENTITIES_MAX);
    assert_int_equal(list.at[0].bound_at, 11);
    assert_int_equal(store_external_identity_delete(k->st, "p2"), OK);
    assert_int_equal(store_external_identity_delete(k->st, "p1"), OK);
    assert_int_equal(store_external_identity_list(k->st, k->arena, "p1", &list), OK);
    assert_int_equal(list.count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(one_is_found_updated_and_hers_alone),
        kit_test(they_are_listed_oldest_first_and_go_together),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
