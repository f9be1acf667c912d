/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "keys/attest.h"

#define ARENA_LIMIT ((size_t)64 * 1024)

/* RFC 8032, 7.1, test 1: the secret, its public half, and the signature of nothing. */
static const struct key32 secret = { { 0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60,
                                       0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
                                       0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19,
                                       0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60 } };
static const char public_hex[] = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
static const char signature_hex[] =
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b4"
    "6bd25bf5f0595bbe24655141438e7a100b";

static int
arena_setup(void **state)
{
    *state = arena_new(ARENA_LIMIT);
    return 0;
}

static int
arena_teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static const char *
base64url_of_hex(struct arena *arena, const char *hex)
{
    struct bytes bytes;

    assert_int_equal(hex_decode(arena, hex, strlen(hex), &bytes), OK);
    return base64url_encode(arena, bytes);
}

static void
a_statement_is_signed_as_rfc_8032_has_it(void **state)
{
    struct arena *arena = *state;
    const char *text;

    assert_int_equal(attest_sign(arena, &secret, "", &text), OK);
    assert_string_equal(text, base64url_of_hex(arena, signature_hex));
    assert_int_equal(attest_public(arena, &secret, &text), OK);
    assert_string_equal(text, base64url_of_hex(arena, public_hex));
}

static void
only_our_signature_over_that_text_holds(void **state)
{
    struct arena *arena = *state;
    struct key32 other = { { 1 } };
    const char *signature;

    assert_int_equal(attest_sign(arena, &secret, "so it is", &signature), OK);
    assert_int_equal(attest_check(arena, &secret, "so it is", signature), OK);
    assert_int_equal(attest_check(arena, &secret, "so it was", signature), ERR_FORGED);
    assert_int_equal(attest_check(arena, &other, "so it is", signature), ERR_FORGED);
    assert_int_equal(attest_check(arena, &secret, "so it is", signature + 4), ERR_FORGED);
    assert_int_equal(attest_check(arena, &secret, "so it is", ""), ERR_FORGED);
    assert_int_equal(attest_check(arena, &secret, "so it is", "!"), ERR_FORGED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_statement_is_signed_as_rfc_8032_has_it, arena_setup,
                                        arena_teardown),
        cmocka_unit_test_setup_teardown(only_our_signature_over_that_text_holds, arena_setup,
                                        arena_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
