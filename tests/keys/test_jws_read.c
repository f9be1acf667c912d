/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/keys/kit.h"

#include "keys/jws.h"
#include "tests/keys/jws_cases.h"
#include "tests/keys/vectors.h"

static enum err
read_header(struct arena *arena, const char *header)
{
    const char *input = signing_input(arena, header, "{}");
    struct jws jws;

    return jws_read(arena, arena_printf(arena, "%s.AA", input), &jws);
}

static void
a_token_is_taken_apart(void **state)
{
    struct jws jws;

    assert_int_equal(jws_read(*state, RFC7515_A3_TOKEN, &jws), OK);
    assert_string_equal(jws.alg, "ES256");
    assert_string_equal(jws.typ, "");
    assert_string_equal(jws.kid, "");
    assert_bytes(jws.payload, bytes_of_text(RFC7515_CLAIMS));
    assert_int_equal(jws.signature.size, 64);
    assert_int_equal(jws.signing_input_size, strlen(RFC7515_A3_TOKEN) - 87);
}

static void
a_payload_may_be_any_bytes(void **state)
{
    struct jws jws;

    assert_int_equal(jws_read(*state, "eyJhbGciOiJFUzI1NiJ9._wD-.AA", &jws), OK);
    assert_bytes(jws.payload, bytes_of("\xff\x00\xfe", 3));
}

static void
there_are_exactly_three_segments_and_none_is_empty(void **state)
{
    static const char head[] = "eyJhbGciOiJFUzI1NiJ9";
    struct jws jws;

    assert_int_equal(jws_read(*state, arena_printf(*state, "%s.AA.AA", head), &jws), OK);
    for (size_t i = 0; i < CASES_OF(bad_shapes); i++) {
        const char *mark = strstr(bad_shapes[i], "%s");
        const char *token = mark == NULL
                                ? bad_shapes[i]
                                : arena_printf(*state, "%.*s%s%s", (int)(mark - bad_shapes[i]),
                                               bad_shapes[i], head, mark + 2);

        assert_int_equal(jws_read(*state, token, &jws), ERR_INVALID);
    }
}

static void
jw_05_a_kid_is_text_and_names_nothing_here(void **state)
{
    struct jws jws;
    const char *odd =
        signing_input(*state, "{\"alg\":\"ES256\",\"kid\":\"../../dev/null' OR 1=1--\"}", "{}");
    char *huge = arena_alloc(*state, 65537);

    assert_int_equal(jws_read(*state, arena_printf(*state, "%s.AA", odd), &jws), OK);
    assert_string_equal(jws.kid, "../../dev/null' OR 1=1--");
    memset(huge, 'k', 65536);
    assert_int_equal(
        read_header(*state, arena_printf(*state, "{\"alg\":\"ES256\",\"kid\":\"%s\"}", huge)),
        ERR_INVALID);
}

static void
jw_07_crit_in_any_form_is_refused(void **state)
{
    for (size_t i = 0; i < CASES_OF(crit_values); i++)
        assert_int_equal(read_header(*state, arena_printf(*state, "{\"alg\":\"ES256\",\"crit\":%s}",
                                                          crit_values[i])),
                         ERR_INVALID);
}

static void
jw_08_jw_09_a_header_that_says_more_or_twice_or_no_known_alg_is_refused(void **state)
{
    assert_int_equal(read_header(*state, " {\"alg\":\"HS256\"} "), OK);
    for (size_t i = 0; i < CASES_OF(bad_headers); i++)
        assert_int_equal(read_header(*state, bad_headers[i]), ERR_INVALID);
}

static void
jw_18_base64url_has_one_spelling(void **state)
{
    struct jws jws;

    for (size_t i = 0; i < CASES_OF(bad_tails); i++)
        assert_int_equal(
            jws_read(*state, arena_printf(*state, "%s%s", RFC7515_A2_TOKEN, bad_tails[i]), &jws),
            ERR_INVALID);
    for (size_t i = 0; i < CASES_OF(bad_spellings); i++)
        assert_int_equal(jws_read(*state, bad_spellings[i], &jws), ERR_INVALID);
}

static void
jw_18_the_last_character_has_one_spelling(void **state)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char *token = arena_text(*state, RFC7515_A3_TOKEN);
    char *last = token + strlen(token) - 1;
    struct jws jws;
    int readable = 0;

    for (size_t i = 0; i < 64; i++) {
        *last = alphabet[i];
        readable += jws_read(*state, token, &jws) == OK;
    }
    assert_int_equal(readable, 4); /* 64 bytes leave four spare bits: the other two count */
}

static void
jw_19_huge_tokens_are_refused_before_they_cost_anything(void **state)
{
    char *dots = arena_alloc(*state, 10001);
    char *megabyte = arena_alloc(*state, (1 << 20) + 1);
    size_t used;
    struct jws jws;

    memset(dots, '.', 10000);
    memset(megabyte, 'A', 1 << 20);
    memcpy(megabyte, "eyJhbGciOiJFUzI1NiJ9.", 21);
    used = arena_used(*state);
    assert_int_equal(jws_read(*state, dots, &jws), ERR_INVALID);
    assert_int_equal(jws_read(*state, megabyte, &jws), ERR_INVALID);
    assert_true(arena_used(*state) - used < 65536);
}

static void
a_token_of_16_kb_is_the_longest(void **state)
{
    char *payload = arena_alloc(*state, JWS_MAX_BYTES);
    struct jws jws;

    memset(payload, 'A', 16360); /* a multiple of four, as 20 + 1 + 16360 + 1 + 2 makes 16384 */
    assert_int_equal(
        jws_read(*state, arena_printf(*state, "eyJhbGciOiJFUzI1NiJ9.%s.AA", payload), &jws), OK);
    assert_int_equal(
        jws_read(*state, arena_printf(*state, "eyJhbGciOiJFUzI1NiJ9.%s.AAA", payload), &jws),
        ERR_INVALID);
}

static void
a_deeply_nested_header_is_refused(void **state)
{
    char *deep = arena_alloc(*state, 6001);

    memset(deep, '[', 3000);
    memset(deep + 3000, ']', 3000);
    assert_int_equal(
        read_header(*state, arena_printf(*state, "{\"alg\":\"ES256\",\"x\":%s}", deep)),
        ERR_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_token_is_taken_apart),
        TEST(a_payload_may_be_any_bytes),
        TEST(there_are_exactly_three_segments_and_none_is_empty),
        TEST(jw_05_a_kid_is_text_and_names_nothing_here),
        TEST(jw_07_crit_in_any_form_is_refused),
        TEST(jw_08_jw_09_a_header_that_says_more_or_twice_or_no_known_alg_is_refused),
        TEST(jw_18_base64url_has_one_spelling),
        TEST(jw_18_the_last_character_has_one_spelling),
        TEST(jw_19_huge_tokens_are_refused_before_they_cost_anything),
        TEST(a_token_of_16_kb_is_the_longest),
        TEST(a_deeply_nested_header_is_refused),
    };

    return cmocka_run_group_tests_name("jws_read", tests, NULL, NULL);
}
