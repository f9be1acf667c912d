/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/base/buf.h"
#include "policies/card_batch.h"

static struct card_batch batch;

static int
setup(void **state)
{
    *state = arena_new((size_t)1 << 20);
    return 0;
}

static int
teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void
lines_are_a_code_and_a_time(void **state)
{
    assert_int_equal(card_batch_parse(*state, "a.b.c 1700000000\nd.e.f 1700000001\r\n", &batch),
                     OK);
    assert_int_equal(batch.count, 2);
    assert_string_equal(batch.at[0].code, "a.b.c");
    assert_int_equal(batch.at[0].scanned_at, 1700000000);
    assert_string_equal(batch.at[1].code, "d.e.f");
    assert_int_equal(batch.at[1].scanned_at, 1700000001);
    assert_int_equal(card_batch_parse(*state, "a.b.c 1", &batch), OK);
    assert_int_equal(batch.count, 1);
}

static void
a_code_that_stood_before_is_known_for_it(void **state)
{
    assert_int_equal(card_batch_parse(*state, "a 1\nb 2\na 3\na 1\n", &batch), OK);
    assert_false(batch.at[0].repeats);
    assert_false(batch.at[1].repeats);
    assert_true(batch.at[2].repeats);
    assert_true(batch.at[3].repeats);
}

static void
what_has_another_form_is_none(void **state)
{
    static const char *const texts[] = {
        "",     "\n",         "a",     "a ",     "a 0",  "a -1",  "a x",
        " 1",   "a 1\n\nb 2", "a 1 2", "a 1\nb", "a  1", "a 1e3", "a 99999999999999999999",
        "a\t1", "a 1\rb 2",   "a 1.5"
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_int_equal(card_batch_parse(*state, texts[i], &batch), ERR_INVALID);
}

static void
more_than_200_lines_are_none(void **state)
{
    struct buf text = buf_new(*state, 4096);

    for (int i = 0; i < CARD_BATCH_MAX; i++)
        buf_text(&text, arena_printf(*state, "c%d 1\n", i));
    assert_int_equal(card_batch_parse(*state, text.at, &batch), OK);
    assert_int_equal(batch.count, CARD_BATCH_MAX);
    buf_text(&text, "one 1");
    assert_int_equal(card_batch_parse(*state, text.at, &batch), ERR_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_are_a_code_and_a_time, setup, teardown),
        cmocka_unit_test_setup_teardown(a_code_that_stood_before_is_known_for_it, setup, teardown),
        cmocka_unit_test_setup_teardown(what_has_another_form_is_none, setup, teardown),
        cmocka_unit_test_setup_teardown(more_than_200_lines_are_none, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
