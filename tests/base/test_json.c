/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/json.h"

#include "idp/base/buf.h"
#include "idp/base/unwind.h"
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
what_would_cost_too_much_is_not_read(void **state)
{
    char *text = arena_alloc(*state, JSON_BYTES_MAX + 2);
    size_t values = 0;

    memset(text, ' ', JSON_BYTES_MAX);
    memcpy(text, "[1]", 3);
    assert_non_null(json_read(*state, bytes_of_text(text)));
    text[JSON_BYTES_MAX] = ' ';
    assert_null(json_read(*state, bytes_of_text(text)));
    memset(text, 0, JSON_BYTES_MAX);
    text[0] = '[';
    for (values = 0; values <= JSON_VALUES_MAX; values++)
        memcpy(text + 1 + 2 * values, "1,", 2);
    text[2 * values - 2] = ']'; /* one value less, and the array itself */
    text[2 * values - 1] = '\0';
    assert_non_null(json_read(*state, bytes_of_text(text)));
    memcpy(text + 2 * values - 2, ",1]", 4);
    assert_null(json_read(*state, bytes_of_text(text)));
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

/* --- Members --- */

#define OBJECT                                                                                     \
    "{\"text\":\"abc\",\"int\":-7,\"real\":1700000000.75,\"yes\":true,\"null\":null,"              \
    "\"object\":{\"a\":1},\"list\":[\"a\",\"b\"],\"empty\":[],\"mixed\":[\"a\",1],"                \
    "\"blank\":[\"a b\"],\"hollow\":[\"\"],\"aud\":\"x\"}"

static void
a_member_is_what_it_was_asked_for_as(void **state)
{
    const json_t *object = json_read(*state, bytes_of_text(OBJECT));
    const json_t *part;
    const char *text;
    int64_t number;
    unix_s time;
    bool yes;

    assert_true(member_is_there(object, "null"));
    assert_int_equal(member_text(object, "text", 3, &text), OK);
    assert_string_equal(text, "abc");
    assert_int_equal(member_int(object, "int", &number), OK);
    assert_int_equal(number, -7);
    assert_int_equal(member_time(object, "real", &time), OK);
    assert_int_equal(time, 1700000000);
    assert_int_equal(member_bool(object, "yes", &yes), OK);
    assert_true(yes);
    assert_int_equal(member_object(object, "object", &part), OK);
    assert_int_equal(member_int(part, "a", &number), OK);
    assert_int_equal(member_list(object, "list", &part), OK);
    assert_int_equal(member_words(*state, object, "list", 3, &text), OK);
    assert_string_equal(text, "a b");
    assert_int_equal(member_words(*state, object, "empty", 3, &text), OK);
    assert_string_equal(text, "");
}

static void
a_member_of_another_kind_or_beyond_its_bound_is_invalid(void **state)
{
    static const char *const words[] = { "text", "mixed", "blank", "hollow", "object", "null" };
    const json_t *object = json_read(*state, bytes_of_text(OBJECT));
    const json_t *part = NULL;
    const char *text = "untouched";
    int64_t number = 1;
    bool yes = false;

    assert_int_equal(member_text(object, "text", 2, &text), ERR_INVALID);
    assert_int_equal(member_text(object, "int", 9, &text), ERR_INVALID);
    assert_int_equal(member_text(object, "null", 9, &text), ERR_INVALID);
    assert_int_equal(member_int(object, "real", &number), ERR_INVALID);
    assert_int_equal(member_int(object, "text", &number), ERR_INVALID);
    assert_int_equal(member_time(object, "int", &number), ERR_INVALID); /* before 1970 */
    assert_int_equal(member_time(object, "text", &number), ERR_INVALID);
    assert_int_equal(member_bool(object, "int", &yes), ERR_INVALID);
    assert_int_equal(member_object(object, "list", &part), ERR_INVALID);
    assert_int_equal(member_list(object, "object", &part), ERR_INVALID);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        assert_int_equal(member_words(*state, object, words[i], 99, &text), ERR_INVALID);
    assert_int_equal(member_words(*state, object, "list", 2, &text), ERR_INVALID);
    assert_string_equal(text, "untouched");
    assert_int_equal(number, 1);
}

static void
what_is_absent_is_told_apart_from_what_is_wrong(void **state)
{
    const json_t *const objects[] = { json_read(*state, bytes_of_text(OBJECT)),
                                      json_read(*state, bytes_of_text("[1]")), NULL };
    const json_t *part;
    const char *text;
    int64_t number;
    bool yes;

    for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
        assert_false(member_is_there(objects[i], "no"));
        assert_int_equal(member_text(objects[i], "no", 9, &text), ERR_NOT_FOUND);
        assert_int_equal(member_int(objects[i], "no", &number), ERR_NOT_FOUND);
        assert_int_equal(member_time(objects[i], "no", &number), ERR_NOT_FOUND);
        assert_int_equal(member_bool(objects[i], "no", &yes), ERR_NOT_FOUND);
        assert_int_equal(member_object(objects[i], "no", &part), ERR_NOT_FOUND);
        assert_int_equal(member_list(objects[i], "no", &part), ERR_NOT_FOUND);
        assert_int_equal(member_words(*state, objects[i], "no", 9, &text), ERR_NOT_FOUND);
    }
}

