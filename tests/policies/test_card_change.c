/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "idp/base/text.h"
#include "policies/card_change.h"
#include "policies/card_state.h"

#define TODAY 20260101

static struct card_change_told
a_change(void)
{
    return (struct card_change_told) { .position = 7,
                                       .region = "330500",
                                       .card_no = "X00000019",
                                       .identity_number = "11010519491231002X",
                                       .state = "1",
                                       .valid_from = "20200101",
                                       .valid_to = "20300101" };
}

static void
a_change_is_taken_as_it_was_told(void **state)
{
    struct card_change_told told = a_change();
    struct card_change change;

    (void)state;
    assert_null(card_change_read(&told, TODAY, &change));
    assert_int_equal(change.position, 7);
    assert_string_equal(change.card_no, "X00000019");
    assert_int_equal(change.state, PHYSICAL_NORMAL);
    assert_int_equal(change.valid_from, 20200101);
    assert_int_equal(change.valid_to, 20300101);
    told.state = "8";
    told.lapses_at = 1767225600;
    assert_null(card_change_read(&told, TODAY, &change));
    assert_int_equal(change.lapses_at, 1767225600);
}

static void
each_state_is_a_letter_of_its_own(void **state)
{
    static const char *const sound[] = { "0", "1", "2", "7", "8", "9", "L" };
    static const char *const wrong[] = { "", "3", "4", "l", "11", "10", " " };
    struct card_change_told told = a_change();
    struct card_change change;

    (void)state;
    for (size_t i = 0; i < sizeof(sound) / sizeof(sound[0]); i++) {
        told.state = sound[i];
        assert_null(card_change_read(&told, TODAY, &change));
        assert_string_equal(physical_state_letter(change.state), sound[i]);
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        told.state = wrong[i];
        assert_string_equal(card_change_read(&told, TODAY, &change), "state");
    }
}

static void
assert_at_fault(struct card_change_told told, const char *member)
{
    struct card_change change;
    const char *fault = card_change_read(&told, TODAY, &change);

    if (!text_eq(fault, member))
        fail_msg("%s instead of %s", fault, member);
}

#define WITH(member, value) ((told = a_change()), told.member = (value), told)

static void
each_member_is_judged(void **state)
{
    struct card_change_told told;

    (void)state;
    assert_at_fault(WITH(position, 0), "position");
    assert_at_fault(WITH(position, -5), "position");
    assert_at_fault(WITH(region, "33050"), "region");
    assert_at_fault(WITH(card_no, "X0000001"), "card_no");
    assert_at_fault(WITH(identity_number, "110105194912310021"), "identity_number");
    assert_at_fault(WITH(valid_from, "20200230"), "valid_from");
    assert_at_fault(WITH(valid_to, ""), "valid_to");
    assert_at_fault(WITH(valid_to, "20191231"), "valid_to");
    assert_at_fault(WITH(lapses_at, 5), "lapses_at"); /* only a provisional loss has one */
    told = a_change();
    told.state = "8";
    told.lapses_at = -1;
    assert_at_fault(told, "lapses_at");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_taken_as_it_was_told),
        cmocka_unit_test(each_state_is_a_letter_of_its_own),
        cmocka_unit_test(each_member_is_judged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
