/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/relying_party/p256_inverse.h"

#include "tests/keys/kit.h"

#define ORDER "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"

static void
it_is_the_inverse_that_openssl_finds(void **state)
{
    static const char *const edges[] = {
        "1",
        "2",
        "3",
        "4",
        "ffffffffffffffff",
        "10000000000000000",
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
        "8000000000000000000000000000000000000000000000000000000000000000"
    };
    BN_CTX *pool = BN_CTX_new();
    BIGNUM *order = NULL;
    BIGNUM *number = NULL;
    BIGNUM *ours = BN_new();
    BIGNUM *theirs = BN_new();

    assert_int_not_equal(BN_hex2bn(&order, ORDER), 0);
    for (size_t i = 0; i < 500; i++) {
        if (i < sizeof(edges) / sizeof(edges[0]))
            assert_int_not_equal(BN_hex2bn(&number, edges[i]), 0);
        else
            assert_int_equal(BN_rand_range(number, order), 1);
        assert_true(p256_inverse(number, order, ours));
        assert_non_null(BN_mod_inverse(theirs, number, order, pool));
        assert_int_equal(BN_cmp(ours, theirs), 0);
    }
    BN_free(order);
    BN_free(number);
    BN_free(ours);
    BN_free(theirs);
    BN_CTX_free(pool);
    (void)state;
}

static void
zero_an_even_modulus_and_numbers_too_long_have_none(void **state)
{
    BIGNUM *number = NULL;
    BIGNUM *modulus = NULL;
    BIGNUM *out = BN_new();

    BN_hex2bn(&modulus, ORDER);
    BN_hex2bn(&number, "0");
    assert_false(p256_inverse(number, modulus, out));
    BN_hex2bn(&number, ORDER "00");
    assert_false(p256_inverse(number, modulus, out));
    BN_hex2bn(&number, "3");
    BN_hex2bn(&modulus, "10");
    assert_false(p256_inverse(number, modulus, out));
    BN_free(number);
    BN_free(modulus);
    BN_free(out);
    (void)state;
}

/* Nothing is promised but an end: who asks multiplies and sees. */
static void
a_number_with_a_common_factor_comes_to_an_end(void **state)
{
    BIGNUM *number = NULL;
    BIGNUM *modulus = NULL;
    BIGNUM *out = BN_new();

    BN_hex2bn(&number, "15");
    BN_hex2bn(&modulus, "3f");
    p256_inverse(number, modulus, out);
    BN_free(number);
    BN_free(modulus);
    BN_free(out);
    (void)state;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_the_inverse_that_openssl_finds),
        TEST(zero_an_even_modulus_and_numbers_too_long_have_none),
        TEST(a_number_with_a_common_factor_comes_to_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
