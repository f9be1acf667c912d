/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/evidence.h"
#include "tests/store_kit.h"

static void
evidence_comes_back_as_stored_newest_first(void **state)
{
    struct kit *k = *state;
    struct stored_evidence bank = { "p1", "e1", 1, "unionpay", "order1", "{}", 20, 40, 0 };
    struct stored_evidence face = { "p1", "e2", 2, "police", "r2", "", 10, 0, 30 };
    struct stored_evidence other = { "p2", "e1", 1, "unionpay", "order2", "{}", 20, 40, 0 };
    struct evidence_list list;

    assert_int_equal(store_evidence_insert(k->st, &bank), OK);
    assert_int_equal(store_evidence_insert(k->st, &face), OK);
    assert_int_equal(store_evidence_insert(k->st, &other), OK);
    assert_int_equal(store_evidence_list(k->st, k->arena, "p1", &list), OK);

    assert_int_equal(list.count, 2);
    assert_string_equal(list.at[1].evidence_id, "e2");
    assert_int_equal(list.at[1].withdrawn_at, 30);
    assert_string_equal(list.at[0].person_id, "p1");
    assert_string_equal(list.at[0].evidence_id, "e1");
    assert_int_equal(list.at[0].kind, 1);
    assert_string_equal(list.at[0].source, "unionpay");
    assert_string_equal(list.at[0].reference, "order1");
    assert_string_equal(list.at[0].detail, "{}");
    assert_int_equal(list.at[0].proven_at, 20);
    assert_int_equal(list.at[0].expires_at, 40);
    assert_int_equal(list.at[0].withdrawn_at, 0);
}

static void
what_is_withdrawn_stays_withdrawn_and_one_kind_is_left(void **state)
{
    struct kit *k = *state;
    struct stored_evidence phone = { "p1", "e0", 1, "sms", "", "", 10, 0, 0 };
    struct stored_evidence bank = { "p1", "e1", 2, "unionpay", "order1", "", 20, 40, 0 };
    struct stored_evidence face = { "p1", "e2", 3, "police", "r2", "", 30, 0, 31 };
    struct stored_evidence other = { "p2", "e1", 2, "unionpay", "order2", "", 20, 40, 0 };
    struct evidence_list list;

    assert_int_equal(store_evidence_insert(k->st, &phone), OK);
    assert_int_equal(store_evidence_insert(k->st, &bank), OK);
    assert_int_equal(store_evidence_insert(k->st, &face), OK);
    assert_int_equal(store_evidence_insert(k->st, &other), OK);
    assert_int_equal(store_evidence_withdraw(k->st, "p1", 1, 50), OK);
    assert_int_equal(store_evidence_list(k->st, k->arena, "p1", &list), OK);
    assert_int_equal(list.at[0].withdrawn_at, 31);
    assert_int_equal(list.at[1].withdrawn_at, 50);
    assert_int_equal(list.at[2].withdrawn_at, 0);
    assert_int_equal(store_evidence_list(k->st, k->arena, "p2", &list), OK);
    assert_int_equal(list.at[0].withdrawn_at, 0);
    assert_int_equal(store_evidence_withdraw(k->st, "p3", 1, 50), OK);
}

static void
an_evidence_id_is_taken_once_for_a_person(void **state)
{
    struct kit *k = *state;
    struct stored_evidence bank = { "p1", "e1", 1, "unionpay", "order1", "{}", 20, 40, 0 };

    assert_int_equal(store_evidence_insert(k->st, &bank), OK);
    assert_int_equal(store_evidence_insert(k->st, &bank), ERR_CONFLICT);
}

static void
a_person_without_evidence_has_an_empty_list(void **state)
{
    struct kit *k = *state;
    struct evidence_list list = { .count = 9 };

    assert_int_equal(store_evidence_list(k->st, k->arena, "p1", &list), OK);
    assert_int_equal(list.count, 0);
}

static void
a_person_has_a_bounded_number(void **state)
{
    struct kit *k = *state;
    struct stored_evidence row = { "p1", "", 1, "unionpay", "order1", "{}", 20, 40, 0 };
    struct evidence_list list;

    assert_int_equal(store_begin(k->st), OK);
    for (int i = 0; i < EVIDENCE_MAX; i++) {
        row.evidence_id = arena_printf(k->arena, "e%03d", i);
        assert_int_equal(store_evidence_insert(k->st, &row), OK);
    }
    assert_int_equal(store_commit(k->st), OK);
    row.evidence_id = "one more";
    assert_int_equal(store_evidence_insert(k->st, &row), ERR_FULL);
    assert_int_equal(store_evidence_list(k->st, k->arena, "p1", &list), OK);
    assert_int_equal(list.count, EVIDENCE_MAX);
    row.person_id = "p2";
    assert_int_equal(store_evidence_insert(k->st, &row), OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(evidence_comes_back_as_stored_newest_first),
        kit_test(a_person_has_a_bounded_number),
        kit_test(what_is_withdrawn_stays_withdrawn_and_one_kind_is_left),
        kit_test(an_evidence_id_is_taken_once_for_a_person),
        kit_test(a_person_without_evidence_has_an_empty_list),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
