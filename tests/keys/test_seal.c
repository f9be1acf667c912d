/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/keys/kit.h"

#include "keys/seal.h"

static const struct seal_key old_key = { 1, { { 11, 22, 33 } } };
static const struct seal_key new_key = { 2, { { 44, 55, 66 } } };
static const struct seal_keys before = { &old_key, 1 };
static const struct seal_key both[] = { { 2, { { 44, 55, 66 } } }, { 1, { { 11, 22, 33 } } } };
static const struct seal_keys rotated = { both, 2 };
static const struct seal_keys after = { &new_key, 1 };

static struct bytes
sealed(struct arena *arena, const struct seal_keys *keys, const char *text)
{
    struct bytes box;

    assert_int_equal(seal(keys, env_machine(), arena, "code", bytes_of_text(text), &box), OK);
    return box;
}

static void
what_was_sealed_opens_again(void **state)
{
    struct bytes box = sealed(*state, &before, "hello");
    struct bytes plain;

    assert_int_equal(box.size, 1 + 4 + 24 + 5 + 16);
    assert_int_equal(seal_open(&before, *state, "code", box, &plain), OK);
    assert_bytes(plain, bytes_of_text("hello"));
}

static void
nothing_at_all_can_be_sealed(void **state)
{
    struct bytes box = sealed(*state, &before, "");
    struct bytes plain;

    assert_int_equal(seal_open(&before, *state, "code", box, &plain), OK);
    assert_int_equal(plain.size, 0);
}

static void
two_boxes_of_one_text_differ(void **state)
{
    struct bytes one = sealed(*state, &before, "hello");
    struct bytes two = sealed(*state, &before, "hello");

    assert_memory_not_equal(one.at, two.at, one.size);
}

static void
a_box_opens_only_under_its_context(void **state)
{
    static const char *const contexts[] = { "", "cod", "code ", "Code", "refresh" };
    struct bytes box = sealed(*state, &before, "hello");
    struct bytes plain;

    for (size_t i = 0; i < sizeof(contexts) / sizeof(contexts[0]); i++)
        assert_int_equal(seal_open(&before, *state, contexts[i], box, &plain), ERR_FORGED);
}

