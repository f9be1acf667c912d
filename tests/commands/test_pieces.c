/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/commands/pieces.h"
#include "tests/commands/kit.h"

/* The whole file, piece by piece; how many pieces there were. */
static int
read_whole(struct call *call, struct pieces *pieces, struct buf *out)
{
    int count = 0;

    for (;;) {
        assert_null(pieces_read(pieces, call));
        if (call->piece.size == 0)
            return count;
        buf_bytes(out, call->piece.at, call->piece.size);
        count++;
    }
}

static struct call
a_call(void)
{
    struct arena *arena = arena_new(64U << 20);

    return (struct call) { .arena = arena, .said = buf_new(arena, 64), .file = "lines" };
}

static void
pieces_are_whole_lines_and_together_the_file(void **state)
{
    struct call call = a_call();
    struct pieces pieces = { 0 };
    struct buf whole = buf_new(call.arena, 1 << 20);
    struct buf got = buf_new(call.arena, 1 << 20);

    (void)state;
    for (int i = 0; i < 30000; i++)
        buf_text(&whole, "a line of some length\n");
    buf_text(&whole, "and one without an end");
    kit_file("lines", whole.at);
    assert_true(read_whole(&call, &pieces, &got) > 3);
    assert_int_equal(got.size, whole.size);
    assert_memory_equal(got.at, whole.at, whole.size);
    arena_free(call.arena);
}

static void
it_begins_with_the_line_that_was_named(void **state)
{
    struct call call = a_call();
    struct pieces pieces = { 0 };
    struct buf got = buf_new(call.arena, 64);

    (void)state;
    kit_file("lines", "one\ntwo\nthree\n");
    call.from = 3;
    assert_int_equal(read_whole(&call, &pieces, &got), 1);
    assert_string_equal(got.at, "three\n");
    pieces = (struct pieces) { 0 };
    call.from = 9;
    assert_int_equal(read_whole(&call, &pieces, &got), 0);
    arena_free(call.arena);
}

static void
of_a_line_beyond_measure_comes_enough_to_be_refused(void **state)
{
    struct call call = a_call();
    struct pieces pieces = { 0 };
    struct buf whole = buf_new(call.arena, 1 << 20);

    (void)state;
    for (int i = 0; i < 20000; i++)
        buf_text(&whole, "no end in sight ");
    buf_text(&whole, "\nnext\n");
    kit_file("lines", whole.at);
    assert_null(pieces_read(&pieces, &call));
    assert_int_equal(call.piece.size, 8192);
    assert_int_equal(call.piece.at[8191], '\n');
    assert_null(pieces_read(&pieces, &call));
    assert_int_equal(call.piece.size, 5);
    assert_memory_equal(call.piece.at, "next\n", 5);
    arena_free(call.arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_whole_lines_and_together_the_file),
        cmocka_unit_test(it_begins_with_the_line_that_was_named),
        cmocka_unit_test(of_a_line_beyond_measure_comes_enough_to_be_refused),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
