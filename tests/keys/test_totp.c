/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/keys/kit.h"

#include "keys/totp.h"

/* RFC 6238, appendix B, whose codes have eight digits: ours are their last six. */
static struct totp_secret
rfc_secret(void)
{
    struct totp_secret secret;

    memcpy(secret.bytes, "12345678901234567890", sizeof(secret.bytes));
    return secret;
}

static void
the_vectors_of_rfc_6238_hold(void **state)
{
    static const struct {
        unix_s at;
        const char *code;
    } vectors[] = {
        { 59, "287082" },         { 1111111109, "081804" }, { 1111111111, "050471" },
        { 1234567890, "005924" }, { 2000000000, "279037" }, { 20000000000, "353130" },
    };
    const struct totp_secret secret = rfc_secret();
    char code[TOTP_DIGITS + 1];

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        totp_code(&secret, vectors[i].at / TOTP_STEP_S, code);
        assert_string_equal(code, vectors[i].code);
    }
}

static void
a_code_is_good_one_step_before_and_behind_its_own_and_no_further(void **state)
{
    const struct totp_secret secret = rfc_secret();
    const unix_s own = 1111111110; /* the first second of step 37037037 */
    int64_t step = 0;

    (void)state;
    assert_false(totp_fits(&secret, "050471", own - TOTP_STEP_S - 1, &step));
    assert_true(totp_fits(&secret, "050471", own - TOTP_STEP_S, &step));
    assert_true(totp_fits(&secret, "050471", own, &step));
    assert_true(totp_fits(&secret, "050471", own + 2 * TOTP_STEP_S - 1, &step));
    assert_false(totp_fits(&secret, "050471", own + 2 * TOTP_STEP_S, &step));
    assert_int_equal(step, 37037037);
}

static void
a_code_is_read_as_people_type_it(void **state)
{
    static const char *const bad[] = { "", "05047", "0504711", "05047a", "-", "050471050471" };
    const struct totp_secret secret = rfc_secret();
    int64_t step = 0;

    (void)state;
    assert_true(totp_fits(&secret, "050 471", 1111111111, &step));
    assert_true(totp_fits(&secret, "０５０４７１", 1111111111, &step));
    assert_false(totp_fits(&secret, NULL, 1111111111, &step));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(totp_fits(&secret, bad[i], 1111111111, &step));
}

static void
an_authenticator_reads_whose_it_is_and_the_secret_in_base32(void **state)
{
    const struct totp_secret secret = rfc_secret();

    assert_string_equal(totp_base32(*state, &secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_string_equal(totp_uri(*state, &secret, "通行", "zhang wei"),
                        "otpauth://totp/%E9%80%9A%E8%A1%8C:zhang%20wei"
                        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                        "&issuer=%E9%80%9A%E8%A1%8C&algorithm=SHA1&digits=6&period=30");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_vectors_of_rfc_6238_hold),
        TEST(a_code_is_good_one_step_before_and_behind_its_own_and_no_further),
        TEST(a_code_is_read_as_people_type_it),
        TEST(an_authenticator_reads_whose_it_is_and_the_secret_in_base32),
    };

    return cmocka_run_group_tests_name("totp", tests, NULL, NULL);
}
