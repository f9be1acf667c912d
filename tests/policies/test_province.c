/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "policies/province.h"

static void
the_first_two_digits_of_a_region_name_its_province(void **state)
{
    static const struct {
        const char *region;
        const char *zh;
        const char *en;
    } rows[] = {
        { "440100", "广东省", "Guangdong" },
        { "330500", "浙江省", "Zhejiang" },
        { "110105", "北京市", "Beijing" },
        { "650000", "新疆维吾尔自治区", "Xinjiang" },
        { "44", "广东省", "Guangdong" },
        { "990000", "", "" },
        { "4", "", "" },
        { "", "", "" },
        { NULL, "", "" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_string_equal(province_name(rows[i].region, LANGUAGE_ZH_CN), rows[i].zh);
        assert_string_equal(province_name(rows[i].region, LANGUAGE_EN), rows[i].en);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_two_digits_of_a_region_name_its_province),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
