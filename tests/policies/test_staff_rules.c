/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idp/base/text.h"
#include "policies/channel.h"
#include "policies/staff_rules.h"

/* DJ-7: system, security and audit administrators exclude each other, and everything else. */
static void
administrators_have_one_role(void **state)
{
    (void)state;
    assert_true(staff_roles_are_sound("counter"));
    assert_true(staff_roles_are_sound("counter supervisor telephone"));
    assert_true(staff_roles_are_sound("audit_admin"));
    assert_false(staff_roles_are_sound(""));
    assert_false(staff_roles_are_sound("counter clerk"));
    assert_false(staff_roles_are_sound("system_admin security_admin"));
    assert_false(staff_roles_are_sound("audit_admin system_admin"));
    assert_false(staff_roles_are_sound("counter security_admin"));
    assert_false(staff_roles_are_sound("counte"));
}

static void
a_verb_is_for_the_roles_of_its_row_and_an_unset_one_for_nobody(void **state)
{
    (void)state;
    assert_true(staff_may("counter", STAFF_VERB_act));
    assert_false(staff_may("telephone", STAFF_VERB_act));
    assert_true(staff_may("telephone", STAFF_VERB_report_loss));
    for (int role = STAFF_ROLE_none + 1; role < STAFF_ROLES; role++) {
        const char *name = staff_role_name((enum staff_role)role);

        assert_false(staff_may(name, STAFF_VERB_unset));
        assert_false(staff_may(name, STAFF_VERB_open));
        assert_true(staff_may(name, STAFF_VERB_work));
    }
    assert_false(staff_may("", STAFF_VERB_work));
    assert_false(staff_may("counter audit_admin", STAFF_VERB_work));
}

/* DJ-7: who reads the trail changes nothing, and no administrator sees a citizen. */
static void
administrators_do_nothing_for_citizens(void **state)
{
    (void)state;
    for (int verb = STAFF_VERB_lock + 1; verb < STAFF_VERBS; verb++) {
        bool admins = text_starts(staff_verb_name((enum staff_verb)verb), "manage_") ||
                      verb == STAFF_VERB_see_settings || verb == STAFF_VERB_read_audit ||
                      verb == STAFF_VERB_enrol_staff;

        assert_true(admins || !staff_may("system_admin", (enum staff_verb)verb));
        assert_true(admins || !staff_may("security_admin", (enum staff_verb)verb));
        assert_true(verb == STAFF_VERB_read_audit ||
                    !staff_may("audit_admin", (enum staff_verb)verb));
    }
}

static void
a_region_serves_what_lies_in_it(void **state)
{
    (void)state;
    assert_true(staff_region_may("440106", "440106"));
    assert_true(staff_region_may("440100", "440106"));
    assert_true(staff_region_may("440000", "440106"));
    assert_false(staff_region_may("440106", "440100"));
    assert_false(staff_region_may("440300", "440106"));
    assert_false(staff_region_may("", "440106"));
    assert_true(staff_region_may("440106", "")); /* nobody knows where she is insured */
}

/* ST-11 */
static void
the_second_is_another_person_at_another_counter(void **state)
{
    const struct staff_hand first = { "li", bytes_of_text("a"), "k_1" };

    (void)state;
    assert_true(
        staff_second_may(&first, &(struct staff_hand) { "wang", bytes_of_text("b"), "k_2" }));
    assert_false(
        staff_second_may(&first, &(struct staff_hand) { "li", bytes_of_text("b"), "k_2" }));
    assert_false(
        staff_second_may(&first, &(struct staff_hand) { "wang", bytes_of_text("a"), "k_2" }));
    assert_false(
        staff_second_may(&first, &(struct staff_hand) { "wang", bytes_of_text("b"), "k_1" }));
    assert_false(staff_second_may(&first, &(struct staff_hand) { "wang", { NULL, 0 }, "k_2" }));
    assert_false(staff_second_may(&(struct staff_hand) { "li", { NULL, 0 }, "k_1" }, &first));
}

/* DJ-3: the channel's row holds the same times. */
static void
a_sitting_lives_as_long_as_its_channel_says(void **state)
{
    (void)state;
    assert_int_equal(channel_rule("counter")->idle_s, STAFF_IDLE_S);
    assert_int_equal(channel_rule("counter")->absolute_s, STAFF_SHIFT_S);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(administrators_have_one_role),
        cmocka_unit_test(a_verb_is_for_the_roles_of_its_row_and_an_unset_one_for_nobody),
        cmocka_unit_test(administrators_do_nothing_for_citizens),
        cmocka_unit_test(a_region_serves_what_lies_in_it),
        cmocka_unit_test(the_second_is_another_person_at_another_counter),
        cmocka_unit_test(a_sitting_lives_as_long_as_its_channel_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
