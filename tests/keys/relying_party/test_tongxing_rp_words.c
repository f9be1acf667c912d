/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/relying_party/tongxing_rp.h"

#include "tests/keys/kit.h"

static void
each_result_has_a_sentence_of_its_own(void **state)
{
    for (int i = TONGXING_RP_OK; i <= TONGXING_RP_REPLAYED; i++) {
        const char *sentence = tongxing_rp_sentence((enum tongxing_rp_result)i);

        assert_non_null(sentence);
        assert_int_equal(sentence[strlen(sentence) - 1], '.');
        for (int other = TONGXING_RP_OK; other < i; other++)
            assert_string_not_equal(sentence, tongxing_rp_sentence((enum tongxing_rp_result)other));
    }
    assert_non_null(tongxing_rp_sentence((enum tongxing_rp_result)(TONGXING_RP_REPLAYED + 1)));
    assert_non_null(tongxing_rp_sentence((enum tongxing_rp_result) - 1));
    (void)state;
}

static void
max_age_is_read_from_cache_control(void **state)
{
    static const struct {
        const char *header;
        int64_t seconds;
    } cases[] = {
        { "public, max-age=300", 300 },
        { "max-age=0", 0 },
        { "MAX-AGE=60,public", 60 },
        { " max-age=60 , must-revalidate", 60 },
        { "no-store", 0 },
        { "max-age=300, no-cache", 0 },
        { "s-maxage=5, max-age=7", 7 },
        { "max-age=99999999999999999999", INT32_MAX },
        { "max-age=", -1 },
        { "max-age=x", -1 },
        { "max-age=-5", -1 },
        { "xmax-age=5", -1 },
        { "public", -1 },
        { ",,,", -1 },
        { "", -1 },
        { NULL, -1 },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(tongxing_rp_max_age(cases[i].header), cases[i].seconds);
    (void)state;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_result_has_a_sentence_of_its_own),
        cmocka_unit_test(max_age_is_read_from_cache_control),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
