/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/json.h"

#include "tests/base/kit.h"

static const char *
nested(struct arena *arena, size_t depth)
{
    char *text = arena_alloc(arena, 2 * depth + 1);

    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return text;
}

static void
an_object_or_an_array_is_read(void **state)
{
    json_t *value = json_read(*state, bytes_of_text("{\"a\": [1, \"x\"]}"));

    assert_string_equal(json_string_value(json_array_get(json_object_get(value, "a"), 1)), "x");
}

static void
what_two_readers_could_read_differently_is_refused(void **state)
{
    static const char *const bad[] = {
        "",     "1",       "\"text\"", "{\"a\":1,\"a\":2}", "{\"a\":1}x",
        "[1,]", "{'a':1}", "[1e999]",  "[\"\\ud800\"]"
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_null(json_read(*state, bytes_of_text(bad[i])));
}

/* HT-08: depth limit 32. */
static void
nesting_is_bounded(void **state)
{
    assert_non_null(json_read(*state, bytes_of_text(nested(*state, JSON_DEPTH_MAX))));
    assert_null(json_read(*state, bytes_of_text(nested(*state, JSON_DEPTH_MAX + 1))));
    assert_null(json_read(*state, bytes_of_text(nested(*state, 10000))));
}

static void
brackets_within_texts_do_not_nest(void **state)
{
    const char *inner = arena_printf(*state, "[\"\\\"%s\"]", nested(*state, 100));

    assert_non_null(json_read(*state, bytes_of_text(inner)));
}

static void
who_opens_is_told_where_the_mistake_is(void **state)
{
    json_error_t error;

    assert_null(json_open(bytes_of_text("{\n\"a\" 1}"), &error));
    assert_int_equal(error.line, 2);
    assert_null(json_open(bytes_of_text(nested(*state, 100)), &error));
    assert_string_equal(error.text, "nested too deep");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        base_test(an_object_or_an_array_is_read),
        base_test(what_two_readers_could_read_differently_is_refused),
        base_test(nesting_is_bounded),
        base_test(brackets_within_texts_do_not_nest),
        base_test(who_opens_is_told_where_the_mistake_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
