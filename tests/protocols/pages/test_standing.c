/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "protocols/pages/standing.h"
#include "tests/protocols/pages/kit.h"

/* One second before and the first second of 2 January 2026 in Beijing. */
#define EVE ((unix_s)1767283199)

static const char *
home_with(struct page_fixture *f, const struct standing *standing)
{
    struct request *rq = fixture_request(f, LANGUAGE_EN);
    struct page *page = page_new(rq, "home", WORD_home_title);

    page_flag(page, "logged_in", true);
    page_standing(page, rq->arena, standing);
    page_answer(rq, 200, page);
    return body_of(rq);
}

static void
each_level_has_its_word_and_anything_else_is_the_lowest(void **state)
{
    (void)state;
    assert_int_equal(level_word(0), WORD_level_l0);
    assert_int_equal(level_word(1), WORD_level_l1);
    assert_int_equal(level_word(2), WORD_level_l2);
    assert_int_equal(level_word(3), WORD_level_l3);
    assert_int_equal(level_word(4), WORD_level_l0);
    assert_int_equal(level_word(-1), WORD_level_l0);
}

static void
the_proof_is_dated_by_the_calendar_of_beijing(void **state)
{
    struct standing standing = { .level = 2, .kind = EVIDENCE_BANK_CARD, .proven_at = EVE };

    assert_non_null(strstr(home_with(*state, &standing), "2026-01-01"));
    standing.proven_at++;
    assert_non_null(strstr(home_with(*state, &standing), "2026-01-02"));
}

static void
each_kind_of_proof_is_told_by_its_own_word(void **state)
{
    struct standing standing = { .level = 2, .proven_at = EVE };
    char before[64] = "";

    for (enum evidence_kind kind = EVIDENCE_PHONE; kind < EVIDENCE_KINDS; kind++) {
        const char *told;

        standing.kind = kind;
        told = strstr(home_with(*state, &standing), "id=\"proof\">");
        assert_non_null(told);
        told += strlen("id=\"proof\">");
        assert_int_not_equal(*told, '<');
        assert_true(before[0] == '\0' || strncmp(told, before, strlen(before)) != 0);
        snprintf(before, sizeof(before), "%.*s", (int)strcspn(told, "<"), told);
    }
}

static void
who_has_proven_nothing_sees_no_date(void **state)
{
    struct standing standing = { .level = 0, .kind = EVIDENCE_NONE };

    assert_null(strstr(home_with(*state, &standing), "1970"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_level_has_its_word_and_anything_else_is_the_lowest),
        cmocka_unit_test(the_proof_is_dated_by_the_calendar_of_beijing),
        cmocka_unit_test(each_kind_of_proof_is_told_by_its_own_word),
        cmocka_unit_test(who_has_proven_nothing_sees_no_date),
    };

    return cmocka_run_group_tests(tests, fixture_start, fixture_end);
}
