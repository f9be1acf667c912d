/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/http/kit.h"

static enum err
parse(struct http_kit *kit, const char *text, size_t size)
{
    struct params params;
    /* On the heap and of exact size, so that a sanitizer sees an overrun. */
    char *copy = malloc(size > 0 ? size : 1);
    enum err err;

    memcpy(copy, text, size);
    err = params_parse(kit->arena, copy, size, &params);
    free(copy);
    return err;
}

static void
names_and_values_are_decoded(void **state)
{
    struct params params = kit_params(*state, "a=1&b=x+y&c%3D=%e4%b8%ad&d=&e&=f");

    assert_int_equal(params.count, 6);
    assert_string_equal(params_find(&params, "a"), "1");
    assert_string_equal(params_find(&params, "b"), "x y");
    assert_string_equal(params_find(&params, "c="), "\xe4\xb8\xad");
    assert_string_equal(params_find(&params, "d"), "");
    assert_string_equal(params_find(&params, "e"), "");
    assert_string_equal(params_find(&params, ""), "f");
    assert_null(params_find(&params, "A"));
}

static void
nothing_and_empty_pairs_are_fine(void **state)
{
    struct params params = kit_params(*state, "");

    assert_int_equal(params.count, 0);
    assert_null(params_find(&params, "a"));
    params = kit_params(*state, "&&a=1&&b=2&");
    assert_int_equal(params.count, 2);
}

static void
ht_06_bad_escapes_are_refused_without_an_overrun(void **state)
{
    static const char *const bad[] = { "a=%zz",    "a=%",    "a=%4",  "%=1",  "%4",
                                       "a=%4&b=1", "a=%%41", "a=%+1", "a=% 1" };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(parse(*state, bad[i], strlen(bad[i])), ERR_INVALID);
}

static void
ht_07_a_nul_is_refused(void **state)
{
    assert_int_equal(parse(*state, "a=%00", 5), ERR_INVALID);
    assert_int_equal(parse(*state, "a%00=1", 6), ERR_INVALID);
    assert_int_equal(parse(*state, "a=\0b", 4), ERR_INVALID);
}

/* Whoever reads the pair refuses it; strangers' pairs harm nobody. */
static void
a_value_that_is_not_utf8_is_told_from_every_other(void **state)
{
    struct params params = kit_params(*state, "a=%ff&b=&c=%c0%80&d=%CA%A1&e=\xe4\xb8&f=1");

    assert_int_equal(params.count, 6);
    assert_ptr_equal(params_find(&params, "a"), param_unreadable);
    assert_ptr_not_equal(params_find(&params, "b"), param_unreadable);
    assert_ptr_equal(params_find(&params, "c"), param_unreadable);
    assert_string_equal(params_find(&params, "d"), "\xca\xa1");
    assert_ptr_equal(params_find(&params, "e"), param_unreadable);
    assert_string_equal(params_find(&params, "f"), "1");
}

static void
a_name_that_is_not_utf8_is_nobodys(void **state)
{
    struct params params = kit_params(*state, "%ed%a0%80=1&a=2&\xff");

    assert_int_equal(params.count, 1);
    assert_string_equal(params_find(&params, "a"), "2");
}

static void
more_pairs_than_allowed_are_refused(void **state)
{
    char text[4 * (PARAMS_MAX + 1)];

    for (size_t i = 0; i <= PARAMS_MAX; i++)
        memcpy(&text[4 * i], "a=1&", 4);
    assert_int_equal(parse(*state, text, 4 * PARAMS_MAX), OK);
    assert_int_equal(parse(*state, text, sizeof(text)), ERR_INVALID);
}

static void
repeats_are_found_after_decoding(void **state)
{
    struct params params = kit_params(*state, "a=1&b=2&%61=3");

    assert_true(params_have_repeats(&params));
    params = kit_params(*state, "a=1&b=1&A=1");
    assert_false(params_have_repeats(&params));
}

static void
a_key_of_64_kilobytes_is_read_whole(void **state)
{
    size_t size = 65536;
    char *text = malloc(size);
    struct params params;

    memset(text, 'k', size);
    assert_int_equal(params_parse(((struct http_kit *)*state)->arena, text, size, &params), OK);
    assert_int_equal(strlen(params.names[0]), size);
    free(text);
}

static void
packed_pairs_come_back_whatever_they_hold(void **state)
{
    struct http_kit *kit = *state;
    struct params params =
        kit_params(kit, "scope=openid+profile&state=a%3D7%3Ab&nonce=&claims=%7B%7D");
    const char *packed = params_pack(kit->arena, &params);
    struct params again;

    assert_string_equal(packed, "scope=14:openid profilestate=5:a=7:bnonce=0:claims=2:{}");
    assert_int_equal(params_unpack(kit->arena, packed, &again), OK);
    assert_int_equal(again.count, 4);
    assert_string_equal(params_find(&again, "state"), "a=7:b");
    assert_string_equal(params_find(&again, "nonce"), "");
    assert_int_equal(params_unpack(kit->arena, "", &again), OK);
    assert_int_equal(again.count, 0);
}

static void
what_was_not_packed_by_us_is_refused(void **state)
{
    static const char *const bad[] = {
        "a",      "a=",    "a=1",    "a=1:", "a=2:b",
        "a=-1:b", "a=x:b", "a=1:bc", "a=:b", "a=99999999999999999999:b"
    };
    struct params params;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(params_unpack(((struct http_kit *)*state)->arena, bad[i], &params),
                         ERR_INVALID);
}

static void
no_more_pairs_are_unpacked_than_may_be_parsed(void **state)
{
    char text[4 * (PARAMS_MAX + 1) + 1] = "";
    struct params params;

    for (size_t i = 0; i <= PARAMS_MAX; i++)
        memcpy(&text[4 * i], "a=0:", 4);
    assert_int_equal(params_unpack(((struct http_kit *)*state)->arena, text, &params), ERR_INVALID);
    text[4 * PARAMS_MAX] = '\0';
    assert_int_equal(params_unpack(((struct http_kit *)*state)->arena, text, &params), OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_kit(names_and_values_are_decoded),
        in_kit(nothing_and_empty_pairs_are_fine),
        in_kit(ht_06_bad_escapes_are_refused_without_an_overrun),
        in_kit(ht_07_a_nul_is_refused),
        in_kit(a_value_that_is_not_utf8_is_told_from_every_other),
        in_kit(a_name_that_is_not_utf8_is_nobodys),
        in_kit(more_pairs_than_allowed_are_refused),
        in_kit(repeats_are_found_after_decoding),
        in_kit(a_key_of_64_kilobytes_is_read_whole),
        in_kit(packed_pairs_come_back_whatever_they_hold),
        in_kit(what_was_not_packed_by_us_is_refused),
        in_kit(no_more_pairs_are_unpacked_than_may_be_parsed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
