/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include "idp/base/pack.h"
#include "idp/base/unwind.h"

struct sample {
    const char *name;
    int64_t number;
    const char *more;
};

static const struct pack_field fields[] = {
    PACKED_TEXT(struct sample, name),
    PACKED_INT(struct sample, number),
    PACKED_TEXT(struct sample, more),
    PACKED_END,
};

static void
what_is_packed_comes_back(void **state)
{
    static const int64_t numbers[] = { 0, 1, -1, INT64_MAX, INT64_MIN };

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct sample from = { "张三", numbers[i], NULL };
        struct sample back;

        assert_int_equal(unpack(*state, fields, pack(*state, fields, &from), &back), OK);
        assert_string_equal(back.name, "张三");
        assert_int_equal(back.number, numbers[i]);
        assert_string_equal(back.more, "");
    }
}

static void
the_bytes_are_big_endian_in_table_order(void **state)
{
    struct sample from = { "ab", 258, "" };
    struct bytes packed = pack(*state, fields, &from);

    assert_int_equal(packed.size, 14);
    assert_memory_equal(packed.at, "\0\2ab\0\0\0\0\0\0\1\2\0\0", 14);
}

static void
bytes_cut_anywhere_are_refused(void **state)
{
    struct sample from = { "some name", 77, "something more" };
    struct bytes packed = pack(*state, fields, &from);
    struct sample back;

    for (size_t size = 0; size < packed.size; size++)
        assert_int_equal(unpack(*state, fields, bytes_of(packed.at, size), &back), ERR_INVALID);
}

static void
bytes_left_over_are_refused(void **state)
{
    struct sample from = { "a", 1, "b" };
    struct bytes packed = pack(*state, fields, &from);
    char *longer = arena_copy(*state, packed.at, packed.size);
    struct sample back;

    assert_int_equal(unpack(*state, fields, bytes_of(longer, packed.size + 1), &back), ERR_INVALID);
}

static void
a_length_beyond_the_end_is_refused(void **state)
{
    struct sample back;

    assert_int_equal(unpack(*state, fields,
                            bytes_of("\xff\xff"
                                     "ab",
                                     4),
                            &back),
                     ERR_INVALID);
}

/* fuzz.unpack: the text would be read as a shorter one. */
static void
a_text_with_a_nul_in_it_is_refused(void **state)
{
    struct sample from = { "a", 1, "b" };
    struct bytes packed = pack(*state, fields, &from);
    char *changed = arena_copy(*state, packed.at, packed.size);
    struct sample back;

    changed[2] = '\0';
    assert_int_equal(unpack(*state, fields, bytes_of(changed, packed.size), &back), ERR_INVALID);
}

static void
the_longest_text_fits(void **state)
{
    char *longest = arena_alloc(*state, UINT16_MAX + 1);
    struct sample from = { longest, 1, "" };
    struct sample back;

    memset(longest, 'x', UINT16_MAX);
    assert_int_equal(unpack(*state, fields, pack(*state, fields, &from), &back), OK);
    assert_string_equal(back.name, longest);
}

static void
pack_too_much(void *arena)
{
    char *longest = arena_alloc(arena, UINT16_MAX + 2);
    struct sample from = { longest, 1, "" };

    memset(longest, 'x', UINT16_MAX + 1);
    (void)pack(arena, fields, &from);
}

static void
a_longer_text_ends_the_work(void **state)
{
    assert_int_equal(unwind_run(pack_too_much, *state), ERR_TOO_LARGE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        base_test(what_is_packed_comes_back),
        base_test(the_bytes_are_big_endian_in_table_order),
        base_test(bytes_cut_anywhere_are_refused),
        base_test(bytes_left_over_are_refused),
        base_test(a_length_beyond_the_end_is_refused),
        base_test(a_text_with_a_nul_in_it_is_refused),
        base_test(the_longest_text_fits),
        base_test(a_longer_text_ends_the_work),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
