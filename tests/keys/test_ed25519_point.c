/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/ed25519_point.h"
#include "tests/keys/kit.h"

#include <sodium.h>

#include "tests/keys/vectors.h"

static void
points_of_real_keys_are_sound(void **state)
{
    struct bytes published;

    assert_int_equal(base64url_decode(*state, RFC8037_X, strlen(RFC8037_X), &published), OK);
    assert_true(ed25519_point_is_sound(published.at));
    for (uint64_t i = 0; i < 20; i++) {
        struct signing_key key = signing_key_new(*state, JWS_EDDSA, 1 + i);
        uint8_t raw[32];
        size_t size = sizeof(raw);

        assert_int_equal(EVP_PKEY_get_raw_public_key(key.key, raw, &size), 1);
        assert_true(ed25519_point_is_sound(raw));
        EVP_PKEY_free(key.key);
    }
}

static void
jw_16_points_of_small_order_are_not_sound(void **state)
{
    static const char *const cases[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bytes point = unhex(*state, cases[i]);

        assert_int_not_equal(crypto_core_ed25519_is_valid_point(point.at), 1);
        assert_false(ed25519_point_is_sound(point.at));
    }
}

/* The same number plus p: a second spelling. */
static void
a_point_has_one_spelling(void **state)
{
    static const char *const cases[] = {
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_false(ed25519_point_is_sound(unhex(*state, cases[i]).at));
}

/* libsodium refuses more: points of mixed order, which only the owner of the key can make. */
static void
what_libsodium_takes_is_sound_and_what_is_off_the_curve_is_not(void **state)
{
    int off_the_curve = 0;

    for (uint32_t i = 2; i < 400; i++) {
        uint8_t y[32] = { (uint8_t)i, (uint8_t)(i >> 8), 0, 7 };
        uint8_t product[32];
        uint8_t eight[32] = { 8 };
        bool on_curve;

        on_curve = crypto_core_ed25519_add(product, y, y) == 0;
        off_the_curve += !on_curve;
        assert_int_equal(ed25519_point_is_sound(y), on_curve);
        if (on_curve && crypto_scalarmult_ed25519_noclamp(product, eight, y) == 0)
            assert_true(ed25519_point_is_sound(product));
    }
    assert_in_range(off_the_curve, 100, 300);
    (void)state;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(points_of_real_keys_are_sound),
        TEST(jw_16_points_of_small_order_are_not_sound),
        TEST(a_point_has_one_spelling),
        TEST(what_libsodium_takes_is_sound_and_what_is_off_the_curve_is_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
