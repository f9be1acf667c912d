/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "policies/lockout.h"

static void
every_kind_has_its_window_and_cap(void **state)
{
    static const struct {
        enum attempt_kind kind;
        int64_t window_s;
        int64_t cap;
    } cases[] = {
        { ATTEMPT_PASSWORD, 600, 5 },          { ATTEMPT_PASSWORD_ADDRESS, 600, 100 },
        { ATTEMPT_SMS_SEND_MINUTE, 60, 1 },    { ATTEMPT_SMS_SEND_HOUR, 3600, 5 },
        { ATTEMPT_SMS_SEND_DAY, 86400, 10 },   { ATTEMPT_SMS_ADDRESS, 300, 25 },
        { ATTEMPT_BANK_PERSON_DAY, 86400, 3 }, { ATTEMPT_BANK_CARD_DAY, 86400, 5 },
        { ATTEMPT_CLIENT_SECRET, 60, 20 },
    };

    (void)state;
    assert_int_equal(COUNT_OF(cases), ATTEMPT_KIND_COUNT - 1);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(attempt_rule(cases[i].kind)->window_s, cases[i].window_s);
        assert_int_equal(attempt_rule(cases[i].kind)->cap, cases[i].cap);
    }
}

static void
names_are_there_and_differ(void **state)
{
    (void)state;
    for (int a = ATTEMPT_NONE + 1; a < ATTEMPT_KIND_COUNT; a++) {
        assert_non_null(attempt_rule((enum attempt_kind)a)->name);
        for (int b = ATTEMPT_NONE + 1; b < a; b++)
            assert_string_not_equal(attempt_rule((enum attempt_kind)a)->name,
                                    attempt_rule((enum attempt_kind)b)->name);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_its_window_and_cap),
        cmocka_unit_test(names_are_there_and_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
