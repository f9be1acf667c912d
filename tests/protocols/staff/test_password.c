/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/staff/kit.h"

#include "policies/staff_rules.h"

#define ANOTHER "Counter-No.2-opens"

static struct journey
at_password(struct world *w)
{
    struct journey j = { .w = w };

    world_get(w, "/staff/password");
    journey_arrive(&j);
    assert_int_equal(w->answer.status, 200);
    return j;
}

static const char *
fields(struct world *w, const char *old, const char *password, const char *again)
{
    return arena_printf(w->arena, "staff_name=li&password_old=%s&password=%s&password_again=%s",
                        world_url(w, old), world_url(w, password), world_url(w, again));
}

static void
change_to(struct journey *j, const char *old, const char *password)
{
    journey_post(j, "/staff/password", fields(j->w, old, password, password));
}

/* ST-07 */
static void
who_must_change_changes_and_signs_in_with_the_new_one(void **state)
{
    struct world *w = *state;
    struct journey j = staff_begin(w);

    directory_account("li")->outcome = DIRECTORY_MUST_CHANGE;
    staff_type(&j, "li", STAFF_PASSWORD);
    assert_refused(w, &problem_staff_password_change);
    world_audit_mark(w);
    change_to(&j, STAFF_PASSWORD, ANOTHER);
    assert_non_null(strstr(w->answer.body, "id=\"staff-sign-in-form\""));
    assert_non_null(strstr(w->answer.body, "id=\"notice\""));
    assert_audited(w, AUDIT_STAFF_PASSWORD, NULL);
    staff_type(&j, "li", ANOTHER);
    assert_non_null(strstr(w->answer.body, "id=\"staff-factor-form\""));
}

/* DJ-1 */
static void
twelve_characters_of_three_kinds_and_none_fewer(void **state)
{
    struct world *w = *state;
    struct journey j = at_password(w);

    change_to(&j, STAFF_PASSWORD, "Abcdefgh123"); /* 11 */
    assert_refused(w, &problem_staff_password_weak);
    change_to(&j, STAFF_PASSWORD, "abcdefgh1234"); /* two kinds */
    assert_refused(w, &problem_staff_password_weak);
    assert_int_equal(the_directory.asked, 0);
    change_to(&j, STAFF_PASSWORD, "Abcdefgh1234");
    assert_non_null(strstr(w->answer.body, "id=\"notice\""));
}

static void
all_that_is_wrong_with_the_form_is_told_at_once(void **state)
{
    struct world *w = *state;
    struct journey j = at_password(w);

    journey_post(&j, "/staff/password", fields(w, STAFF_PASSWORD, "short", "other"));
    assert_non_null(strstr(w->answer.body, "error-staff_password_weak"));
    assert_non_null(strstr(w->answer.body, "error-password_differs"));
    assert_non_null(strstr(w->answer.body, "value=\"li\""));
    change_to(&j, "", ANOTHER);
    assert_refused(w, &problem_staff_password_missing);
}

static void
what_the_directory_does_not_take_is_told(void **state)
{
    static const struct {
        enum directory_outcome outcome;
        const struct problem *told;
    } answers[] = {
        { DIRECTORY_WEAK, &problem_staff_password_weak },
        { DIRECTORY_REUSED, &problem_staff_password_reused },
        { DIRECTORY_KEPT, &problem_staff_password_kept },
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        struct journey j = at_password(w);

        the_directory.to_change = answers[i].outcome;
        change_to(&j, STAFF_PASSWORD, ANOTHER);
        assert_refused(w, answers[i].told);
    }
}

static void
a_wrong_present_password_counts_as_at_signing_in(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < STAFF_TRIES; i++) {
        struct journey j = at_password(w);

        change_to(&j, arena_printf(w->arena, "wrong%d", i), ANOTHER);
        assert_refused(w, &problem_staff_sign_in_failed);
    }
    {
        struct journey j = staff_begin(w);

        staff_type(&j, "li", STAFF_PASSWORD);
        assert_refused(w, &problem_staff_wait_15);
    }
}

static void
pressed_twice_it_is_changed_once(void **state)
{
    struct world *w = *state;
    struct journey j = at_password(w);
    const char *form = arena_printf(w->arena, "tx=%s&csrf=%s&%s", j.tx, j.csrf,
                                    fields(w, STAFF_PASSWORD, ANOTHER, ANOTHER));

    world_audit_mark(w);
    for (int i = 0; i < 2; i++) {
        world_send(w, &(struct world_call) { .target = "/staff/password", .form = form });
        assert_int_equal(w->answer.status, 303);
        assert_true(text_starts(world_header(w, "Location"), "/staff/sign-in?tx="));
    }
    assert_audited(w, AUDIT_STAFF_PASSWORD, NULL);
    assert_int_equal(the_directory.asked, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        staff_test(who_must_change_changes_and_signs_in_with_the_new_one),
        staff_test(twelve_characters_of_three_kinds_and_none_fewer),
        staff_test(all_that_is_wrong_with_the_form_is_told_at_once),
        staff_test(what_the_directory_does_not_take_is_told),
        staff_test(a_wrong_present_password_counts_as_at_signing_in),
        staff_test(pressed_twice_it_is_changed_once),
    };

    return world_run(tests);
}
