/* SPDX-License-Identifier: Apache-2.0 */
/* ST-19: what a member of staff may search by. */
#include "tests/policies/kit.h"

#include <string.h>

#include "policies/find_name.h"

#define TODAY 20260101

static void
assert_same(const char *is, const char *should)
{
    if (should == NULL)
        assert_null(is);
    else
        assert_string_equal(is, should);
}

static void
identity_number_phone_and_card_are_told_apart_with_blanks_or_without(void **state)
{
    static const struct {
        const char *typed;
        const char *phone;
        const char *identity_number;
        const char *card_region;
        const char *card_no;
    } cases[] = {
        { "138 0013 8000", "+8613800138000", NULL, NULL, NULL },
        { " 110105 19491231 002x ", NULL, "11010519491231002X", NULL, NULL },
        { "110105491231002", NULL, "11010519491231002X", NULL, NULL },
        { "a1234 5678", NULL, NULL, "", "A12345678" },
        { "440100 AB1234567", NULL, NULL, "440100", "AB1234567" },
        { "４４０１００Ａ１２３４５６７８", NULL, NULL, "440100", "A12345678" },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct find_name name;

        assert_null(find_name_check(*state, cases[i].typed, TODAY, &name));
        assert_same(name.phone, cases[i].phone);
        assert_same(name.identity_number, cases[i].identity_number);
        assert_same(name.card_region, cases[i].card_region);
        assert_same(name.card_no, cases[i].card_no);
    }
}

static void
neither_a_name_nor_a_part_nor_a_pattern_finds_anybody(void **state)
{
    static const char *const bad[] = {
        "",
        "张三",
        "1380013",
        "138%",
        "1380013800_",
        "%",
        "*",
        "A1234567%",
        "A1234567_",
        "_12345678",
        "A1234567",
        "A123456789",
        "44010A12345678",
        "44010000A12345678",
        "110105194912310021",
        "11010519491231002X OR 1=1",
        "c_world0000000000000000A",
    };
    char *longer = arena_alloc(*state, FIND_NAME_MAX_BYTES + 2);
    struct find_name name;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_ptr_equal(find_name_check(*state, bad[i], TODAY, &name), &problem_find_name_invalid);
    memset(longer, ' ', FIND_NAME_MAX_BYTES + 1);
    longer[FIND_NAME_MAX_BYTES + 1] = '\0';
    memcpy(longer, "A12345678", 9);
    assert_ptr_equal(find_name_check(*state, longer, TODAY, &name), &problem_find_name_invalid);
    longer[FIND_NAME_MAX_BYTES] = '\0';
    assert_null(find_name_check(*state, longer, TODAY, &name));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(identity_number_phone_and_card_are_told_apart_with_blanks_or_without),
        WITH_ARENA(neither_a_name_nor_a_part_nor_a_pattern_finds_anybody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