static void
a_bit_flipped_anywhere_is_forged(void **state)
{
    struct bytes box = sealed(*state, &rotated, "hello");

    for (size_t bit = 0; bit < 8 * box.size; bit++) {
        uint8_t *copy = (uint8_t *)arena_copy(*state, box.at, box.size);
        struct bytes plain = { 0 };

        copy[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_equal(seal_open(&rotated, *state, "code", bytes_of(copy, box.size), &plain),
                         ERR_FORGED);
        assert_null(plain.at);
    }
}

static void
a_box_cut_or_lengthened_is_forged(void **state)
{
    struct bytes box = sealed(*state, &before, "hello");
    const char *longer = arena_copy(*state, box.at, box.size);
    struct bytes plain;

    for (size_t size = 0; size < box.size; size++)
        assert_int_equal(seal_open(&before, *state, "code", bytes_of(box.at, size), &plain),
                         ERR_FORGED);
    assert_int_equal(seal_open(&before, *state, "code", bytes_of(longer, box.size + 1), &plain),
                     ERR_FORGED);
}

static void
another_key_of_the_same_serial_opens_nothing(void **state)
{
    static const struct seal_key other = { 1, { { 11, 22, 34 } } };
    static const struct seal_keys others = { &other, 1 };
    struct bytes box = sealed(*state, &before, "hello");
    struct bytes plain;

    assert_int_equal(seal_open(&others, *state, "code", box, &plain), ERR_FORGED);
}

static void
an_old_box_opens_after_a_rotation_until_its_key_is_gone(void **state)
{
    struct bytes box = sealed(*state, &before, "hello");
    struct bytes plain;

    assert_int_equal(seal_open(&rotated, *state, "code", box, &plain), OK);
    assert_int_equal(seal_open(&after, *state, "code", box, &plain), ERR_FORGED);
}

static void
the_first_key_seals(void **state)
{
    struct bytes box = sealed(*state, &rotated, "hello");
    struct bytes plain;

    assert_int_equal(seal_open(&after, *state, "code", box, &plain), OK);
    assert_int_equal(seal_open(&before, *state, "code", box, &plain), ERR_FORGED);
}

static void
without_randomness_nothing_is_sealed(void **state)
{
    struct bytes box = { 0 };
    const char *text = NULL;

    assert_int_equal(seal(&before, env_without_random(), *state, "code", bytes_of_text("x"), &box),
                     ERR_UNAVAILABLE);
    assert_int_equal(
        seal_text(&before, env_without_random(), *state, "code", bytes_of_text("x"), &text),
        ERR_UNAVAILABLE);
    assert_null(box.at);
    assert_null(text);
}

static void
without_keys_nothing_is_sealed_or_opened(void **state)
{
    static const struct seal_keys none = { NULL, 0 };
    struct bytes box = sealed(*state, &before, "hello");
    struct bytes plain;

    assert_int_equal(seal_open(&none, *state, "code", box, &plain), ERR_FORGED);
    assert_int_equal(seal(&none, env_machine(), *state, "code", box, &plain), ERR_INTERNAL);
}

static void
a_text_box_opens_again(void **state)
{
    const char *text;
    struct bytes plain;

    assert_int_equal(
        seal_text(&before, env_machine(), *state, "code", bytes_of_text("hello"), &text), OK);
    assert_int_equal(strlen(text), 67);
    assert_int_equal(seal_text_open(&before, *state, "code", text, &plain), OK);
    assert_bytes(plain, bytes_of_text("hello"));
}

static void
a_text_box_has_one_spelling(void **state)
{
    static const char *const tails[] = { "=", " ", "\n", "A", ".", "+", "/" };
    const char *text;
    struct bytes plain;

    assert_int_equal(
        seal_text(&before, env_machine(), *state, "code", bytes_of_text("hello"), &text), OK);
    for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
        const char *longer = arena_printf(*state, "%s%s", text, tails[i]);

        assert_int_equal(seal_text_open(&before, *state, "code", longer, &plain), ERR_FORGED);
    }
    assert_int_equal(seal_text_open(&before, *state, "code", "", &plain), ERR_FORGED);
}

static void
a_text_too_long_to_open_is_neither_made_nor_read(void **state)
{
    char *zeros = arena_alloc(*state, 20000);
    const char *text;
    struct bytes plain;

    assert_int_equal(
        seal_text(&before, env_machine(), *state, "code", bytes_of(zeros, 12243), &text), OK);
    assert_int_equal(strlen(text), 16384);
    assert_int_equal(seal_text_open(&before, *state, "code", text, &plain), OK);
    assert_int_equal(
        seal_text(&before, env_machine(), *state, "code", bytes_of(zeros, 12244), &text),
        ERR_INVALID);
    memset(zeros, 'A', 16388);
    assert_int_equal(seal_text_open(&before, *state, "code", zeros, &plain), ERR_FORGED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_sealed_opens_again),
        TEST(nothing_at_all_can_be_sealed),
        TEST(two_boxes_of_one_text_differ),
        TEST(a_box_opens_only_under_its_context),
        TEST(a_bit_flipped_anywhere_is_forged),
        TEST(a_box_cut_or_lengthened_is_forged),
        TEST(another_key_of_the_same_serial_opens_nothing),
        TEST(an_old_box_opens_after_a_rotation_until_its_key_is_gone),
        TEST(the_first_key_seals),
        TEST(without_randomness_nothing_is_sealed),
        TEST(without_keys_nothing_is_sealed_or_opened),
        TEST(a_text_box_opens_again),
        TEST(a_text_box_has_one_spelling),
        TEST(a_text_too_long_to_open_is_neither_made_nor_read),
    };

    return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
