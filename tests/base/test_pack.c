/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include "idp/base/pack.h"
#include "idp/base/unwind.h"

struct packed_sample {
    const char *name;
    int64_t number;
    const char *more;
};

static const struct pack_field fields[] = {
    PACKED_TEXT(struct packed_sample, name),
    PACKED_INT(struct packed_sample, number),
    PACKED_TEXT(struct packed_sample, more),
    PACKED_END,
};

static void
what_is_packed_comes_back(void **state)
{
    static const int64_t numbers[] = { 0, 1, -1, INT64_MAX, INT64_MIN };

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct packed_sample from = { "张三", numbers[i], NULL };
        struct packed_sample back;

        assert_int_equal(unpack(*state, fields, pack(*state, fields, PACK_LAYOUT, &from), &back),
                         OK);
        assert_string_equal(back.name, "张三");
        assert_int_equal(back.number, numbers[i]);
        assert_string_equal(back.more, "");
    }
}

/* What was sealed before there were layouts, byte for byte. */
static void
layout_0_is_big_endian_in_table_order(void **state)
{
    struct packed_sample from = { "ab", 258, "" };
    struct bytes packed = pack(*state, fields, 0, &from);

    assert_int_equal(packed.size, 14);
    assert_memory_equal(packed.at, "\0\2ab\0\0\0\0\0\0\1\2\0\0", 14);
}

static void
a_later_layout_has_its_number_before_the_same(void **state)
{
    struct packed_sample from = { "ab", 258, "" };
    struct bytes packed = pack(*state, fields, 1, &from);

    assert_int_equal(packed.size, 15);
    assert_memory_equal(packed.at, "\1\0\2ab\0\0\0\0\0\0\1\2\0\0", 15);
}

/* The table of before, and one to which fields were added at its end and in its middle. */
static const struct pack_field few[] = {
    PACKED_TEXT(struct packed_sample, name),
    PACKED_END,
};
static const struct pack_field more[] = {
    PACKED_INT_SINCE(1, struct packed_sample, number),
    PACKED_TEXT(struct packed_sample, name),
    PACKED_TEXT_SINCE(1, struct packed_sample, more),
    PACKED_END,
};

static void
a_field_that_the_layout_lacks_is_empty(void **state)
{
    struct packed_sample from = { "ab", 258, "more" };
    struct packed_sample back = { "x", 1, "y" };

    assert_int_equal(unpack(*state, more, pack(*state, few, 0, &from), &back), OK);
    assert_string_equal(back.name, "ab");
    assert_int_equal(back.number, 0);
    assert_string_equal(back.more, "");
}

static void
the_layout_before_is_written_as_the_program_before_reads_it(void **state)
{
    struct packed_sample from = { "ab", 258, "more" };
    struct bytes before = pack(*state, few, 0, &from);
    struct bytes told = pack(*state, more, 0, &from);
    struct packed_sample back;

    assert_int_equal(told.size, before.size);
    assert_memory_equal(told.at, before.at, before.size);
    assert_int_equal(unpack(*state, more, pack(*state, more, 1, &from), &back), OK);
    assert_int_equal(back.number, 258);
    assert_string_equal(back.more, "more");
}

static void
a_layout_that_is_not_known_is_refused(void **state)
{
    struct packed_sample from = { "a", 1, "b" };
    struct bytes packed = pack(*state, fields, PACK_LAYOUT, &from);
    char *changed = arena_copy(*state, packed.at, packed.size);
    struct packed_sample back;

    for (int layout = PACK_LAYOUT + 1; layout <= UINT8_MAX; layout++) {
        changed[0] = (char)layout;
        assert_int_equal(unpack(*state, fields, bytes_of(changed, packed.size), &back),
                         ERR_INVALID);
    }
}

static void
bytes_of_one_layout_do_not_pass_as_another(void **state)
{
    struct packed_sample from = { "ab", 258, "more" };
    struct bytes packed = pack(*state, more, 1, &from);
    struct packed_sample back;

    assert_int_equal(unpack(*state, few, packed, &back), ERR_INVALID);
    assert_int_equal(unpack(*state, more, bytes_of(packed.at + 1, packed.size - 1), &back),
                     ERR_INVALID);
}

