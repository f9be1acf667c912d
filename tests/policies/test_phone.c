/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/problem.h"
#include "policies/phone.h"

static void
tx_18_every_way_of_typing_gives_one_number(void **state)
{
    static const char *const ways[] = {
        "13800138000",
        "+8613800138000",
        "+86 138 0013 8000",
        "008613800138000",
        "8613800138000",
        "138-0013-8000",
        "１３８００１３８０００",
        "＋８６\u3000138－0013－8000",
        " 13800138000 ",
        "0086-138-00138000",
        "13800138000\n",
        "(86)13800138000",
    };

    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        const char *once = NULL;
        const char *twice = NULL;

        assert_null(phone_check(*state, ways[i], &once));
        assert_string_equal(once, "+8613800138000");
        assert_null(phone_check(*state, once, &twice));
        assert_string_equal(twice, once);
    }
}

static void
numbers_that_are_not_mainland_mobiles_are_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "1380013800",
        "138001380001",
        "12345678901",
        "11800138000",
        "23800138000",
        "010-62345678",
        "+85261234567",
        "+12025550123",
        "0085261234567",
        "+86+8613800138000",
        "868613800138000",
        "1380013800a",
        "١٣٨٠٠١٣٨٠٠٠",
        "13800138000;1",
        "+86",
        "138001\xc0\xb3"
        "8000",
    };

    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const char *e164 = NULL;

        assert_ptr_equal(phone_check(*state, bad[i], &e164), &problem_phone_invalid);
        assert_null(e164);
    }
}

static void
the_national_number_and_its_mask_are_read_from_it(void **state)
{
    assert_string_equal(phone_national("+8613800138000"), "13800138000");
    assert_string_equal(phone_masked(*state, "+8613800138000"), "138****8000");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(tx_18_every_way_of_typing_gives_one_number),
        WITH_ARENA(numbers_that_are_not_mainland_mobiles_are_refused),
        WITH_ARENA(the_national_number_and_its_mask_are_read_from_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
