/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/sha.h>
#include <string.h>

#include "idp/base/buf.h"
#include "idp/connect/unionpay_message.h"

#define CUSTOMER_INFO                                                                              \
    "e2NlcnRpZlRwPTAxJmNlcnRpZklkPTExMDEwNTE5NDkxMjMxMDAyWCZjdXN0b21lck5tPeW8oOS4iSZwaG9uZU5v"     \
    "PTEzODAwMTM4MDAwfQ=="
#define SECRET "test-secure-key"

static int
setup(void **state)
{
    *state = arena_new(4 << 20);
    return 0;
}

static int
teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static struct unionpay_message
check_message(void)
{
    struct unionpay_message message = { 0 };

    unionpay_put(&message, "version", "5.1.0");
    unionpay_put(&message, "encoding", "UTF-8");
    unionpay_put(&message, "txnType", "72");
    unionpay_put(&message, "txnSubType", "01");
    unionpay_put(&message, "bizType", "001001");
    unionpay_put(&message, "channelType", "07");
    unionpay_put(&message, "accessType", "0");
    unionpay_put(&message, "merId", "777290058110097");
    unionpay_put(&message, "orderId", "V20260101000000001");
    unionpay_put(&message, "txnTime", "20260101080000");
    unionpay_put(&message, "accNo", "6216261000000000018");
    unionpay_put(&message, "customerInfo", CUSTOMER_INFO);
    return message;
}

static enum err
parse(void *arena, const char *text, struct unionpay_message *out)
{
    return unionpay_parse(arena, bytes_of_text(text), out);
}

static void
customer_info_is_wrapped_and_encoded_as_published(void **state)
{
    const struct unionpay_customer customer = { "张三", "11010519491231002X", "13800138000" };
    const char *out;

    assert_int_equal(unionpay_customer_info(*state, &customer, &out), OK);
    assert_string_equal(out, CUSTOMER_INFO);
}

static void
the_string_to_sign_and_its_hash_are_as_published_for_method_01(void **state)
{
    struct unionpay_message message = check_message();

    unionpay_put(&message, "signMethod", "01");
    unionpay_put(&message, "certId", "68759663125");
    assert_string_equal(
        unionpay_string_to_sign(*state, &message),
        "accNo=6216261000000000018&accessType=0&bizType=001001&certId=68759663125&channelType=07&"
        "customerInfo=" CUSTOMER_INFO
        "&encoding=UTF-8&merId=777290058110097&orderId=V20260101000000001&signMethod=01&"
        "txnSubType=01&txnTime=20260101080000&txnType=72&version=5.1.0");
    assert_string_equal(unionpay_digest(*state, &message),
                        "2fee4289ab1a9f604d7de00ccf29ed0c5bd9fb0cb0e1452131254144cc7c9e47");
}

static void
the_signature_is_no_part_of_what_is_signed(void **state)
{
    struct unionpay_message message = check_message();
    const char *before = unionpay_string_to_sign(*state, &message);

    unionpay_put(&message, "signature", "anything");
    assert_string_equal(unionpay_string_to_sign(*state, &message), before);
}

static const char *
sha256_hex(struct arena *arena, const char *text)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];

    SHA256((const unsigned char *)text, strlen(text), digest);
    return hex_encode(arena, bytes_of(digest, sizeof(digest)));
}

/* By signMethod 11, which only the published examples use. */
static const char *
signed_with_secret(struct arena *arena, const struct unionpay_message *message)
{
    const char *text = unionpay_string_to_sign(arena, message);

    return sha256_hex(arena, arena_printf(arena, "%s&%s", text, sha256_hex(arena, SECRET)));
}

