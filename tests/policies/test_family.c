/* SPDX-License-Identifier: Apache-2.0 */
/* Who may show whose card, and until when. */
#include "tests/policies/kit.h"

#include <string.h>

#include "policies/family.h"

#define TODAY 20260101
#define NOW ((unix_s)1767225600) /* 2026-01-01 08:00 in Beijing */
#define DAY_S 86400

static void
a_kinship_has_one_name(void **state)
{
    (void)state;
    for (int i = KINSHIP_NONE + 1; i < KINSHIPS; i++)
        assert_int_equal(kinship_named(kinship_name(i)), i);
    assert_string_equal(kinship_name(KINSHIP_CHILD), "child");
    assert_string_equal(kinship_name(KINSHIP_NONE), "");
    assert_string_equal(kinship_name(KINSHIPS), "");
    assert_string_equal(kinship_name(-1), "");
    assert_int_equal(kinship_named(NULL), KINSHIP_NONE);
    assert_int_equal(kinship_named(""), KINSHIP_NONE);
    assert_int_equal(kinship_named("Elder"), KINSHIP_NONE);
    assert_int_equal(kinship_named("elders"), KINSHIP_NONE);
}

static void
limits_are_read_in_any_order_and_what_is_left_out_is_none(void **state)
{
    struct family_limits limits;
    size_t size;

    (void)state;
    assert_null(family_limits_read("elder:4 child:3 spouse:1 other:2", &size, &limits));
    assert_int_equal(limits.of[KINSHIP_ELDER], 4);
    assert_int_equal(limits.of[KINSHIP_CHILD], 3);
    assert_int_equal(limits.of[KINSHIP_SPOUSE], 1);
    assert_int_equal(limits.of[KINSHIP_OTHER], 2);
    assert_int_equal(limits.total, 10);
    assert_null(family_limits_read(" spouse:0  elder:20 ", &size, &limits));
    assert_int_equal(limits.of[KINSHIP_ELDER], 20);
    assert_int_equal(limits.of[KINSHIP_CHILD], 0);
    assert_int_equal(limits.total, 20);
    assert_null(family_limits_read("", &size, &limits));
    assert_int_equal(limits.total, 0);
}

