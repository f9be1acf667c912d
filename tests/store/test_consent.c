/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/store/consent.h"
#include "tests/store_kit.h"

static struct stored_consent
a_consent(const char *consent_id, const char *partner_id, unix_s given_at)
{
    return (struct stored_consent) { "p1",          consent_id, "login",  partner_id, "openid name",
                                     kit_digest(1), "web",      given_at, 0 };
}

static const struct consent_subject hospital = { "p1", "login", "hospital" };

static void
consents_to_one_partner_come_newest_first(void **state)
{
    struct kit *k = *state;
    struct stored_consent consents[] = { a_consent("c1", "hospital", 10),
                                         a_consent("c2", "hospital", 20),
                                         a_consent("c3", "bank", 30) };
    struct consent_list list;

    for (size_t i = 0; i < 3; i++)
        assert_int_equal(store_consent_insert(k->st, &consents[i]), OK);
    assert_int_equal(store_consent_list(k->st, k->arena, &hospital, &list), OK);

    assert_int_equal(list.count, 2);
    assert_string_equal(list.at[0].consent_id, "c2");
    assert_string_equal(list.at[1].consent_id, "c1");
    assert_string_equal(list.at[1].person_id, "p1");
    assert_string_equal(list.at[1].purpose, "login");
    assert_string_equal(list.at[1].partner_id, "hospital");
    assert_string_equal(list.at[1].scope, "openid name");
    assert_memory_equal(list.at[1].text_digest.bytes, consents[0].text_digest.bytes, 32);
    assert_string_equal(list.at[1].channel, "web");
    assert_int_equal(list.at[1].given_at, 10);
    assert_int_equal(list.at[1].withdrawn_at, 0);
}

static void
a_consent_id_is_taken_once(void **state)
{
    struct kit *k = *state;
    struct stored_consent consent = a_consent("c1", "hospital", 10);

    assert_int_equal(store_consent_insert(k->st, &consent), OK);
    assert_int_equal(store_consent_insert(k->st, &consent), ERR_CONFLICT);
}

static void
a_consent_is_withdrawn_once_and_listed_no_more(void **state)
{
    struct kit *k = *state;
    struct stored_consent consent = a_consent("c1", "hospital", 10);
    struct consent_list list;

    assert_int_equal(store_consent_insert(k->st, &consent), OK);
    assert_int_equal(store_consent_withdraw(k->st, "p1", "c1", 11), OK);
    assert_int_equal(store_consent_withdraw(k->st, "p1", "c1", 12), ERR_NOT_FOUND);
    assert_int_equal(store_consent_withdraw(k->st, "p2", "c1", 12), ERR_NOT_FOUND);

    assert_int_equal(store_consent_list(k->st, k->arena, &hospital, &list), OK);
    assert_int_equal(list.count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(consents_to_one_partner_come_newest_first),
        kit_test(a_consent_id_is_taken_once),
        kit_test(a_consent_is_withdrawn_once_and_listed_no_more),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
