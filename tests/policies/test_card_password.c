/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "policies/card_password.h"

/* Born on 1949-12-31. */
static const struct card_holder_numbers holder = { "11010519491231002X", "13800138000",
                                                   "X04819372" };

static void
six_digits_are_read_however_they_were_typed(void **state)
{
    static const char *const forms[] = { "830461", "８３０４６１", "830 461", "830-461" };
    static const char *const wrong[] = { "",       "83046",     "8304612",
                                         "83046a", "8304６１1", "八三〇四六一" };
    const char *digits;

    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        assert_null(card_password_read(*state, forms[i], &digits));
        assert_string_equal(digits, "830461");
    }
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_ptr_equal(card_password_read(*state, wrong[i], &digits),
                         &problem_card_password_malformed);
    assert_ptr_equal(card_password_read(*state, NULL, &digits), &problem_card_password_malformed);
}

static void
each_kind_of_password_has_its_verdict(void **state)
{
    static const struct {
        const char *digits;
        const struct problem *problem;
    } cases[] = {
        { "830461", NULL },
        { "112358", NULL },
        { "909192", NULL },
        { "123457", NULL }, /* a run of five */
        { "123456", &problem_card_password_simple },
        { "654321", &problem_card_password_simple },
        { "789012", &problem_card_password_simple },
        { "210987", &problem_card_password_simple },
        { "111111", &problem_card_password_simple },
        { "000283", &problem_card_password_simple },
        { "830004", &problem_card_password_simple },
        { "121212", &problem_card_password_simple },
        { "112122", &problem_card_password_simple },
        { "123123", &problem_card_password_simple },
        { "112233", &problem_card_password_simple },
        { "997744", &problem_card_password_simple },
        { "491231", &problem_card_password_personal }, /* birthday */
        { "194912", &problem_card_password_personal },
        { "110105", &problem_card_password_personal }, /* where she was registered */
        { "231002", &problem_card_password_personal }, /* the end, but for the X */
        { "138001", &problem_card_password_personal },
        { "380013", &problem_card_password_personal },
        { "481937", &problem_card_password_personal }, /* the card's */
        { "138000", &problem_card_password_simple },
        { "481936", NULL },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_ptr_equal(card_password_judge(cases[i].digits, &holder), cases[i].problem);
}

static void
what_is_not_known_of_the_holder_is_not_compared(void **state)
{
    static const struct card_holder_numbers nobody = { NULL, "", NULL };

    (void)state;
    assert_null(card_password_judge("491231", &nobody));
    assert_null(card_password_judge("830461", &nobody));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(six_digits_are_read_however_they_were_typed),
        WITH_ARENA(each_kind_of_password_has_its_verdict),
        WITH_ARENA(what_is_not_known_of_the_holder_is_not_compared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
