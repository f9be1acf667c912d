/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/card_state.h"

#include "tests/policies/kit.h"

#define NOW 1767225600 /* 2026-01-01 08:00 in Beijing */
#define TODAY 20260101
#define LATER (NOW + 60)

static const struct {
    const char *what;
    struct card_facts facts;
    enum card_effective state;
} cases[] = {
    { "of level 1, all in order",
      { ECARD_L1, 0, 0, PHYSICAL_NORMAL, 0, 20300101, 20300101 },
      CARD_ACTIVE },
    { "of level 2, all in order",
      { ECARD_L2, 0, 0, PHYSICAL_NORMAL, 0, 20300101, 20300101 },
      CARD_ACTIVE },
    { "without a last day", { ECARD_L1, 0, 0, PHYSICAL_NORMAL, 0, 0, 0 }, CARD_ACTIVE },
    { "never issued", { ECARD_NONE, 0, 0, PHYSICAL_NORMAL, 0, 20300101, 20300101 }, CARD_CLOSED },
    { "closed", { ECARD_CLOSED, 0, 0, PHYSICAL_NORMAL, 0, 20300101, 20300101 }, CARD_CLOSED },
    { "of a state of a newer version", { 99, 0, 0, PHYSICAL_NORMAL, 0, 20300101, 0 }, CARD_CLOSED },

    { "the physical one is not enabled",
      { ECARD_L1, 0, 0, PHYSICAL_NOT_ENABLED, 0, 20300101, 0 },
      CARD_INACTIVE },
    { "it is lost", { ECARD_L1, 0, 0, PHYSICAL_LOST, 0, 20300101, 0 }, CARD_SUSPENDED },
    { "it is locked", { ECARD_L1, 0, 0, PHYSICAL_LOCKED, 0, 20300101, 0 }, CARD_SUSPENDED },
    { "it is void", { ECARD_L1, 0, 0, PHYSICAL_VOID, 0, 20300101, 0 }, CARD_REVOKED },
    { "it is cancelled", { ECARD_L1, 0, 0, PHYSICAL_CANCELLED, 0, 20300101, 0 }, CARD_REVOKED },
    { "it is in a state that nobody knows", { ECARD_L1, 0, 0, 5, 0, 20300101, 0 }, CARD_SUSPENDED },
    { "its provisional loss holds",
      { ECARD_L1, 0, 0, PHYSICAL_PROVISIONAL, LATER, 20300101, 0 },
      CARD_SUSPENDED },
    { "its provisional loss has no end",
      { ECARD_L1, 0, 0, PHYSICAL_PROVISIONAL, 0, 20300101, 0 },
      CARD_SUSPENDED },
    { "its provisional loss ends this second",
      { ECARD_L1, 0, 0, PHYSICAL_PROVISIONAL, NOW, 20300101, 0 },
      CARD_ACTIVE },

    { "a provisional loss holds",
      { ECARD_L1, CARD_LOSS_PROVISIONAL, LATER, PHYSICAL_NORMAL, 0, 20300101, 0 },
      CARD_SUSPENDED },
    { "a provisional loss has no end",
      { ECARD_L1, CARD_LOSS_PROVISIONAL, 0, PHYSICAL_NORMAL, 0, 20300101, 0 },
      CARD_SUSPENDED },
    { "a provisional loss ends this second",
      { ECARD_L1, CARD_LOSS_PROVISIONAL, NOW, PHYSICAL_NORMAL, 0, 20300101, 0 },
      CARD_ACTIVE },
    { "a formal loss",
      { ECARD_L1, CARD_LOSS_FORMAL, 0, PHYSICAL_NORMAL, 0, 20300101, 0 },
      CARD_REVOKED },
    { "a formal loss that an end was left with",
      { ECARD_L1, CARD_LOSS_FORMAL, NOW, PHYSICAL_NORMAL, 0, 20300101, 0 },
      CARD_REVOKED },
    { "a loss of a newer version",
      { ECARD_L1, 9, 0, PHYSICAL_NORMAL, 0, 20300101, 0 },
      CARD_SUSPENDED },
    { "one loss has lapsed, the office's holds",
      { ECARD_L1, CARD_LOSS_PROVISIONAL, NOW, PHYSICAL_LOST, 0, 20300101, 0 },
      CARD_SUSPENDED },

    { "its last day", { ECARD_L1, 0, 0, PHYSICAL_NORMAL, 0, TODAY, 0 }, CARD_ACTIVE },
    { "the day after its last", { ECARD_L1, 0, 0, PHYSICAL_NORMAL, 0, 20251231, 0 }, CARD_LAPSED },
    { "the physical one's last day",
      { ECARD_L1, 0, 0, PHYSICAL_NORMAL, 0, 20300101, TODAY },
      CARD_ACTIVE },
    { "the day after the physical one's last",
      { ECARD_L1, 0, 0, PHYSICAL_NORMAL, 0, 20300101, 20251231 },
      CARD_LAPSED },

    { "closed goes before revoked",
      { ECARD_CLOSED, 0, 0, PHYSICAL_VOID, 0, 20300101, 0 },
      CARD_CLOSED },
    { "revoked goes before suspended",
      { ECARD_L1, CARD_LOSS_PROVISIONAL, LATER, PHYSICAL_VOID, 0, 20300101, 0 },
      CARD_REVOKED },
    { "suspended goes before not enabled",
      { ECARD_L1, CARD_LOSS_PROVISIONAL, LATER, PHYSICAL_NOT_ENABLED, 0, 20300101, 0 },
      CARD_SUSPENDED },
    { "not enabled goes before past",
      { ECARD_L1, 0, 0, PHYSICAL_NOT_ENABLED, 0, 20251231, 0 },
      CARD_INACTIVE },
    { "revoked goes before past",
      { ECARD_L1, 0, 0, PHYSICAL_CANCELLED, 0, 20251231, 0 },
      CARD_REVOKED },
};

