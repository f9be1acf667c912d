/* SPDX-License-Identifier: Apache-2.0 */
/* WeChat's answers, read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "idp/connect/wechat_answer.h"

static enum wechat_outcome
read_as(struct arena *arena, const char *text, bool with_secret, struct wechat_answer *out)
{
    return wechat_answer_read(arena, bytes_of_text(text), with_secret, out);
}

static void
every_code_has_the_class_of_the_table(void **state)
{
    static const struct {
        int code;
        enum wechat_outcome outcome;
    } cases[] = {
        { 0, WECHAT_DONE },
        { -1, WECHAT_BUSY },
        { 40001, WECHAT_TOKEN_BAD },
        { 40014, WECHAT_TOKEN_BAD },
        { 42001, WECHAT_TOKEN_BAD },
        { 40013, WECHAT_MISCONFIGURED },
        { 40125, WECHAT_MISCONFIGURED },
        { 40243, WECHAT_MISCONFIGURED },
        { 10003, WECHAT_MISCONFIGURED },
        { 40029, WECHAT_CODE_BAD },
        { 40163, WECHAT_CODE_BAD },
        { 42003, WECHAT_CODE_BAD },
        { 41008, WECHAT_CODE_BAD },
        { 40030, WECHAT_UNLINKED },
        { 42002, WECHAT_UNLINKED },
        { 42007, WECHAT_UNLINKED },
        { 40226, WECHAT_REFUSED },
        { 45011, WECHAT_LIMITED },
        { 40003, WECHAT_FAULT },
        { 41001, WECHAT_FAULT },
        { 41009, WECHAT_FAULT },
        { 48001, WECHAT_FAULT },
        { 99999, WECHAT_FAULT },
    };
    struct arena *arena = arena_new(1 << 20);
    struct wechat_answer answer;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *text = arena_printf(arena, "{\"errcode\":%d,\"errmsg\":\"x\"}", cases[i].code);

        assert_int_equal(read_as(arena, text, false, &answer), cases[i].outcome);
        assert_non_null(wechat_outcome_name(cases[i].outcome));
    }
    assert_int_equal(read_as(arena, "{\"errcode\":40001}", true, &answer), WECHAT_MISCONFIGURED);
    arena_free(arena);
}

static void
what_is_no_answer_proves_nothing(void **state)
{
    static const char *const texts[] = {
        "",
        "null",
        "[]",
        "[{\"openid\":\"o1\"}]",
        "{\"openid\":1}",
        "{\"openid\":\"o1\",\"openid\":\"o2\"}",
        "{\"openid\":\"o\\n1\"}",
        "{\"openid\":\"o 1\"}",
        "{\"openid\":\"\\u5f20\"}",
        "{\"unionid\":[]}",
        "{\"errcode\":\"0\"}",
        "{\"expires_in\":-1}",
        "{\"expires_in\":99999999999}",
        "{\"openid\":\"o1\"",
        "<html>",
    };
    struct arena *arena = arena_new(1 << 20);
    struct wechat_answer answer;

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_int_equal(read_as(arena, texts[i], false, &answer), WECHAT_UNKNOWN);
    arena_free(arena);
}

static void
what_is_too_long_is_no_answer_and_a_long_name_is_left_out(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct wechat_answer answer;
    char name[512];

    (void)state;
    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    assert_int_equal(
        read_as(arena, arena_printf(arena, "{\"openid\":\"%s\"}", name), false, &answer),
        WECHAT_UNKNOWN);
    assert_int_equal(read_as(arena,
                             arena_printf(arena, "{\"openid\":\"o1\",\"nickname\":\"%s\"}", name),
                             false, &answer),
                     WECHAT_DONE);
    assert_string_equal(answer.nickname, "");
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_the_class_of_the_table),
        cmocka_unit_test(what_is_no_answer_proves_nothing),
        cmocka_unit_test(what_is_too_long_is_no_answer_and_a_long_name_is_left_out),
    };

    return cmocka_run_group_tests_name("wechat_answer", tests, NULL, NULL);
}
