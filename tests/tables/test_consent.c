/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/tables/consent.h"
#include "tests/store_kit.h"

static struct stored_consent
a_consent(const char *person_id, const char *partner_id, unix_s given_at)
{
    return (struct stored_consent) { person_id,     "login", partner_id, "openid name",
                                     kit_digest(1), "web",   given_at };
}

static const struct consent_subject hospital = { "p1", "login", "hospital" };

static void
a_consent_comes_back_as_stored(void **state)
{
    struct kit *k = *state;
    struct stored_consent consents[] = { a_consent("p1", "hospital", 10),
                                         a_consent("p1", "bank", 30),
                                         a_consent("p2", "hospital", 40) };
    struct stored_consent read;

    assert_int_equal(store_consent_find(k->st, k->arena, &hospital, &read), ERR_NOT_FOUND);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(store_consent_insert(k->st, &consents[i]), OK);
    assert_int_equal(store_consent_find(k->st, k->arena, &hospital, &read), OK);

    assert_string_equal(read.person_id, "p1");
    assert_string_equal(read.purpose, "login");
    assert_string_equal(read.partner_id, "hospital");
    assert_string_equal(read.scope, "openid name");
    assert_memory_equal(read.text_digest.bytes, consents[0].text_digest.bytes, 32);
    assert_string_equal(read.channel, "web");
    assert_int_equal(read.given_at, 10);
}

static void
one_alone_holds_for_a_person_purpose_and_partner(void **state)
{
    struct kit *k = *state;
    struct stored_consent consent = a_consent("p1", "hospital", 10);
    struct stored_consent read;

    assert_int_equal(store_consent_insert(k->st, &consent), OK);
    assert_int_equal(store_consent_insert(k->st, &consent), ERR_CONFLICT);
    assert_int_equal(store_consent_withdraw(k->st, &consent, "aside", 20), OK);
    consent.given_at = 30;
    assert_int_equal(store_consent_insert(k->st, &consent), OK);
    assert_int_equal(store_consent_find(k->st, k->arena, &hospital, &read), OK);
    assert_int_equal(read.given_at, 30);
}

static void
a_consent_is_withdrawn_once_and_found_no_more(void **state)
{
    struct kit *k = *state;
    struct stored_consent consent = a_consent("p1", "hospital", 10);
    struct stored_consent other = a_consent("p2", "hospital", 10);
    struct stored_consent read;

    assert_int_equal(store_consent_insert(k->st, &consent), OK);
    assert_int_equal(store_consent_withdraw(k->st, &other, "a1", 12), ERR_NOT_FOUND);
    assert_int_equal(store_consent_withdraw(k->st, &consent, "a1", 11), OK);
    assert_int_equal(store_consent_withdraw(k->st, &consent, "a2", 12), ERR_NOT_FOUND);
    assert_int_equal(store_consent_find(k->st, k->arena, &hospital, &read), ERR_NOT_FOUND);
}

/* Of two who replace one consent at once the slower has read what is there no more. */
static void
what_took_the_place_of_the_one_read_is_left_alone(void **state)
{
    struct kit *k = *state;
    struct stored_consent old = a_consent("p1", "hospital", 10);
    struct stored_consent wider = a_consent("p1", "hospital", 10);
    struct stored_consent newer = a_consent("p1", "hospital", 11);

    wider.scope = "openid name phone";
    assert_int_equal(store_consent_insert(k->st, &wider), OK);
    assert_int_equal(store_consent_withdraw(k->st, &old, "a1", 12), ERR_NOT_FOUND);
    assert_int_equal(store_consent_withdraw(k->st, &wider, "a1", 12), OK);
    assert_int_equal(store_consent_insert(k->st, &newer), OK);
    assert_int_equal(store_consent_withdraw(k->st, &old, "a2", 12), ERR_NOT_FOUND);
}

/* As a node of version 0.1 writes it, while it still runs beside us. */
static void
one_with_an_id_of_its_own_is_found_and_withdrawn_too(void **state)
{
    static const char sql[] =
        "INSERT INTO consent (person_id, consent_id, purpose, partner_id, scope, text_digest, "
        "channel, given_at, withdrawn_at) VALUES ('p1', 'c1', 'login', 'hospital', 'openid phone', "
        "$1, 'web', 20, 0)";
    struct kit *k = *state;
    struct stored_consent consent = a_consent("p1", "hospital", 10);
    struct digest digest = kit_digest(2);
    const struct arg args[] = { arg_digest(&digest), ARG_END };
    struct stored_consent read;

    assert_int_equal(store_consent_insert(k->st, &consent), OK);
    assert_int_equal(store_run(k->st, &(struct query) { .sql = sql, .args = args }), OK);
    assert_int_equal(store_consent_find(k->st, k->arena, &hospital, &read), OK);
    assert_string_equal(read.scope, "openid phone");
    assert_int_equal(store_consent_withdraw(k->st, &read, "aside", 30), OK);
    assert_int_equal(store_consent_find(k->st, k->arena, &hospital, &read), ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(a_consent_comes_back_as_stored),
        kit_test(one_alone_holds_for_a_person_purpose_and_partner),
        kit_test(a_consent_is_withdrawn_once_and_found_no_more),
        kit_test(what_took_the_place_of_the_one_read_is_left_alone),
        kit_test(one_with_an_id_of_its_own_is_found_and_withdrawn_too),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