static void
a_request_of_method_11_has_the_published_signature_and_body(void **state)
{
    struct unionpay_message message = check_message();
    struct bytes body;

    unionpay_put(&message, "signMethod", "11");
    unionpay_put(&message, "signature", signed_with_secret(*state, &message));
    body = unionpay_body(*state, &message);
    assert_string_equal(unionpay_find(&message, "signature"),
                        "b89e0e60c72aa5ffe8788d33570bb913d285c5fc85279f1a0251319c19c356a7");
    assert_string_equal(
        (const char *)body.at,
        "accNo=6216261000000000018&accessType=0&bizType=001001&channelType=07&customerInfo="
        "e2NlcnRpZlRwPTAxJmNlcnRpZklkPTExMDEwNTE5NDkxMjMxMDAyWCZjdXN0b21lck5tPeW8oOS4iSZwaG9uZU5v"
        "PTEzODAwMTM4MDAwfQ%3D%3D&encoding=UTF-8&merId=777290058110097&orderId=V20260101000000001&"
        "signMethod=11&signature=b89e0e60c72aa5ffe8788d33570bb913d285c5fc85279f1a0251319c19c356a7&"
        "txnSubType=01&txnTime=20260101080000&txnType=72&version=5.1.0");
}

static void
published_replies_parse_and_their_signatures_are_reproduced(void **state)
{
    static const struct {
        const char *result;
        const char *code;
        const char *signature;
    } replies[] = {
        { "respCode=00&respMsg=成功[0000000]", "00",
          "b8160e8a0830aa33d4a0c7b3425c5d3ebd44cb02f367f977b652866e07bd4c74" },
        { "respCode=66&respMsg=持卡人身份信息或手机号不正确[1000066]", "66",
          "e432b479d77cb84488c521036cb8acf51af32d1623e9008cfe595f6740640b37" },
    };

    for (size_t i = 0; i < 2; i++) {
        struct unionpay_message reply;
        const char *text =
            arena_printf(*state,
                         "accessType=0&bizType=001001&encoding=UTF-8&merId=777290058110097&"
                         "orderId=V20260101000000001&%s&signMethod=11&txnSubType=01&"
                         "txnTime=20260101080000&txnType=72&version=5.1.0&signature=%s",
                         replies[i].result, replies[i].signature);

        assert_int_equal(parse(*state, text, &reply), OK);
        assert_string_equal(unionpay_find(&reply, "respCode"), replies[i].code);
        assert_string_equal(signed_with_secret(*state, &reply), unionpay_find(&reply, "signature"));
    }
}

static void
blank_fields_are_left_out_and_a_second_value_replaces_the_first(void **state)
{
    struct unionpay_message message = { 0 };

    unionpay_put(&message, "a", "");
    unionpay_put(&message, "b", NULL);
    unionpay_put(&message, "c", "1");
    unionpay_put(&message, "c", "2");
    assert_string_equal(unionpay_string_to_sign(*state, &message), "c=2");
    assert_null(unionpay_find(&message, "a"));
}

static void
an_element_that_could_add_a_field_is_refused(void **state)
{
    static const char *const names[] = { "张三&phoneNo=13900000000",
                                         "张=三",
                                         "{张三",
                                         "张三}",
                                         "张|三",
                                         "张\n三",
                                         "张\x7f三",
                                         "张\t三",
                                         "",
                                         "\xff\xfe" };
    const char *out;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct unionpay_customer by_name = { names[i], "11010519491231002X", "13800138000" };
        const struct unionpay_customer by_number = { "张三", names[i], "13800138000" };
        const struct unionpay_customer by_phone = { "张三", "11010519491231002X", names[i] };

        assert_int_equal(unionpay_customer_info(*state, &by_name, &out), ERR_INVALID);
        assert_int_equal(unionpay_customer_info(*state, &by_number, &out), ERR_INVALID);
        assert_int_equal(unionpay_customer_info(*state, &by_phone, &out), ERR_INVALID);
    }
}

static void
a_name_is_sent_whole_or_not_at_all(void **state)
{
    struct unionpay_customer customer = { "", "11010519491231002X", "13800138000" };
    struct buf name = buf_new(*state, 33 * 4);
    const char *out;

    for (int i = 0; i < 32; i++)
        buf_text(&name, "𠮷");
    customer.name = name.at;
    assert_int_equal(unionpay_customer_info(*state, &customer, &out), OK);
    buf_text(&name, "𠮷");
    assert_int_equal(unionpay_customer_info(*state, &customer, &out), ERR_INVALID);
}

