/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/keys/kit.h"

#include "idp/base/text.h"
#include "keys/handle.h"

static void
a_handle_is_256_bits_as_43_characters(void **state)
{
    const char *one;
    const char *two;
    struct bytes bytes;

    assert_int_equal(handle_new(env_machine(), *state, &one), OK);
    assert_int_equal(handle_new(env_machine(), *state, &two), OK);
    assert_int_equal(strlen(one), 43);
    assert_int_equal(base64url_decode(*state, one, 43, &bytes), OK);
    assert_int_equal(bytes.size, 32);
    assert_string_not_equal(one, two);
}

static void
an_id_is_its_prefix_and_22_characters(void **state)
{
    const char *one;
    const char *two;

    assert_int_equal(id_new(env_machine(), *state, "g_", &one), OK);
    assert_int_equal(id_new(env_machine(), *state, "g_", &two), OK);
    assert_true(text_starts(one, "g_"));
    assert_int_equal(strlen(one), 24);
    assert_string_not_equal(one, two);
}

static void
digits_are_as_many_as_asked_and_all_occur(void **state)
{
    const char *digits;
    unsigned seen = 0;

    assert_int_equal(digits_new(env_machine(), *state, 6, &digits), OK);
    assert_int_equal(strlen(digits), 6);
    assert_int_equal(digits_new(env_machine(), *state, 1000, &digits), OK);
    for (size_t i = 0; i < 1000; i++) {
        assert_in_range(digits[i], '0', '9');
        seen |= 1U << (digits[i] - '0');
    }
    assert_int_equal(seen, 0x3ff);
}

static void
letters_are_those_of_the_alphabet_and_all_occur(void **state)
{
    const char *letters;

    assert_int_equal(letters_new(env_machine(), *state, "BCD", 200, &letters), OK);
    assert_int_equal(strspn(letters, "BCD"), 200);
    for (const char *letter = "BCD"; *letter != '\0'; letter++)
        assert_non_null(strchr(letters, *letter));
}

static void
without_randomness_no_name_is_made(void **state)
{
    const char *out = "untouched";

    assert_int_equal(handle_new(env_without_random(), *state, &out), ERR_UNAVAILABLE);
    assert_int_equal(id_new(env_without_random(), *state, "g_", &out), ERR_UNAVAILABLE);
    assert_int_equal(digits_new(env_without_random(), *state, 6, &out), ERR_UNAVAILABLE);
    assert_int_equal(letters_new(env_without_random(), *state, "BCD", 6, &out), ERR_UNAVAILABLE);
    assert_string_equal(out, "untouched");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_handle_is_256_bits_as_43_characters),
        TEST(an_id_is_its_prefix_and_22_characters),
        TEST(digits_are_as_many_as_asked_and_all_occur),
        TEST(letters_are_those_of_the_alphabet_and_all_occur),
        TEST(without_randomness_no_name_is_made),
    };

    return cmocka_run_group_tests_name("handle", tests, NULL, NULL);
}
