/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include "idp/base/bytes.h"

/* RFC 4648, 10; base64url without its padding. */
static const struct {
    const char *plain;
    const char *base64;
    const char *base64url;
    const char *hex;
} vectors[] = {
    { "", "", "", "" },
    { "f", "Zg==", "Zg", "66" },
    { "fo", "Zm8=", "Zm8", "666f" },
    { "foo", "Zm9v", "Zm9v", "666f6f" },
    { "foob", "Zm9vYg==", "Zm9vYg", "666f6f62" },
    { "fooba", "Zm9vYmE=", "Zm9vYmE", "666f6f6261" },
    { "foobar", "Zm9vYmFy", "Zm9vYmFy", "666f6f626172" },
    { "\xfb\xff\xfe", "+//+", "-__-", "fbfffe" },
};

static void
assert_bytes(struct bytes found, const char *expected)
{
    assert_int_equal(found.size, strlen(expected));
    assert_memory_equal(found.at, expected, found.size);
}

static void
the_vectors_of_rfc_4648_hold_both_ways(void **state)
{
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        struct bytes plain = bytes_of_text(vectors[i].plain);
        struct bytes back;

        assert_string_equal(base64_encode(*state, plain), vectors[i].base64);
        assert_string_equal(base64url_encode(*state, plain), vectors[i].base64url);
        assert_string_equal(hex_encode(*state, plain), vectors[i].hex);
        assert_int_equal(base64_decode(*state, vectors[i].base64, strlen(vectors[i].base64), &back),
                         OK);
        assert_bytes(back, vectors[i].plain);
        assert_int_equal(
            base64url_decode(*state, vectors[i].base64url, strlen(vectors[i].base64url), &back),
            OK);
        assert_bytes(back, vectors[i].plain);
        assert_int_equal(hex_decode(*state, vectors[i].hex, strlen(vectors[i].hex), &back), OK);
        assert_bytes(back, vectors[i].plain);
    }
}

static void
base64url_has_one_spelling_only(void **state)
{
    static const char *const bad[] = { "Zg==", "Zg=",   "Z",      "Zm9vY", "Zh",     "Zm9",
                                       "+//+", "Zm 9v", "Zm9v\n", "Zm9v.", "Zm9\xc3" };
    struct bytes out;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(base64url_decode(*state, bad[i], strlen(bad[i]), &out), ERR_INVALID);
    assert_int_equal(base64url_decode(*state, "Zm\0v", 4, &out), ERR_INVALID);
}

static void
base64_has_one_spelling_only(void **state)
{
    static const char *const bad[] = { "Zg",   "Zg=",      "Zh==", "Zm9=",     "====",
                                       "Z===", "Zg==Zg==", "-__-", "Zm9v\r\n", "=Zm9" };
    struct bytes out;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(base64_decode(*state, bad[i], strlen(bad[i]), &out), ERR_INVALID);
}

static void
hexadecimal_takes_both_cases_and_whole_bytes(void **state)
{
    struct bytes out;

    assert_int_equal(hex_decode(*state, "fFaA", 4, &out), OK);
    assert_bytes(out, "\xff\xaa");
    assert_int_equal(hex_decode(*state, "abc", 3, &out), ERR_INVALID);
    assert_int_equal(hex_decode(*state, "0g", 2, &out), ERR_INVALID);
    assert_int_equal(hex_decode(*state, "0x", 2, &out), ERR_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        base_test(the_vectors_of_rfc_4648_hold_both_ways),
        base_test(base64url_has_one_spelling_only),
        base_test(base64_has_one_spelling_only),
        base_test(hexadecimal_takes_both_cases_and_whole_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