static void
a_time_is_from_1970_to_the_end_of_9999(void **state)
{
    static const struct {
        const char *json;
        enum err err;
        int64_t time;
    } cases[] = {
        { "{\"t\":0}", OK, 0 },
        { "{\"t\":0.999}", OK, 0 },
        { "{\"t\":1.7e9}", OK, 1700000000 },
        { "{\"t\":253402300799.9}", OK, 253402300799 },
        { "{\"t\":253402300800}", ERR_INVALID, 0 },
        { "{\"t\":9223372036854775807}", ERR_INVALID, 0 },
        { "{\"t\":1e300}", ERR_INVALID, 0 },
        { "{\"t\":-0.1}", ERR_INVALID, 0 },
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const json_t *object = json_read(*state, bytes_of_text(cases[i].json));
        unix_s time = 0;

        assert_int_equal(member_time(object, "t", &time), cases[i].err);
        assert_int_equal(time, cases[i].time);
    }
}

static void
an_audience_is_one_text_or_a_list(void **state)
{
    static const struct {
        const char *json;
        const char *words; /* NULL: invalid */
    } cases[] = {
        { "{\"aud\":\"a\"}", "a" },
        { "{\"aud\":[\"a\"]}", "a" },
        { "{\"aud\":[\"a\",\"b\"]}", "a b" },
        { "{\"aud\":\"a b\"}", NULL },
        { "{\"aud\":\"\"}", NULL },
        { "{\"aud\":[\"a b\"]}", NULL },
        { "{\"aud\":{}}", NULL },
        { "{\"aud\":[[\"a\"]]}", NULL },
        { "{\"aud\":\"abcdefghi\"}", NULL },
    };
    const char *text;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const json_t *object = json_read(*state, bytes_of_text(cases[i].json));
        enum err err = member_audience(*state, object, 8, &text);

        assert_int_equal(err, cases[i].words != NULL ? OK : ERR_INVALID);
        if (err == OK)
            assert_string_equal(text, cases[i].words);
    }
    assert_int_equal(member_audience(*state, NULL, 8, &text), ERR_NOT_FOUND);
}

static void
a_list_has_a_bounded_number_of_words(void **state)
{
    struct buf buf = buf_new(*state, 512);
    const char *text;

    buf_text(&buf, "{\"aud\":[\"a\"");
    for (size_t i = 1; i < JSON_LIST_MAX; i++)
        buf_text(&buf, ",\"a\"");
    assert_int_equal(
        member_audience(*state,
                        json_read(*state, bytes_of_text(arena_printf(*state, "%s]}", buf.at))),
                        1000, &text),
        OK);
    buf_text(&buf, ",\"a\"]}");
    assert_int_equal(member_audience(*state, json_read(*state, bytes_of_text(buf.at)), 1000, &text),
                     ERR_INVALID);
}

static void
members_are_gone_through_in_their_order(void **state)
{
    const json_t *object = json_read(*state, bytes_of_text("{\"b\":1,\"a\":[]}"));
    const json_t *value;
    void *at = NULL;

    assert_string_equal(member_next(object, &at, &value), "b");
    assert_true(json_is_integer(value));
    assert_string_equal(member_next(object, &at, &value), "a");
    assert_true(json_is_array(value));
    assert_null(member_next(object, &at, &value));
    assert_null(at); /* so that the next walk may begin with it */
    assert_null(member_next(NULL, &at, &value));
    assert_null(member_next(json_read(*state, bytes_of_text("[1]")), &at, &value));
}

static void
what_was_read_is_a_text_again(void **state)
{
    const json_t *object = json_read(*state, bytes_of_text("{ \"b\": { }, \"a\": [ null ] }"));

    assert_string_equal(json_text(*state, object), "{\"b\":{},\"a\":[null]}");
    assert_string_equal(json_text_sorted(*state, object), "{\"a\":[null],\"b\":{}}");
    assert_string_equal(json_text(*state, json_object_get(object, "a")), "[null]");
    assert_null(json_text(*state, json_array_get(json_object_get(object, "a"), 0)));
    assert_null(json_text_sorted(*state, NULL));
}

struct writing {
    struct arena *arena;
    const json_t *value;
};

static void
write_until_full(void *state)
{
    struct writing *writing = state;

    for (;;)
        (void)json_text(writing->arena, writing->value);
}

/* The leak checker sees what nobody owns when the arena has no more to give. */
static void
a_text_that_finds_no_room_is_given_back(void **state)
{
    struct arena *small = arena_new(4096);
    struct writing writing = { small, json_read(*state, bytes_of_text("[1]")) };

    assert_int_equal(unwind_run(write_until_full, &writing), ERR_TOO_LARGE);
    arena_free(small);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        base_test(an_object_or_an_array_is_read),
        base_test(what_two_readers_could_read_differently_is_refused),
        base_test(nesting_is_bounded),
        base_test(brackets_within_texts_do_not_nest),
        base_test(what_would_cost_too_much_is_not_read),
        base_test(a_member_is_what_it_was_asked_for_as),
        base_test(a_member_of_another_kind_or_beyond_its_bound_is_invalid),
        base_test(what_is_absent_is_told_apart_from_what_is_wrong),
        base_test(a_time_is_from_1970_to_the_end_of_9999),
        base_test(an_audience_is_one_text_or_a_list),
        base_test(a_list_has_a_bounded_number_of_words),
        base_test(members_are_gone_through_in_their_order),
        base_test(what_was_read_is_a_text_again),
        base_test(a_text_that_finds_no_room_is_given_back),
        base_test(who_opens_is_told_where_the_mistake_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