static void
a_word_that_is_no_limit_is_told(void **state)
{
    static const struct {
        const char *list;
        const char *word;
    } cases[] = {
        { "elder:4 child:x", "child:x" },
        { "elder", "elder" },
        { "elder:", "elder:" },
        { "elder:21", "elder:21" },
        { "elder:-1", "elder:-1" },
        { "elder:004", "elder:004" },
        { "elder:1,child:2", "elder:1,child:2" },
        { "aunt:1", "aunt:1" },
        { ":1", ":1" },
        { "child:1 elder:2 child:3", "child:3" },
        { "elder:+1", "elder:+1" },
        { "elder: 4", "elder:" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct family_limits limits = { .total = 7 };
        size_t size = 0;
        const char *word = family_limits_read(cases[i].list, &size, &limits);

        assert_non_null(word);
        assert_int_equal(size, strlen(cases[i].word));
        assert_memory_equal(word, cases[i].word, size);
        assert_int_equal(limits.total, 7);
    }
}

static void
anothers_card_is_shown_but_neither_pays_nor_logs_in(void **state)
{
    (void)state;
    assert_true(family_shows("show"));
    assert_true(family_shows("serve"));
    assert_false(family_shows("pay"));
    assert_false(family_shows("login"));
    assert_false(family_shows("show serve"));
    assert_false(family_shows(""));
    assert_false(family_shows(NULL));
}

static void
who_agrees_depends_on_age_and_kinship(void **state)
{
    static const struct {
        enum kinship kinship;
        int32_t shower_born;
        int32_t member_born;
        enum family_way way;
    } cases[] = {
        { KINSHIP_ELDER, 19800101, 19500101, FAMILY_BY_HERSELF },
        { KINSHIP_ELDER, 19800101, 19800101, FAMILY_UNFIT },
        { KINSHIP_ELDER, 19800101, 20200101, FAMILY_UNFIT },
        { KINSHIP_CHILD, 19800101, 20200101, FAMILY_BY_GUARDIAN },
        { KINSHIP_CHILD, 19800101, 20100102, FAMILY_BY_GUARDIAN }, /* 16 tomorrow */
        { KINSHIP_CHILD, 19800101, 20100101, FAMILY_BY_HERSELF },  /* 16 today */
        { KINSHIP_CHILD, 19500101, 19800101, FAMILY_BY_HERSELF },
        { KINSHIP_CHILD, 19800101, 19500101, FAMILY_UNFIT },
        { KINSHIP_CHILD, 19800101, 19800101, FAMILY_UNFIT },
        { KINSHIP_SPOUSE, 19800101, 20080101, FAMILY_BY_HERSELF },
        { KINSHIP_SPOUSE, 19800101, 20080102, FAMILY_UNFIT },
        { KINSHIP_OTHER, 19800101, 19300101, FAMILY_BY_HERSELF },
        { KINSHIP_OTHER, 19800101, 20250101, FAMILY_BY_GUARDIAN }, /* a grandmother is a guardian */
        { KINSHIP_OTHER, 20080101, 19800101, FAMILY_BY_HERSELF },
        { KINSHIP_OTHER, 20080102, 19800101, FAMILY_TOO_YOUNG }, /* 18 tomorrow */
        { KINSHIP_ELDER, 20100101, 19800101, FAMILY_TOO_YOUNG },
        { KINSHIP_NONE, 19800101, 19500101, FAMILY_UNFIT },
        { KINSHIPS, 19800101, 19500101, FAMILY_UNFIT },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(family_way(&(struct family_pair) { cases[i].kinship, cases[i].shower_born,
                                                            cases[i].member_born, TODAY }),
                         cases[i].way);
}

static void
a_link_holds_from_her_word_to_its_end(void **state)
{
    static const struct {
        int64_t state;
        int64_t asked_ago_s;
        enum family_standing standing;
    } cases[] = {
        { FAMILY_ASKED, 0, FAMILY_WAITS },
        { FAMILY_ASKED, FAMILY_ASKED_LIFE_S - 1, FAMILY_WAITS },
        { FAMILY_ASKED, FAMILY_ASKED_LIFE_S, FAMILY_OVER },
        { FAMILY_AGREED, 0, FAMILY_HOLDS },
        { FAMILY_AGREED, 3650 * (int64_t)DAY_S, FAMILY_HOLDS },
        { FAMILY_ENDED, 0, FAMILY_OVER },
        { 0, 0, FAMILY_OVER },
        { 4, 0, FAMILY_OVER },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct family_facts facts = { cases[i].state, NOW - cases[i].asked_ago_s,
                                            NOW - cases[i].asked_ago_s, 19500101 };

        assert_int_equal(family_standing(&facts, NOW), cases[i].standing);
    }
}

static void
a_childs_link_is_over_with_her_18th_birthday_at_midnight_in_beijing(void **state)
{
    struct family_facts facts = { FAMILY_AGREED, NOW, NOW, 20100615 };
    const unix_s midnight = 1844870400; /* 2028-06-18 00:00 in Beijing */

    (void)state;
    facts.member_born = 20100618;
    assert_int_equal(time_beijing_date(midnight - 1), 20280617);
    assert_int_equal(time_beijing_date(midnight), 20280618);
    assert_int_equal(family_standing(&facts, midnight - 1), FAMILY_HOLDS);
    assert_int_equal(family_standing(&facts, midnight), FAMILY_OVER);
    facts.agreed_at = midnight; /* once more, of her own */
    assert_int_equal(family_standing(&facts, midnight + 3650 * (unix_s)DAY_S), FAMILY_HOLDS);
}

/* Her birthday is 1 March in years without it. */
static void
who_is_born_on_29_february_is_18_on_1_march(void **state)
{
    const struct family_facts facts = { FAMILY_AGREED, NOW, NOW, 20120229 };
    const unix_s midnight = 1898438400; /* 2030-02-28 00:00 in Beijing */

    (void)state;
    assert_int_equal(time_beijing_date(midnight), 20300228);
    assert_int_equal(family_standing(&facts, midnight + DAY_S - 1), FAMILY_HOLDS);
    assert_int_equal(family_standing(&facts, midnight + DAY_S), FAMILY_OVER);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kinship_has_one_name),
        cmocka_unit_test(limits_are_read_in_any_order_and_what_is_left_out_is_none),
        cmocka_unit_test(a_word_that_is_no_limit_is_told),
        cmocka_unit_test(anothers_card_is_shown_but_neither_pays_nor_logs_in),
        cmocka_unit_test(who_agrees_depends_on_age_and_kinship),
        cmocka_unit_test(a_link_holds_from_her_word_to_its_end),
        cmocka_unit_test(a_childs_link_is_over_with_her_18th_birthday_at_midnight_in_beijing),
        cmocka_unit_test(who_is_born_on_29_february_is_18_on_1_march),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
