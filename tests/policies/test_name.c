/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include <string.h>

#include "idp/base/problem.h"
#include "idp/base/text.h"
#include "policies/name.h"

struct rewrite {
    const char *typed;
    const char *canonical;
};

static void
assert_canonical(struct arena *arena, const struct rewrite *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *once = NULL;
        const char *twice = NULL;

        assert_null(name_check(arena, cases[i].typed, &once));
        assert_string_equal(once, cases[i].canonical);
        assert_null(name_check(arena, once, &twice));
        assert_string_equal(twice, once);
    }
}

static void
assert_refused_all(struct arena *arena, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *canonical = NULL;

        assert_ptr_equal(name_check(arena, list[i], &canonical), &problem_name_invalid);
        assert_null(canonical);
    }
}

static const char *
repeated(struct arena *arena, const char *text, int count)
{
    char *out = arena_alloc(arena, strlen(text) * (size_t)count + 1);

    for (int i = 0; i < count; i++)
        memcpy(out + strlen(text) * (size_t)i, text, strlen(text));
    return out;
}

static void
blanks_around_and_within_are_cleaned(void **state)
{
    static const struct rewrite cases[] = {
        { "张三", "张三" },
        { " 张三\u3000", "张三" },
        { "张 三", "张三" },
        { "张\u3000\u00a0三", "张三" },
        { "  John   Smith ", "John Smith" },
        { "Ｊｏｈｎ\u3000Smith", "John Smith" },
        { "J. R. R. O’Neill-Jones", "J. R. R. O'Neill-Jones" },
        { "Martin Luther King Jr.", "Martin Luther King Jr." },
        { "J.-P. Müller", "J.-P. Müller" },
        { "D‘Arcy Smith‐Jones", "D'Arcy Smith-Jones" },
        { "Nguyễn Văn An", "Nguyễn Văn An" },
    };

    assert_canonical(*state, cases, COUNT_OF(cases));
}

static void
tx_05_malformed_utf8_is_refused(void **state)
{
    static const char *const bad[] = { "张\xc0\x80", "\xed\xa0\x80", "张\xf5", "张\xe4\xb8",
                                       "\xff" };

    assert_refused_all(*state, bad, COUNT_OF(bad));
}

static void
tx_06_characters_nobody_sees_are_refused(void **state)
{
    static const char *const bad[] = {
        "张\u200b三",     "张\u200d三", "\u202e张三",     "张三\u2066", "\ufeff张三",
        "张三\U000e0041", "张\t三",     "张三\n",         "张\u00ad三", "张三\u0301",
        "Johx\u0301",     "张三\ufe00", "张三\U000e0100",
    };

    assert_refused_all(*state, bad, COUNT_OF(bad));
}

static void
what_is_no_name_is_refused(void **state)
{
    static const char *const bad[] = {
        "",       " ",      "\u3000",   "·",      "-",     ".",      "张&三", "张=三", "{张三}",
        "张|三",  "<张三>", "张三1",    "张三１", "John3", "张(三)", "张*",   "张/三", "Jo\\hn",
        "张\"三", "张、三", "张\ufffd", "ǀǁ",     "٣",     "あきら", "김",    "a×b",
    };

    assert_refused_all(*state, bad, COUNT_OF(bad));
}

static void
scripts_that_look_alike_are_not_mixed(void **state)
{
    static const char *const bad[] = {
        "Jоhn" /* Cyrillic o */,      "Αnna" /* Greek alpha */, "Иван", "张John", "John张", "张А",
        "\u212aim" /* Kelvin sign */,
    };

    assert_refused_all(*state, bad, COUNT_OF(bad));
}

static void
separators_stand_between_letters_only(void **state)
{
    static const char *const bad[] = { "·张三", "张三·",        "张··三",      "张-三",
                                       "张'三", "-John",        "'John",       "John-",
                                       "John'", "John --Smith", "John -Smith", "A·B",
                                       ".John", "John--Smith-" };

    assert_refused_all(*state, bad, COUNT_OF(bad));
}

static void
tx_12_all_middle_dots_are_one(void **state)
{
    static const struct rewrite cases[] = {
        { "阿卜杜拉·买买提", "阿卜杜拉·买买提" },  { "阿卜杜拉•买买提", "阿卜杜拉·买买提" },
        { "阿卜杜拉‧买买提", "阿卜杜拉·买买提" },  { "阿卜杜拉・买买提", "阿卜杜拉·买买提" },
        { "阿卜杜拉．买买提", "阿卜杜拉·买买提" }, { "阿卜杜拉.买买提", "阿卜杜拉·买买提" },
        { "阿卜杜拉･买买提", "阿卜杜拉·买买提" },  { "阿卜杜拉 · 买买提", "阿卜杜拉·买买提" },
    };

    assert_canonical(*state, cases, COUNT_OF(cases));
}

