/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/connect/bank_code.h"

/* The table of the network's codes, grouped by what they mean for us. */
static const struct {
    enum bank_outcome outcome;
    bool alarm;
    const char *codes; /* separated by blanks */
} groups[] = {
    { BANK_MATCH, false, "00" },
    { BANK_MISMATCH, false, "66 65 71 91" },
    { BANK_CARD_INVALID, false, "61 44" },
    { BANK_CARD_STATE, false, "63 73" },
    { BANK_REFUSED, false, "60 30 38" },
    { BANK_UNSUPPORTED, false, "62 68 78 72 77 79 76" },
    { BANK_RATE_LIMITED, false, "37 67 81" },
    { BANK_UNKNOWN, false, "03 04 05 01 99 98 14 41 42 45 64 69 70 80 82 84 A6" },
    { BANK_UNKNOWN, true, "12" },
    { BANK_UNAVAILABLE, false, "02 06 39 83" },
    { BANK_FAULT, true, "10 11 13 34 35 36 31 32 33 43 40" },
};

static void
assert_verdict(const char *code, enum bank_outcome outcome, bool alarm)
{
    const struct bank_verdict *verdict = bank_verdict_of(code);

    if (verdict->outcome != outcome || verdict->alarm != alarm)
        fail_msg("%s", code);
}

static void
every_listed_code_has_its_outcome(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        for (const char *at = groups[i].codes; *at != '\0'; at += at[2] == ' ' ? 3 : 2)
            assert_verdict((const char[3]) { at[0], at[1], '\0' }, groups[i].outcome,
                           groups[i].alarm);
    }
}

static void
no_code_but_00_is_a_match(void **state)
{
    (void)state;
    for (int i = 1; i < 100; i++) {
        const char code[3] = { (char)('0' + i / 10), (char)('0' + i % 10), '\0' };

        assert_int_not_equal(bank_verdict_of(code)->outcome, BANK_MATCH);
    }
}

static void
an_unheard_of_code_is_unknown(void **state)
{
    static const char *const codes[] = { NULL, "", "0", "000", "ZZ", " 00", "00 " };

    (void)state;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        assert_int_equal(bank_verdict_of(codes[i])->outcome, BANK_UNKNOWN);
        assert_false(bank_verdict_of(codes[i])->alarm);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_listed_code_has_its_outcome),
        cmocka_unit_test(no_code_but_00_is_a_match),
        cmocka_unit_test(an_unheard_of_code_is_unknown),
    };

    return cmocka_run_group_tests_name("bank_code", tests, NULL, NULL);
}
