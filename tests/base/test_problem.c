/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/base/kit.h"

#include "idp/base/problem.h"
#include "idp/base/text.h"

/* RFC 6749, 4.1.2.1: printable ASCII without quotation mark and backslash. */
static bool
is_description(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text < 0x20 || *text > 0x7e || *text == '"' || *text == '\\')
            return false;
    return true;
}

static void
every_problem_can_be_told_in_every_language_and_on_the_wire(void **state)
{
    (void)state;
    for (size_t i = 0; all_problems[i] != NULL; i++) {
        const struct problem *problem = all_problems[i];

        assert_true(problem->status >= 400 && problem->status < 600);
        assert_false(text_is_empty(problem->code));
        assert_true(is_description(problem_text(problem, LANGUAGE_EN)));
        assert_true(is_description(problem->code));
        for (int l = 0; l < LANGUAGE_COUNT; l++) {
            const char *text = problem_text(problem, (enum language)l);

            assert_false(text_is_empty(text));
            assert_true(text_is_utf8(text, strlen(text)));
        }
    }
}

/* A sentence of one's own, that may stand in an error_description and in a cell of a table. */
static void
every_problem_says_what_to_do(void **state)
{
    (void)state;
    for (size_t i = 0; all_problems[i] != NULL; i++) {
        const char *advice = all_problems[i]->advice;

        assert_false(text_is_empty(advice));
        assert_true(is_description(advice));
        assert_true(text_ends(advice, "."));
        assert_null(strchr(advice, '|'));
        assert_string_not_equal(advice, problem_text(all_problems[i], LANGUAGE_EN));
    }
}

static void
a_problem_is_found_by_its_whole_symbol(void **state)
{
    (void)state;
    assert_ptr_equal(problem_find("try_again, and more", 9), &problem_try_again);
    assert_null(problem_find("try_again", 8));
    assert_null(problem_find("", 0));
}

static void
every_problem_has_a_symbol_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; all_problems[i] != NULL; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(all_problems[i]->symbol, all_problems[j]->symbol);
}

static void
inner_failures_become_try_again_or_our_fault(void **state)
{
    (void)state;
    assert_null(problem_of(OK));
    assert_ptr_equal(problem_of(ERR_BUSY), &problem_try_again);
    assert_ptr_equal(problem_of(ERR_UNAVAILABLE), &problem_try_again);
    assert_ptr_equal(problem_of(ERR_UNKNOWN), &problem_try_again);
    assert_ptr_equal(problem_of(ERR_NOT_FOUND), &problem_internal);
    assert_ptr_equal(problem_of(ERR_FORGED), &problem_internal);
    assert_ptr_equal(problem_of(ERR_INTERNAL), &problem_internal);
}

static void
what_passes_is_temporary(void **state)
{
    (void)state;
    assert_true(problem_is_temporary(&problem_try_again));
    assert_true(problem_is_temporary(&problem_sms_too_soon));
    assert_false(problem_is_temporary(&problem_internal));
    assert_false(problem_is_temporary(&problem_malformed));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        base_test(every_problem_can_be_told_in_every_language_and_on_the_wire),
        base_test(every_problem_says_what_to_do),
        base_test(a_problem_is_found_by_its_whole_symbol),
        base_test(every_problem_has_a_symbol_of_its_own),
        base_test(inner_failures_become_try_again_or_our_fault),
        base_test(what_passes_is_temporary),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
