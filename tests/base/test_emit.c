/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include <jansson.h>

#include "idp/base/emit.h"

static void
members_and_elements_are_parted_by_commas(void **state)
{
    struct buf buf = buf_new(*state, 64);

    emit_object(&buf, NULL);
    emit_text(&buf, "a", "x");
    emit_int(&buf, "b", -7);
    emit_array(&buf, "c");
    emit_bool(&buf, NULL, true);
    emit_object(&buf, NULL);
    emit_object_end(&buf);
    emit_raw(&buf, NULL, "null");
    emit_array_end(&buf);
    emit_list(&buf, "d", " openid  profile ");
    emit_list(&buf, "e", "");
    emit_object_end(&buf);
    assert_string_equal(
        buf.at,
        "{\"a\":\"x\",\"b\":-7,\"c\":[true,{},null],\"d\":[\"openid\",\"profile\"],\"e\":[]}");
}

static void
nothing_to_say_leaves_the_member_out(void **state)
{
    struct buf buf = buf_new(*state, 64);

    emit_object(&buf, NULL);
    emit_text_if(&buf, "a", NULL);
    emit_text_if(&buf, "b", "");
    emit_text_if(&buf, "c", "x");
    emit_object_end(&buf);
    assert_string_equal(buf.at, "{\"c\":\"x\"}");
}

static void
every_character_comes_back_from_a_foreign_parser(void **state)
{
    char text[0x7f + 8];
    struct buf buf = buf_new(*state, 64);
    json_t *root;

    for (int c = 1; c <= 0x7f; c++)
        text[c - 1] = (char)c;
    memcpy(text + 0x7f, "通𠮷", 8);
    emit_object(&buf, NULL);
    emit_text(&buf, text, text);
    emit_object_end(&buf);
    root = json_loadb(buf.at, buf.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(root, text)), text);
    json_decref(root);
}

static void
no_text_can_close_a_script_or_a_line(void **state)
{
    struct buf buf = buf_new(*state, 64);

    emit_text(&buf, NULL, "</script>\r\n\x7f\"\\");
    assert_string_equal(buf.at, "\"\\u003c/script>\\u000d\\u000a\\u007f\\u0022\\u005c\"");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        base_test(members_and_elements_are_parted_by_commas),
        base_test(nothing_to_say_leaves_the_member_out),
        base_test(every_character_comes_back_from_a_foreign_parser),
        base_test(no_text_can_close_a_script_or_a_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
