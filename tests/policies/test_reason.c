/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "policies/reason.h"

#define MOST 10

static void
a_reason_says_why_and_nothing_of_hers(void **state)
{
    static const struct {
        const char *reason;
        enum reason_fault fault;
    } cases[] = {
        { "工单 4711", REASON_GOOD },
        { "abcd", REASON_GOOD },
        { "abc", REASON_LENGTH },
        { "a b c", REASON_LENGTH },
        { "      ", REASON_LENGTH },
        { "十个字十个字十个字十", REASON_GOOD },
        { "十个字十个字十个字十一", REASON_LENGTH },
        { "ticket\n1", REASON_CHARACTERS },
        { "abc\xff\xff", REASON_CHARACTERS },
        { "问张三要", REASON_NAME },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(reason_judge(*state, cases[i].reason, MOST, "张三"), cases[i].fault);
    assert_int_equal(reason_judge(*state, "问张三要", MOST, ""), REASON_GOOD);
}

static void
digits_as_of_a_phone_or_identity_number_are_refused_however_they_are_written(void **state)
{
    static const char *const bad[] = { "138 0013 8000", "１３８００１３８０００",
                                       "110105 491231 002", "no 11010519491231002X" };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(reason_judge(*state, bad[i], 200, ""), REASON_NUMBER);
    assert_int_equal(reason_judge(*state, "ticket 20260101", 200, ""), REASON_GOOD);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(a_reason_says_why_and_nothing_of_hers),
        WITH_ARENA(digits_as_of_a_phone_or_identity_number_are_refused_however_they_are_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