static void
the_gravest_of_all_that_holds_is_what_the_card_is_worth(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (card_effective(&cases[i].facts, NOW) != cases[i].state)
            fail_msg("%s: %s", cases[i].what,
                     card_effective_name(card_effective(&cases[i].facts, NOW)));
    }
}

static void
assert_active_only_when_well(int64_t own, int64_t loss, int64_t physical)
{
    struct card_facts facts = { own, loss, LATER, physical, LATER, 20300101, 20300101 };
    bool well = (own == ECARD_L1 || own == ECARD_L2) && loss == CARD_NOT_LOST &&
                physical == PHYSICAL_NORMAL;

    assert_int_equal(card_effective(&facts, NOW) == CARD_ACTIVE, well);
}

/* Every combination of the states that are known. */
static void
only_a_card_that_is_well_on_both_sides_is_active(void **state)
{
    static const int64_t physical[] = { PHYSICAL_NOT_ENABLED, PHYSICAL_NORMAL,
                                        PHYSICAL_LOST,        PHYSICAL_VOID,
                                        PHYSICAL_PROVISIONAL, PHYSICAL_CANCELLED,
                                        PHYSICAL_LOCKED };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(physical); i++)
        for (int64_t own = ECARD_NONE; own <= ECARD_CLOSED; own++)
            for (int64_t loss = CARD_NOT_LOST; loss <= CARD_LOSS_FORMAL; loss++)
                assert_active_only_when_well(own, loss, physical[i]);
}

static void
the_offices_letters_are_read_and_written(void **state)
{
    static const char *const letters[] = { "0", "1", "2", "7", "8", "9", "L" };
    static const char *const not_letters[] = { "", "3", "l", "01", "1 ", NULL };
    int64_t read;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(letters); i++) {
        assert_true(physical_state_read(letters[i], &read));
        assert_string_equal(physical_state_letter(read), letters[i]);
    }
    for (size_t i = 0; i < COUNT_OF(not_letters); i++)
        assert_false(physical_state_read(not_letters[i], &read));
    assert_string_equal(physical_state_letter(5), "?");
}

static void
it_is_renewed_from_sixty_days_before_its_last_day(void **state)
{
    (void)state;
    assert_true(card_may_be_renewed(20260302, NOW));
    assert_false(card_may_be_renewed(20260303, NOW));
    assert_true(card_may_be_renewed(20200101, NOW));
    assert_false(card_may_be_renewed(0, NOW));
}

static void
a_login_by_a_card_says_so(void **state)
{
    (void)state;
    assert_true(card_is_in_amr("sc pin"));
    assert_true(card_is_in_amr("card"));
    assert_false(card_is_in_amr("pwd sms"));
    assert_false(card_is_in_amr("scx cards"));
    assert_false(card_is_in_amr(""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gravest_of_all_that_holds_is_what_the_card_is_worth),
        cmocka_unit_test(only_a_card_that_is_well_on_both_sides_is_active),
        cmocka_unit_test(the_offices_letters_are_read_and_written),
        cmocka_unit_test(it_is_renewed_from_sixty_days_before_its_last_day),
        cmocka_unit_test(a_login_by_a_card_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
