/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include <limits.h>

#include "idp/base/buf.h"
#include "idp/base/unwind.h"

static void
it_grows_as_needed_and_is_always_a_text(void **state)
{
    struct buf buf = buf_new(*state, 0);

    assert_string_equal(buf.at, "");
    for (int i = 0; i < 1000; i++) {
        buf_text(&buf, "ab");
        assert_int_equal(buf.at[buf.size], '\0');
    }
    assert_int_equal(buf.size, 2000);
    assert_int_equal(buf_view(&buf).size, 2000);
    assert_int_equal(strspn(buf.at, "ab"), 2000);
}

static void
bytes_may_hold_nul(void **state)
{
    struct buf buf = buf_new(*state, 1);

    buf_bytes(&buf, "a\0b", 3);
    buf_bytes(&buf, NULL, 0);
    assert_int_equal(buf.size, 3);
    assert_memory_equal(buf.at, "a\0b", 4);
}

static void
the_smallest_and_largest_numbers_are_written(void **state)
{
    struct buf buf = buf_new(*state, 1);

    buf_int(&buf, LLONG_MIN);
    buf_char(&buf, ' ');
    buf_int(&buf, LLONG_MAX);
    buf_char(&buf, ' ');
    buf_int(&buf, 0);
    assert_string_equal(buf.at, "-9223372036854775808 9223372036854775807 0");
}

static void
an_address_keeps_unreserved_characters_only(void **state)
{
    struct buf buf = buf_new(*state, 1);

    buf_url(&buf, "aZ09-._~ +&=/?#%\"<通");
    assert_string_equal(buf.at, "aZ09-._~%20%2B%26%3D%2F%3F%23%25%22%3C%E9%80%9A");
}

static void
grow_to_the_end(void *state)
{
    struct buf *buf = state;

    for (;;)
        buf_char(buf, 'x');
}

/* The last step takes what is left instead of another doubling. */
static void
it_grows_beyond_what_doubling_would_allow(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct buf buf = buf_new(arena, 16384);

    assert_int_equal(unwind_run(grow_to_the_end, &buf), ERR_TOO_LARGE);
    assert_true(buf.size > 500000);
    assert_int_equal(strlen(buf.at), buf.size);
    arena_free(arena);
}

static void
base64url_is_appended_at_every_length(void **state)
{
    static const char *const expected[] = { "x",       "xZg",      "xZm8",     "xZm9v",
                                            "xZm9vYg", "xZm9vYmE", "xZm9vYmFy" };

    for (size_t i = 0; i < 7; i++) {
        struct buf buf = buf_new(*state, 0);

        buf_char(&buf, 'x');
        buf_base64url(&buf, bytes_of("foobar", i));
        assert_string_equal(buf.at, expected[i]);
        assert_int_equal(buf.size, strlen(expected[i]));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        base_test(it_grows_as_needed_and_is_always_a_text),
        base_test(it_grows_beyond_what_doubling_would_allow),
        base_test(bytes_may_hold_nul),
        base_test(the_smallest_and_largest_numbers_are_written),
        base_test(an_address_keeps_unreserved_characters_only),
        base_test(base64url_is_appended_at_every_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
