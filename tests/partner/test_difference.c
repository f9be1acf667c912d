/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "idp/partner/difference.h"

static const char *
difference(struct arena *arena, const char *before, const char *after)
{
    struct buf out = buf_new(arena, 256);

    profile_difference_write(&out, before, after);
    return out.at;
}

static void
a_member_is_told_as_it_was_and_as_it_will_be(void **state)
{
    struct arena *arena = *state;

    assert_string_equal(difference(arena, "{\"a\":\"x\",\"b\":true,\"c\":[1],\"d\":7}",
                                   "{\"a\":\"y\",\"b\":false,\"c\":[1,2],\"d\":8}"),
                        "  a: \"x\" → \"y\"\n  b: true → false\n  c: [1] → [1,2]\n  d: 7 → 8\n");
    assert_string_equal(difference(arena, "{\"a\":1,\"b\":2}", "{\"b\":2,\"c\":3}"),
                        "  c: (none) → 3\n  a: 1 → (none)\n");
    assert_string_equal(difference(arena, "{\"a\":1}", "{\"a\":1}"), "");
}

static void
what_is_long_is_cut_between_characters(void **state)
{
    struct arena *arena = *state;
    struct buf after = buf_new(arena, 2048);
    const char *told;

    buf_text(&after, "{\"a\":\"");
    for (int i = 0; i < 300; i++)
        buf_text(&after, "名");
    buf_text(&after, "\"}");
    told = difference(arena, "{}", after.at);
    assert_int_equal(strlen(told), strlen("  a: (none) → \"") + 199 * strlen("名") + strlen("…\n"));
    assert_true(strstr(told, "名…\n") != NULL);
}

static int
setup(void **state)
{
    *state = arena_new(1 << 20);
    return 0;
}

static int
teardown(void **state)
{
    arena_free(*state);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_member_is_told_as_it_was_and_as_it_will_be, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_is_long_is_cut_between_characters, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
