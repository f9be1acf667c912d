/* SPDX-License-Identifier: Apache-2.0 */
/* A real call, signed by somebody else's code, is in tests/clients/conformance_ciba.test.mjs. */
#include "idp/connect/sms_uplink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define SIXTY_FOUR "00000000000000000000000000000000000000000000000000000000000000ff"
#define SCHEME "SMS-UPLINK-HMAC-SHA256 "

static int
setup(void **state)
{
    *state = arena_new((size_t)1 << 20);
    return 0;
}

static int
teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void
a_header_is_taken_apart(void **state)
{
    struct uplink_signature it;

    assert_int_equal(uplink_signature_read(
                         *state,
                         SCHEME "Timestamp=1767225600,Nonce=abcdefghijklmnop,Signature=" SIXTY_FOUR,
                         "secret", bytes_of_text("[]"), &it),
                     OK);
    assert_int_equal(it.at, 1767225600);
    assert_string_equal(it.nonce, "abcdefghijklmnop");
    assert_int_equal(it.given.bytes[31], 0xff);
}

/* Of the secret "secret" and the body "[]", reckoned by hand with openssl dgst. */
static void
the_signature_is_the_one_that_was_agreed(void **state)
{
    static const uint8_t first[] = { 0x81, 0x8a, 0x11, 0xed, 0x71, 0xe0, 0x17, 0xe3 };
    struct uplink_signature it;

    assert_int_equal(uplink_signature_read(
                         *state,
                         SCHEME "Timestamp=1767225600,Nonce=abcdefghijklmnop,Signature=" SIXTY_FOUR,
                         "secret", bytes_of_text("[]"), &it),
                     OK);
    assert_memory_equal(it.expected.bytes, first, sizeof(first));
}

static void
anything_else_is_no_signature(void **state)
{
    static const char *const bad[] = {
        "",
        "Basic YTpi",
        SCHEME "Timestamp=1,Nonce=abcdefghijklmnop",
        SCHEME "Timestamp=x,Nonce=abcdefghijklmnop,Signature=" SIXTY_FOUR,
        SCHEME "Timestamp=-1,Nonce=abcdefghijklmnop,Signature=" SIXTY_FOUR,
        SCHEME "Timestamp=1,Nonce=short,Signature=" SIXTY_FOUR,
        SCHEME "Timestamp=1,Nonce=abcdefghijklmno!,Signature=" SIXTY_FOUR,
        SCHEME "Timestamp=1,Nonce=abcdefghijklmnop,Signature=00",
        SCHEME "Timestamp=1,Nonce=abcdefghijklmnop,Signature=" SIXTY_FOUR "0",
        SCHEME "Timestamp=1,Nonce=abcdefghijklmnop,Signature=" SIXTY_FOUR ",More=1",
        SCHEME "Nonce=abcdefghijklmnop,Timestamp=1,Signature=" SIXTY_FOUR,
        SCHEME "Timestamp=1,Nonce=abcdefghijklmnop,Signature="
               "000000000000000000000000000000000000000000000000000000000000000G",
    };
    struct uplink_signature it;

    assert_int_equal(uplink_signature_read(*state, NULL, "secret", bytes_of_text("[]"), &it),
                     ERR_INVALID);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(uplink_signature_read(*state, bad[i], "secret", bytes_of_text("[]"), &it),
                         ERR_INVALID);
}

static void
a_list_of_messages_is_read(void **state)
{
    struct uplink_list list;

    assert_int_equal(uplink_read(*state, bytes_of_text("[]"), &list), OK);
    assert_int_equal(list.count, 0);
    assert_int_equal(
        uplink_read(*state,
                    bytes_of_text("[{\"phone_number\":\"13800138000\",\"content\":\"1\","
                                  "\"send_time\":\"x\",\"sequence_id\":1,\"dest_code\":\"9\"}]"),
                    &list),
        OK);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.at[0].phone_number, "13800138000");
    assert_string_equal(list.at[0].content, "1");
}

static void
what_is_no_such_list_is_refused(void **state)
{
    static const char *const bad[] = { "",
                                       "{}",
                                       "[1]",
                                       "[{}]",
                                       "[{\"phone_number\":\"1\"}]",
                                       "[{\"phone_number\":1,\"content\":\"1\"}]",
                                       "[{\"phone_number\":\"1\",\"content\":1}]",
                                       "[" };
    struct uplink_list list;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(uplink_read(*state, bytes_of_text(bad[i]), &list), ERR_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_header_is_taken_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(the_signature_is_the_one_that_was_agreed, setup, teardown),
        cmocka_unit_test_setup_teardown(anything_else_is_no_signature, setup, teardown),
        cmocka_unit_test_setup_teardown(a_list_of_messages_is_read, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_such_list_is_refused, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
