/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/base/text.h"
#include "policies/paper.h"

#define TODAY 20260101
#define BOTH (PAPER_ORIGINAL | PAPER_PHOTO)
#define CHILD (PAPER_ORIGINAL | PAPER_GUARDIAN)

static const struct problem *
judge(enum paper paper, unsigned looks, enum identity_kind kind, int32_t born)
{
    const struct identity_number identity = { .kind = kind, .birth_date = born };

    return paper_check(paper, looks, &identity, TODAY);
}

static void
a_paper_proves_who_has_the_numbers_that_it_bears(void **state)
{
    (void)state;
    assert_null(judge(PAPER_idcard, BOTH, IDENTITY_CITIZEN, 19491231));
    assert_null(judge(PAPER_temporary_idcard, BOTH | PAPER_CHIP, IDENTITY_CITIZEN, 19491231));
    assert_null(judge(PAPER_residence_permit, BOTH, IDENTITY_RESIDENCE_PERMIT, 19491231));
    assert_null(judge(PAPER_permanent_resident_card, BOTH, IDENTITY_PERMANENT_RESIDENT, 19491231));
    assert_ptr_equal(judge(PAPER_idcard, BOTH, IDENTITY_RESIDENCE_PERMIT, 19491231),
                     &problem_paper_unfit);
    assert_ptr_equal(judge(PAPER_residence_permit, BOTH, IDENTITY_CITIZEN, 19491231),
                     &problem_paper_unfit);
    assert_ptr_equal(judge(PAPER_none, BOTH, IDENTITY_UNKNOWN, 19491231), &problem_paper_unfit);
    assert_ptr_equal(judge(PAPERS, BOTH, IDENTITY_CITIZEN, 19491231), &problem_paper_unfit);
}

static void
the_original_and_its_photo_must_have_been_looked_at(void **state)
{
    (void)state;
    assert_ptr_equal(judge(PAPER_idcard, 0, IDENTITY_CITIZEN, 19491231), &problem_paper_unchecked);
    assert_ptr_equal(judge(PAPER_idcard, PAPER_ORIGINAL, IDENTITY_CITIZEN, 19491231),
                     &problem_paper_unchecked);
    assert_ptr_equal(judge(PAPER_idcard, PAPER_PHOTO | PAPER_CHIP, IDENTITY_CITIZEN, 19491231),
                     &problem_paper_unchecked);
    assert_ptr_equal(judge(PAPER_idcard, CHILD, IDENTITY_CITIZEN, 20200101),
                     &problem_paper_unchecked);
}

static void
a_household_register_proves_a_child_whose_guardian_is_there(void **state)
{
    (void)state;
    assert_null(judge(PAPER_household_register, CHILD, IDENTITY_CITIZEN, 20200101));
    assert_null(judge(PAPER_household_register, CHILD, IDENTITY_CITIZEN, 20100102));
    assert_ptr_equal(judge(PAPER_household_register, CHILD, IDENTITY_CITIZEN, 20100101),
                     &problem_paper_unfit);
    assert_ptr_equal(judge(PAPER_household_register, BOTH, IDENTITY_CITIZEN, 20200101),
                     &problem_paper_unchecked);
}

static void
papers_have_names_and_are_told_with_what_was_looked_at(void **state)
{
    struct arena *arena = arena_new(4096);

    (void)state;
    for (enum paper i = PAPER_none + 1; i < PAPERS; i++) {
        assert_int_equal(paper_named(paper_name(i)), i);
        assert_false(text_is_empty(paper_record(i)));
    }
    assert_int_equal(paper_named("passport"), PAPER_none);
    assert_int_equal(paper_named(NULL), PAPER_none);
    assert_string_equal(paper_name(PAPERS), "");
    assert_string_equal(paper_told(arena, PAPER_idcard, BOTH | PAPER_CHIP),
                        "idcard original photo chip");
    assert_string_equal(paper_told(arena, PAPER_household_register, CHILD),
                        "household_register original guardian");
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paper_proves_who_has_the_numbers_that_it_bears),
        cmocka_unit_test(the_original_and_its_photo_must_have_been_looked_at),
        cmocka_unit_test(a_household_register_proves_a_child_whose_guardian_is_there),
        cmocka_unit_test(papers_have_names_and_are_told_with_what_was_looked_at),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
