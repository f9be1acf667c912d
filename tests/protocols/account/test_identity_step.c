/* SPDX-License-Identifier: Apache-2.0 */
/* What registering and recovering share of the page with name and card. */
#include "tests/protocols/account/kit.h"

/* Each of the day's checks that the bank answered with no is told, on both pages. */
static void
the_checks_left_for_today_are_told_where_one_was_used(void **state)
{
    struct world *w = *state;
    struct applying wrong = zhang_san;
    struct journey j = journey_to_identity(w, zhang_san.phone);

    assert_null(strstr(w->answer.body, "id=\"checks-left\""));
    wrong.name = "张四";
    journey_identify(&j, &wrong);
    assert_non_null(strstr(w->answer.body, "还可以核验 2 次"));
    world_advance(w, 61);
    j = recovery_to_identity(w, zhang_san.phone);
    assert_null(strstr(w->answer.body, "id=\"checks-left\""));
    wrong.name = "张五";
    recovery_identify(&j, &wrong);
    assert_non_null(strstr(w->answer.body, "还可以核验 1 次"));
}

static void
a_typing_mistake_costs_no_check_and_all_are_told_at_once(void **state)
{
    struct world *w = *state;
    struct journey j = recovery_to_identity(w, zhang_san.phone);
    static const char *const fields[] = { "name", "identity_number", "bank_card", "bank_phone" };

    journey_post(&j, "/recover/identity", "name=&identity_number=1&bank_card=2&bank_phone=3");
    for (size_t i = 0; i < 4; i++)
        assert_non_null(
            strstr(w->answer.body, arena_printf(w->arena, "id=\"%s-problem\"", fields[i])));
    assert_null(strstr(w->answer.body, "id=\"checks-left\""));
    assert_int_equal(ledger_count(w, ATTEMPT_BANK_PERSON_DAY), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(the_checks_left_for_today_are_told_where_one_was_used),
        world_sims_test(a_typing_mistake_costs_no_check_and_all_are_told_at_once),
    };

    return world_sims_run(tests);
}
