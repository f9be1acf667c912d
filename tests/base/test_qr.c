/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "idp/base/qr.h"
#include "idp/base/unwind.h"

#define MOST 185 /* version 40 and its quiet zone */
#define QUIET 4

static struct {
    struct arena *arena;
    const char *text;
    struct qr qr;
    bool dark[MOST][MOST];
} f;

static int
start(void **state)
{
    (void)state;
    f.arena = arena_new(1 << 20);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    arena_free(f.arena);
    return 0;
}

static int
number(const char **at)
{
    char *end;
    long n = strtol(*at, &end, 10);

    assert_ptr_not_equal(*at, end);
    *at = end;
    return (int)n;
}

/* What a browser paints of the path, read by a reader of our own. */
static void
paint(void)
{
    const char *at = f.qr.path;
    int x = 0, y = 0;

    memset(f.dark, 0, sizeof(f.dark));
    while (*at != '\0') {
        char step = *at++;
        int n = number(&at);

        if (step == 'M' || step == 'm') {
            x = step == 'M' ? n : x + n;
            y = step == 'M' ? number(&at) : y + number(&at);
            continue;
        }
        assert_int_equal(step, 'h');
        for (; n > 0; n--) {
            assert_true(x < MOST && y < MOST);
            f.dark[y][x++] = true;
        }
    }
}

static void
assert_finder(int left, int top)
{
    static const char rows[7][8] = { "#######", "#     #", "# ### #", "# ### #",
                                     "# ### #", "#     #", "#######" };

    for (int y = 0; y < 7; y++)
        for (int x = 0; x < 7; x++)
            assert_int_equal(f.dark[top + y][left + x], rows[y][x] == '#');
}

static void
a_code_has_its_three_corners_and_a_quiet_zone_around_it(void **state)
{
    (void)state;
    f.qr = qr_draw(f.arena, "https://id.example/q/abc");
    paint();

    assert_int_equal(f.qr.size, 25 + 2 * QUIET); /* version 2 */
    assert_finder(QUIET, QUIET);
    assert_finder(f.qr.size - QUIET - 7, QUIET);
    assert_finder(QUIET, f.qr.size - QUIET - 7);
    for (int i = 0; i < MOST; i++) {
        for (int q = 0; q < QUIET; q++)
            assert_false(f.dark[q][i] || f.dark[i][q]);
        assert_false(f.dark[f.qr.size - QUIET][i] || f.dark[i][f.qr.size - QUIET]);
    }
}

static void
the_path_holds_nothing_that_a_page_would_have_to_escape(void **state)
{
    (void)state;
    f.qr = qr_draw(f.arena, "\"'><svg onload=alert(1)>&");

    assert_int_equal(strspn(f.qr.path, "Mmh 0123456789"), strlen(f.qr.path));
}

static void
draw(void *state)
{
    (void)state;
    f.qr = qr_draw(f.arena, f.text);
}

static void
the_longest_text_is_drawn_and_a_longer_one_ends_the_work(void **state)
{
    char text[QR_TEXT_MAX_BYTES + 2];

    (void)state;
    memset(text, 'a', sizeof(text));
    text[QR_TEXT_MAX_BYTES] = '\0';
    f.text = text;
    assert_int_equal(unwind_run(draw, NULL), OK);
    assert_true(f.qr.size <= 105 + 2 * QUIET); /* 360 px are 3 for each module */

    text[QR_TEXT_MAX_BYTES] = 'a';
    text[QR_TEXT_MAX_BYTES + 1] = '\0';
    assert_int_equal(unwind_run(draw, NULL), ERR_TOO_LARGE);
    f.text = "";
    assert_int_equal(unwind_run(draw, NULL), ERR_TOO_LARGE); /* there is no code of nothing */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_has_its_three_corners_and_a_quiet_zone_around_it),
        cmocka_unit_test(the_path_holds_nothing_that_a_page_would_have_to_escape),
        cmocka_unit_test(the_longest_text_is_drawn_and_a_longer_one_ends_the_work),
    };

    return cmocka_run_group_tests(tests, start, end);
}
