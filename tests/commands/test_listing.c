/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>

#include "idp/commands/listing.h"

static const struct listing_column columns[] = {
    { "name", CELL_TEXT }, { "how_many", CELL_NUMBER }, { "last_seen", CELL_TIME }, { 0 }
};

static const char *
listed(struct arena *arena, bool json, size_t rows)
{
    static const struct cell cells[][3] = {
        { { .text = "医院" }, { .number = 12 }, { .number = 1795737630 } },
        { { .text = "\"bank\"" }, { .number = 0 }, { .number = 0 } },
        { { 0 }, { 0 }, { 0 } },
    };
    struct call call = { .arena = arena, .said = buf_new(arena, 64), .json = json };
    struct listing listing;

    listing_begin(&call, columns, &listing);
    for (size_t i = 0; i < rows; i++)
        listing_add(&listing, cells[i]);
    listing_end(&listing);
    return call.said.at;
}

static void
people_get_a_table_whose_columns_stand_below_each_other(void **state)
{
    struct arena *arena = arena_new(1 << 16);

    (void)state;
    assert_string_equal(listed(arena, false, 3), "name    how many  last seen\n"
                                                 "医院    12        2026-11-27 08:00:30+08:00\n"
                                                 "\"bank\"  0         -\n"
                                                 "-       0         -\n");
    assert_string_equal(listed(arena, false, 0), "name  how many  last seen\n");
    arena_release(arena);
}

static void
programs_get_an_array_that_leaves_out_what_is_not_known(void **state)
{
    struct arena *arena = arena_new(1 << 16);

    (void)state;
    assert_string_equal(listed(arena, true, 3),
                        "[{\"name\":\"医院\",\"how_many\":12,\"last_seen\":1795737630},"
                        "{\"name\":\"\\u0022bank\\u0022\",\"how_many\":0},{\"how_many\":0}]\n");
    assert_string_equal(listed(arena, true, 0), "[]\n");
    arena_release(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_get_a_table_whose_columns_stand_below_each_other),
        cmocka_unit_test(programs_get_an_array_that_leaves_out_what_is_not_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
