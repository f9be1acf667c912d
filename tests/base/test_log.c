/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include <fcntl.h>
#include <jansson.h>

#include "idp/base/log.h"

static int ends[2];

static int
catch_lines(void **state)
{
    base_setup(state);
    assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    log_set_fd(ends[1]);
    log_set_level(LOG_INFO);
    return 0;
}

static int
let_go(void **state)
{
    log_set_fd(STDERR_FILENO);
    log_set_request(NULL, NULL);
    close(ends[0]);
    close(ends[1]);
    return base_teardown(state);
}

/* All that was written; "" for nothing. */
static const char *
lines(struct arena *arena)
{
    char text[16384];
    ssize_t size = read(ends[0], text, sizeof(text));

    return arena_copy(arena, text, size > 0 ? (size_t)size : 0);
}

static json_t *
only_line(struct arena *arena)
{
    const char *text = lines(arena);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

    assert_non_null(root);
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
    return root;
}

static const char *
member(json_t *root, const char *name)
{
    return json_string_value(json_object_get(root, name));
}

static void
a_line_is_one_json_object(void **state)
{
    json_t *root;

    log_line(LOG_WARN, "bank.unknown", log_text("order", "TX1"), log_int("ms", -5),
             log_text("none", NULL));
    root = only_line(*state);
    assert_string_equal(member(root, "level"), "warn");
    assert_string_equal(member(root, "event"), "bank.unknown");
    assert_string_equal(member(root, "order"), "TX1");
    assert_string_equal(member(root, "none"), "");
    assert_int_equal(json_integer_value(json_object_get(root, "ms")), -5);
    json_decref(root);
}

/* HT-12 */
static void
nothing_in_a_value_makes_a_second_line_or_member(void **state)
{
    static const char evil[] = "x\r\n{\"level\":\"error\"}\x1b[31m\",\"admin\":\"yes\\\t\x7f";
    json_t *root;

    log_line(LOG_INFO, "login", log_text("agent", evil));
    root = only_line(*state);
    assert_string_equal(member(root, "agent"), evil);
    assert_null(json_object_get(root, "admin"));
    assert_string_equal(member(root, "level"), "info");
    json_decref(root);
}

static void
escape_codes_are_written_out(void **state)
{
    const char *text;

    log_line(LOG_INFO, "login", log_text("agent", "\x1b[2J\x7f"));
    text = lines(*state);
    assert_non_null(strstr(text, "\\u001b[2J\\u007f"));
    assert_null(strchr(text, '\x1b'));
}

static void
a_long_value_is_cut(void **state)
{
    char *longest = arena_alloc(*state, 2001);
    json_t *root;

    memset(longest, 'a', 2000);
    log_line(LOG_INFO, "e", log_text("v", longest));
    root = only_line(*state);
    assert_int_equal(strlen(member(root, "v")), 512);
    json_decref(root);
}

static void
a_long_value_is_cut_between_characters(void **state)
{
    struct arena *arena = *state;
    char *longest = arena_alloc(arena, 1024);
    json_t *root;

    longest[0] = 'a';
    for (int i = 0; i < 300; i++)
        memcpy(longest + 1 + 3 * i, "通", 3);
    log_line(LOG_INFO, "e", log_text("v", longest));
    root = only_line(arena);
    assert_int_equal(strlen(member(root, "v")), 1 + 3 * 170);
    json_decref(root);
}

/* Six bytes for each, once escaped: not all of it fits. */
static void
a_line_that_would_be_too_long_leaves_whole_fields_out(void **state)
{
    char *evil = arena_alloc(*state, 513);
    json_t *root;

    memset(evil, '"', 512);
    log_line(LOG_INFO, "e", log_text("a", evil), log_text("b", evil), log_int("c", 7));
    root = only_line(*state);
    assert_string_equal(member(root, "a"), evil);
    assert_null(json_object_get(root, "b"));
    assert_int_equal(json_integer_value(json_object_get(root, "c")), 7);
    json_decref(root);
}

static void
lines_below_the_level_are_dropped(void **state)
{
    log_line(LOG_DEBUG, "quiet", log_int("n", 1));
    assert_string_equal(lines(*state), "");
    log_set_level(LOG_DEBUG);
    log_line(LOG_DEBUG, "loud", log_int("n", 1));
    assert_non_null(strstr(lines(*state), "loud"));
}

static void
the_request_is_named_in_each_line_until_it_ends(void **state)
{
    json_t *root;

    log_set_request("r-1", "0abc");
    log_fields(LOG_INFO, "e", NULL);
    root = only_line(*state);
    assert_string_equal(member(root, "request_id"), "r-1");
    assert_string_equal(member(root, "trace_id"), "0abc");
    json_decref(root);
    log_set_request(NULL, NULL);
    log_fields(LOG_INFO, "e", NULL);
    assert_null(strstr(lines(*state), "request_id"));
}

static void
nobody_who_listens_is_no_failure(void **state)
{
    (void)state;
    log_set_fd(-1);
    log_line(LOG_ERROR, "lost", log_int("n", 1));
}

#define log_test(name) cmocka_unit_test_setup_teardown(name, catch_lines, let_go)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        log_test(a_line_is_one_json_object),
        log_test(nothing_in_a_value_makes_a_second_line_or_member),
        log_test(escape_codes_are_written_out),
        log_test(a_long_value_is_cut),
        log_test(a_long_value_is_cut_between_characters),
        log_test(a_line_that_would_be_too_long_leaves_whole_fields_out),
        log_test(lines_below_the_level_are_dropped),
        log_test(the_request_is_named_in_each_line_until_it_ends),
        log_test(nobody_who_listens_is_no_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
