/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka wants these before it, in this order. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>

#include "policies/staff_id.h"

static int
setup(void **state)
{
    *state = arena_new(1 << 16);
    return 0;
}

static int
teardown(void **state)
{
    arena_free(*state);
    return 0;
}

/* ST-08: one spelling of all of these. */
static void
st_08_capitals_full_width_and_blanks_make_no_other_id(void **state)
{
    static const char *const spellings[] = {
        "zhang-3@yx",   "ZHANG-3@YX",           " zhang-3@yx",
        "zhang-3@yx\t", "ｚｈａｎｇ－３＠ｙｘ", "　Zhang-3@yx\xc2\xa0",
    };

    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
        assert_string_equal(staff_id_canonical(*state, spellings[i]), "zhang-3@yx");
}

static void
whatever_else_is_no_staff_id(void **state)
{
    static const char *const others[] = {
        "",
        " ",
        "zhang wei",
        "-zhang",
        ".zhang",
        "@zhang",
        "*",
        "zhang*",
        "zhang)",
        "zhang,ou=x",
        "zh\xc3\xa4ng",
        "张三",
        "\xf0\x9d\x93\xa9hang",
        "zhang\xe2\x80\x8b",
        "zhang\x01",
        "zhang\xff",
        "zhang/x",
        "zhang\\2a",
    };

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_null(staff_id_canonical(*state, others[i]));
}

static void
sixty_four_characters_are_the_most(void **state)
{
    char id[STAFF_ID_MAX + 2] = "";

    for (size_t i = 0; i < STAFF_ID_MAX; i++)
        id[i] = 'a';
    assert_string_equal(staff_id_canonical(*state, id), id);
    id[STAFF_ID_MAX] = 'a';
    assert_null(staff_id_canonical(*state, id));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(st_08_capitals_full_width_and_blanks_make_no_other_id,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(whatever_else_is_no_staff_id, setup, teardown),
        cmocka_unit_test_setup_teardown(sixty_four_characters_are_the_most, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
