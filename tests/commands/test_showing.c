/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/commands/showing.h"

static const char *
shown(struct arena *arena, bool json)
{
    static const struct listing_column columns[] = { { "kind", CELL_TEXT }, { 0 } };
    struct call call = { .arena = arena, .said = buf_new(arena, 64), .json = json };
    struct listing listing;

    showing_begin(&call);
    showing_text(&call, "some_name", "x");
    showing_text(&call, "nothing", "");
    showing_number(&call, "count", 0);
    showing_time(&call, "since", 1795737630);
    showing_time(&call, "never", 0);
    showing_object(&call, "registration", "{\"a\":[1],\"b_c\":true,\"d\":\"e\"}");
    listing_begin_within(&call, "some_things", columns, &listing);
    listing_add(&listing, (struct cell[]) { { .text = "k" } });
    listing_end(&listing);
    showing_end(&call);
    return call.said.at;
}

static void
people_get_a_line_a_member(void **state)
{
    struct arena *arena = arena_new(1 << 16);

    (void)state;
    assert_string_equal(shown(arena, false), "some name                x\n"
                                             "count                    0\n"
                                             "since                    2026-11-27 08:00:30+08:00\n"
                                             "\nregistration\n"
                                             "a                        [1]\n"
                                             "b c                      true\n"
                                             "d                        \"e\"\n"
                                             "\nsome things\nkind\nk\n");
    arena_release(arena);
}

static void
programs_get_an_object(void **state)
{
    struct arena *arena = arena_new(1 << 16);

    (void)state;
    assert_string_equal(shown(arena, true), "{\"some_name\":\"x\",\"count\":0,\"since\":1795737630,"
                                            "\"registration\":{\"a\":[1],\"b_c\":true,\"d\":\"e\"},"
                                            "\"some_things\":[{\"kind\":\"k\"}]}\n");
    arena_release(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_get_a_line_a_member),
        cmocka_unit_test(programs_get_an_object),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
