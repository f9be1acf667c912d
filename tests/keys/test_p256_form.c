/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/keys/kit.h"

static void
raw_signatures_survive_the_way_to_der_and_back(void **state)
{
    static const struct {
        const char *r;
        const char *s;
        size_t der_size;
    } cases[] = {
        { "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
          "8000000000000000000000000000000000000000000000000000000000000000", 72 },
        { "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
          "0000000000000000000000000000000000000000000000000000000000000001", 39 },
        { "0000000000000000000000000000000000000000000000000000000000000000",
          "0000000000000000000000000000000000000000000000000000000000000080", 9 },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes raw = unhex(*state, arena_printf(*state, "%s%s", cases[i].r, cases[i].s));
        uint8_t der[P256_DER_MAX];
        uint8_t back[P256_RAW_SIZE];
        size_t size = p256_der_of_raw(raw.at, der);

        assert_int_equal(size, cases[i].der_size);
        assert_int_equal(p256_raw_of_der(bytes_of(der, size), back), OK);
        assert_memory_equal(back, raw.at, P256_RAW_SIZE);
    }
}

static void
der_that_is_no_pair_of_small_numbers_is_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "30",
        "3000",
        "3003020101",
        "30060201010201",
        "300602010102010100",
        "3007020101020101",
        "300702010102010100",
        "3106020101020101",
        "3006030101020101",
        "3006020101030101",
        "3005020002010100",
        "3006020181020101",
        "3006020101020181",
        "3006022001020101",
        "30260221010000000000000000000000000000000000000000000000000000000000000000020101",
    };
    uint8_t raw[P256_RAW_SIZE];

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(p256_raw_of_der(unhex(*state, cases[i]), raw), ERR_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(raw_signatures_survive_the_way_to_der_and_back),
        TEST(der_that_is_no_pair_of_small_numbers_is_refused),
    };

    return cmocka_run_group_tests_name("p256_form", tests, NULL, NULL);
}