static void
brackets_hold_separators_as_data(void **state)
{
    struct unionpay_message message;

    assert_int_equal(
        parse(*state, "reserved={a=1&b=[2&3]}&respMsg=x[1&2]&empty=&last=a==", &message), OK);
    assert_int_equal(message.count, 4);
    assert_string_equal(unionpay_find(&message, "reserved"), "{a=1&b=[2&3]}");
    assert_string_equal(unionpay_find(&message, "respMsg"), "x[1&2]");
    assert_string_equal(unionpay_find(&message, "empty"), "");
    assert_string_equal(unionpay_find(&message, "last"), "a==");
}

static void
malformed_replies_are_refused(void **state)
{
    static const char *const replies[] = {
        "",
        "respCode",
        "=00",
        "&respCode=00",
        "respCode=00&",
        "respCode=00&&a=1",
        "respCode=00&respCode=66", /* BK-12 */
        "a={1",
        "a=1}",
        "a={1]",
        "a=[[[[[[[[[1]]]]]]]]]",
        "<html><body>502 Bad Gateway</body></html>",
        "<html lang=zh>x",
        "respCode=\xff\xfe",
        "resp Code=00",
    };
    struct unionpay_message message;

    for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++)
        assert_int_equal(parse(*state, replies[i], &message), ERR_INVALID);
    assert_int_equal(unionpay_parse(*state, bytes_of("a=1\0b", 5), &message), ERR_INVALID);
}

static void
too_many_fields_are_refused(void **state)
{
    struct buf text = buf_new(*state, 1024);
    struct unionpay_message message;

    buf_text(&text, "f0=");
    for (int i = 1; i < UNIONPAY_FIELDS_MAX; i++)
        buf_text(&text, arena_printf(*state, "&f%d=", i));
    assert_int_equal(parse(*state, text.at, &message), OK);
    assert_int_equal(message.count, UNIONPAY_FIELDS_MAX);
    buf_text(&text, "&last=");
    assert_int_equal(parse(*state, text.at, &message), ERR_INVALID);
}

static void
too_many_bytes_are_refused(void **state)
{
    char *text = arena_alloc(*state, UNIONPAY_REPLY_MAX_BYTES + 1);
    struct unionpay_message message;

    memset(text, 'x', UNIONPAY_REPLY_MAX_BYTES + 1);
    memcpy(text, "a=", 2);
    assert_int_equal(unionpay_parse(*state, bytes_of(text, UNIONPAY_REPLY_MAX_BYTES), &message),
                     OK);
    assert_int_equal(unionpay_parse(*state, bytes_of(text, UNIONPAY_REPLY_MAX_BYTES + 1), &message),
                     ERR_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(customer_info_is_wrapped_and_encoded_as_published),
        cmocka_unit_test(the_string_to_sign_and_its_hash_are_as_published_for_method_01),
        cmocka_unit_test(the_signature_is_no_part_of_what_is_signed),
        cmocka_unit_test(a_request_of_method_11_has_the_published_signature_and_body),
        cmocka_unit_test(published_replies_parse_and_their_signatures_are_reproduced),
        cmocka_unit_test(blank_fields_are_left_out_and_a_second_value_replaces_the_first),
        cmocka_unit_test(an_element_that_could_add_a_field_is_refused),
        cmocka_unit_test(a_name_is_sent_whole_or_not_at_all),
        cmocka_unit_test(brackets_hold_separators_as_data),
        cmocka_unit_test(malformed_replies_are_refused),
        cmocka_unit_test(too_many_fields_are_refused),
        cmocka_unit_test(too_many_bytes_are_refused),
    };

    return cmocka_run_group_tests_name("unionpay_message", tests, setup, teardown);
}
