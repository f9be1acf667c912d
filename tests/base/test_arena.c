/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include <stdalign.h>

#include "idp/base/unwind.h"

static void
memory_comes_zeroed_and_aligned(void **state)
{
    for (size_t size = 0; size < 200; size++) {
        unsigned char *at = arena_alloc(*state, size);

        assert_int_equal((uintptr_t)at % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(at[i], 0);
        memset(at, 0xff, size);
    }
}

static void
pieces_do_not_overlap(void **state)
{
    char *first = arena_alloc(*state, 100);
    char *second = arena_alloc(*state, 100);

    memset(first, 'a', 100);
    memset(second, 'b', 100);
    assert_int_equal(first[99], 'a');
}

static void
a_big_piece_fits_as_long_as_the_limit_allows(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    char *at = arena_alloc(arena, (1 << 20) - 4096);

    at[(1 << 20) - 4097] = 'x';
    assert_true(arena_used(arena) <= 1 << 20);
    arena_free(arena);
}

static void
take_too_much(void *arena)
{
    (void)arena_alloc(arena, 4000);
    (void)arena_alloc(arena, 200);
}

static void
take_more_than_there_is_in_the_world(void *arena)
{
    (void)arena_alloc(arena, SIZE_MAX);
}

static void
beyond_its_limit_the_work_under_way_ends(void **state)
{
    (void)state;
    struct arena *arena = arena_new(4096);

    assert_int_equal(unwind_run(take_too_much, arena), ERR_TOO_LARGE);
    assert_int_equal(unwind_run(take_more_than_there_is_in_the_world, arena), ERR_TOO_LARGE);
    arena_allow(arena, 200);
    memset(arena_alloc(arena, 200), 'x', 200);
    arena_reset(arena);
    assert_int_equal(unwind_run(take_too_much, arena), ERR_TOO_LARGE);
    arena_free(arena);
}

static void
what_is_last_grows_where_it_stands(void **state)
{
    struct arena *arena = *state;
    char *at = arena_alloc(arena, 10);

    memset(at, 'x', 10);
    assert_true(arena_extend(arena, at, 10, 300));
    assert_int_equal(at[9], 'x');
    assert_int_equal(at[10], 0);
    assert_int_equal(at[309], 0);
    assert_true(arena_used(arena) < 330);
    (void)arena_alloc(arena, 1);
    assert_false(arena_extend(arena, at, 310, 1000)); /* something lies behind it */
    assert_false(arena_extend(arena, at, 310, SIZE_MAX));
}

static int released;

static void
note_release(void *what)
{
    released = released * 10 + *(int *)what;
}

static void
what_it_owns_goes_with_it_latest_first(void **state)
{
    struct arena *arena = *state;
    int one = 1;
    int two = 2;

    released = 0;
    arena_own(arena, &one, note_release);
    arena_own(arena, NULL, note_release);
    arena_own(arena, &two, note_release);
    arena_reset(arena);
    assert_int_equal(released, 21);
    arena_reset(arena);
    assert_int_equal(released, 21);
}

static void
own_without_room(void *arena)
{
    static int three = 3;

    (void)arena_alloc(arena, 4000);
    (void)arena_alloc(arena, arena_left(arena));
    arena_own(arena, &three, note_release);
}

static void
what_it_cannot_own_is_released_at_once(void **state)
{
    (void)state;
    struct arena *arena = arena_new(8192);

    released = 0;
    assert_int_equal(unwind_run(own_without_room, arena), ERR_TOO_LARGE);
    assert_int_equal(released, 3);
    arena_free(arena);
    assert_int_equal(released, 3);
}

static void
after_a_reset_nothing_of_the_old_is_left(void **state)
{
    struct arena *arena = *state;
    char *at = arena_text(arena, "a secret");

    (void)arena_alloc(arena, 100000);
    arena_reset(arena);
    assert_int_equal(arena_used(arena), 0);
    assert_int_equal(at[0], 0); /* the first block is kept, and wiped */
    assert_ptr_equal(arena_alloc(arena, 9), at);
}

static void
copies_end_with_nul(void **state)
{
    assert_string_equal(arena_copy(*state, "abcdef", 3), "abc");
    assert_string_equal(arena_copy(*state, NULL, 0), "");
    assert_string_equal(arena_text(*state, "text"), "text");
    assert_string_equal(arena_printf(*state, "%s-%d", "x", 7), "x-7");
}

static void
nothing_is_freed_for_nobody(void **state)
{
    (void)state;
    arena_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        base_test(memory_comes_zeroed_and_aligned),
        base_test(pieces_do_not_overlap),
        base_test(a_big_piece_fits_as_long_as_the_limit_allows),
        base_test(beyond_its_limit_the_work_under_way_ends),
        base_test(what_is_last_grows_where_it_stands),
        base_test(what_it_owns_goes_with_it_latest_first),
        base_test(what_it_cannot_own_is_released_at_once),
        base_test(after_a_reset_nothing_of_the_old_is_left),
        base_test(copies_end_with_nul),
        base_test(nothing_is_freed_for_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
