/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
/* clang-format on */
#include <cmocka.h>

#include "idp/base/csv.h"

static const char *
cell(struct arena *arena, const char *text)
{
    struct buf out = buf_new(arena, 64);

    csv_cell(&out, text);
    return out.at;
}

static void
cells_are_quoted_and_stand_in_lines(void **state)
{
    struct arena *arena = arena_new(4096);
    struct buf out = buf_new(arena, 64);

    (void)state;
    csv_begin(&out);
    csv_cell(&out, "at");
    csv_cell(&out, "a \"word\", and more");
    csv_cell(&out, NULL);
    csv_line_end(&out);
    csv_cell(&out, "张三");
    csv_line_end(&out);
    assert_string_equal(out.at,
                        "\xef\xbb\xbf\"at\",\"a \"\"word\"\", and more\",\"\"\r\n\"张三\"\r\n");
    arena_free(arena);
}

/* ST-22 */
static void
what_a_table_takes_for_a_formula_is_text(void **state)
{
    static const struct {
        const char *text;
        const char *cell;
    } cases[] = {
        { "=cmd()", "\"'=cmd()\"" },
        { "@SUM(A1)", "\"'@SUM(A1)\"" },
        { "+1", "\"'+1\"" },
        { "-1", "\"'-1\"" },
        { "\t=1", "\"'\t=1\"" },
        { "\r=1", "\"'\r=1\"" },
        { "\n=1", "\"'\n=1\"" },
        { "  =1", "\"'  =1\"" },
        { "＝1", "\"'＝1\"" },
        { "＠a", "\"'＠a\"" },
        { "=HYPERLINK(\"http://a\")", "\"'=HYPERLINK(\"\"http://a\"\")\"" },
        { "1=1", "\"1=1\"" },
        { "a@b", "\"a@b\"" },
        { " ", "\" \"" },
        { "", "\"\"" },
    };
    struct arena *arena = arena_new(8192);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(cell(arena, cases[i].text), cases[i].cell);
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_quoted_and_stand_in_lines),
        cmocka_unit_test(what_a_table_takes_for_a_formula_is_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