/* B12: on which keyboard the dot was found does not matter. */
static void
b12_every_dot_that_people_type_is_the_middle_dot(void **state)
{
    static const uint32_t dots[] = { '.',    0xb7,   0x387,  0x1427, 0x16eb, 0x2022, 0x2024,
                                     0x2027, 0x2219, 0x22c5, 0x25cf, 0x2e31, 0x2e33, 0x3002,
                                     0x30fb, 0xfe52, 0xff0e, 0xff61, 0xff65 };
    struct arena *arena = *state;

    for (size_t i = 0; i < COUNT_OF(dots); i++) {
        char dot[5] = "";
        const char *canonical = NULL;

        text_put_char(dot, dots[i]);
        assert_null(name_check(arena, arena_printf(arena, "古丽%s买买提", dot), &canonical));
        assert_string_equal(canonical, "古丽·买买提");
        assert_ptr_equal(name_check(arena, arena_printf(arena, "古丽%s", dot), &canonical),
                         &problem_name_invalid);
    }
}

static void
b12_a_letter_and_its_accent_are_one(void **state)
{
    static const struct rewrite cases[] = {
        { "Jose\u0301", "José" },
        { "Nguye\u0302\u0303n Va\u0306n An", "Nguyễn Văn An" },
        { "Mu\u0308ller", "Müller" },
    };

    assert_canonical(*state, cases, COUNT_OF(cases));
}

/* The sentence helps: neither she nor we can see what is wrong with it. */
static void
b12_a_character_of_an_old_input_method_has_a_sentence_of_its_own(void **state)
{
    static const char *const names[] = { "张\ue863", "张\U000f0000", "\U0010fffd三" };
    const char *canonical = NULL;

    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_ptr_equal(name_check(*state, names[i], &canonical), &problem_name_private);
    assert_null(canonical);
}

static void
tx_13_rare_ideographs_keep_their_code_points(void **state)
{
    static const struct rewrite cases[] = {
        { "𠮷田", "𠮷田" },
        { "王𬍛", "王𬍛" },
        { "㛃", "㛃" },
        { "李䶮", "李䶮" },
        { "〇一", "〇一" },
        { "王\u9fff", "王\u9fff" },
        { "\U0002ebf0王", "\U0002ebf0王" },
        { "\U00031350王", "\U00031350王" },
        { "\U000323b0王", "\U000323b0王" }, /* extension J, Unicode 17 */
        { "\U00033479王", "\U00033479王" },
    };

    assert_canonical(*state, cases, COUNT_OF(cases));
}

static void
tx_15_a_compatibility_ideograph_stays_what_it_is(void **state)
{
    static const struct rewrite cases[] = { { "张\uf9dc", "张\uf9dc" },
                                            { "王\U0002f800", "王\U0002f800" } };

    assert_canonical(*state, cases, COUNT_OF(cases));
}

static void
tx_16_a_name_has_1_to_64_characters(void **state)
{
    static const int good[] = { 1, 2, 25, 64 };
    const char *long_names[] = { repeated(*state, "龘", 65), repeated(*state, "𠮷", 65),
                                 repeated(*state, "a", 65), repeated(*state, " ", 2000) };

    for (size_t i = 0; i < COUNT_OF(good); i++) {
        const char *name = repeated(*state, "𠮷", good[i]);

        assert_canonical(*state, &(struct rewrite) { name, name }, 1);
    }
    assert_refused_all(*state, long_names, COUNT_OF(long_names));
}

static void
a_mask_counts_characters(void **state)
{
    static const struct rewrite cases[] = {
        { "张三", "张*" }, { "张小三", "张*三" },          { "欧阳小三", "欧**三" }, { "张", "*" },
        { "", "" },        { "𠮷小𬍛", "𠮷*𬍛" },
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(name_masked(*state, cases[i].typed), cases[i].canonical);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(blanks_around_and_within_are_cleaned),
        WITH_ARENA(tx_05_malformed_utf8_is_refused),
        WITH_ARENA(tx_06_characters_nobody_sees_are_refused),
        WITH_ARENA(what_is_no_name_is_refused),
        WITH_ARENA(scripts_that_look_alike_are_not_mixed),
        WITH_ARENA(separators_stand_between_letters_only),
        WITH_ARENA(tx_12_all_middle_dots_are_one),
        WITH_ARENA(b12_every_dot_that_people_type_is_the_middle_dot),
        WITH_ARENA(b12_a_letter_and_its_accent_are_one),
        WITH_ARENA(b12_a_character_of_an_old_input_method_has_a_sentence_of_its_own),
        WITH_ARENA(tx_13_rare_ideographs_keep_their_code_points),
        WITH_ARENA(tx_15_a_compatibility_ideograph_stays_what_it_is),
        WITH_ARENA(tx_16_a_name_has_1_to_64_characters),
        WITH_ARENA(a_mask_counts_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