static void
bytes_cut_anywhere_are_refused(void **state)
{
    struct packed_sample from = { "some name", 77, "something more" };
    struct bytes packed = pack(*state, fields, PACK_LAYOUT, &from);
    struct packed_sample back;

    for (size_t size = 0; size < packed.size; size++)
        assert_int_equal(unpack(*state, fields, bytes_of(packed.at, size), &back), ERR_INVALID);
}

static void
bytes_left_over_are_refused(void **state)
{
    struct packed_sample from = { "a", 1, "b" };
    struct bytes packed = pack(*state, fields, PACK_LAYOUT, &from);
    char *longer = arena_copy(*state, packed.at, packed.size);
    struct packed_sample back;

    assert_int_equal(unpack(*state, fields, bytes_of(longer, packed.size + 1), &back), ERR_INVALID);
}

static void
a_length_beyond_the_end_is_refused(void **state)
{
    struct packed_sample back;

    assert_int_equal(unpack(*state, fields, bytes_of("\1\xff\xff\1", 4), &back), ERR_INVALID);
}

/* fuzz.unpack: the text would be read as a shorter one. */
static void
a_text_with_a_nul_in_it_is_refused(void **state)
{
    struct packed_sample from = { "a", 1, "b" };
    struct bytes packed = pack(*state, fields, PACK_LAYOUT, &from);
    char *changed = arena_copy(*state, packed.at, packed.size);
    struct packed_sample back;

    changed[3] = '\0';
    assert_int_equal(unpack(*state, fields, bytes_of(changed, packed.size), &back), ERR_INVALID);
}

static void
the_longest_text_fits(void **state)
{
    char *longest = arena_alloc(*state, UINT16_MAX + 1);
    struct packed_sample from = { longest, 1, "" };
    struct packed_sample back;

    memset(longest, 'x', UINT16_MAX);
    assert_int_equal(unpack(*state, fields, pack(*state, fields, PACK_LAYOUT, &from), &back), OK);
    assert_string_equal(back.name, longest);
}

struct too_much {
    struct arena *arena;
    size_t size; /* of the first text */
    int64_t layout;
};

static void
pack_too_much(void *state)
{
    struct too_much *much = state;
    char *text = arena_alloc(much->arena, much->size + 1);

    memset(text, 'x', much->size);
    (void)pack(much->arena, fields, much->layout, &(struct packed_sample) { .name = text });
}

static void
a_longer_text_ends_the_work(void **state)
{
    struct too_much much = { *state, UINT16_MAX + 1, PACK_LAYOUT };

    assert_int_equal(unwind_run(pack_too_much, &much), ERR_TOO_LARGE);
}

/* The high byte of its length would name another layout. */
static void
layout_0_starts_with_a_short_text(void **state)
{
    struct too_much much = { *state, 255, 0 };

    assert_int_equal(unwind_run(pack_too_much, &much), OK);
    much.size = 256;
    assert_int_equal(unwind_run(pack_too_much, &much), ERR_TOO_LARGE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        base_test(what_is_packed_comes_back),
        base_test(layout_0_is_big_endian_in_table_order),
        base_test(a_later_layout_has_its_number_before_the_same),
        base_test(a_field_that_the_layout_lacks_is_empty),
        base_test(the_layout_before_is_written_as_the_program_before_reads_it),
        base_test(a_layout_that_is_not_known_is_refused),
        base_test(bytes_of_one_layout_do_not_pass_as_another),
        base_test(bytes_cut_anywhere_are_refused),
        base_test(bytes_left_over_are_refused),
        base_test(a_length_beyond_the_end_is_refused),
        base_test(a_text_with_a_nul_in_it_is_refused),
        base_test(the_longest_text_fits),
        base_test(a_longer_text_ends_the_work),
        base_test(layout_0_starts_with_a_short_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
