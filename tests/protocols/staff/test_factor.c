/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/staff/kit.h"

#include "policies/staff_rules.h"

static void
post_code(struct journey *j, const char *code)
{
    world_form_post(j->w, "/staff/factor", "tx=%s&csrf=%s&code=%s", j->tx, j->csrf, code);
}

static void
assert_sat_down(struct world *w)
{
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_header(w, "Location"), "/staff");
}

static void
a_code_is_good_once(void **state)
{
    struct world *w = *state;
    struct journey j;
    const char *code = staff_code_now(w);

    staff_sign_in(w, "li");
    j = staff_with_password(w, "li");
    world_audit_mark(w);
    staff_type_code(&j, code);
    assert_refused(w, &problem_staff_factor_used);
    assert_audited(w, AUDIT_STAFF_FAILED, "used");
    world_advance(w, TOTP_STEP_S);
    staff_type_code(&j, staff_code_now(w));
    assert_true(somebody_sits(w));
}

static void
a_code_of_the_step_before_is_not_good_behind_its_own(void **state)
{
    struct world *w = *state;
    struct journey j = staff_with_password(w, "li");

    staff_type_code(&j, staff_code_in(w, 2));
    assert_refused(w, &problem_staff_factor_wrong);
    staff_type_code(&j, staff_code_in(w, -2));
    assert_refused(w, &problem_staff_factor_wrong);
    staff_type_code(&j, staff_code_in(w, -1));
    assert_true(somebody_sits(w));
}

static void
pressed_twice_it_is_one_sitting(void **state)
{
    struct world *w = *state;
    struct journey j = staff_with_password(w, "li");
    const char *form =
        arena_printf(w->arena, "tx=%s&csrf=%s&code=%s", j.tx, j.csrf, staff_code_now(w));
    const char *first;
    const struct world before = *w;

    world_send(w, &(struct world_call) { .target = "/staff/factor", .form = form });
    assert_sat_down(w);
    first = world_cookie(w, "__Host-staff");
    memcpy(w->jar, before.jar,
           sizeof(w->jar)); /* the second press left with the cookies of the first */
    w->cookies = before.cookies;
    world_audit_mark(w);
    world_send(w, &(struct world_call) { .target = "/staff/factor", .form = form });
    assert_sat_down(w);
    assert_string_equal(world_cookie(w, "__Host-staff"), first);
    assert_int_equal(world_audit_count(w, AUDIT_STAFF_BEGAN), 0);
    assert_true(somebody_sits(w));
}

static void
the_password_is_good_for_a_quarter_of_an_hour(void **state)
{
    struct world *w = *state;
    struct journey j;

    w->settings.life.transaction_s = 3600;
    j = staff_with_password(w, "li");
    world_advance(w, STAFF_IDLE_S - 1);
    world_get(w, arena_printf(w->arena, "/staff/factor?tx=%s", j.tx));
    assert_int_equal(w->answer.status, 200);
    world_advance(w, 1);
    staff_type_code(&j, staff_code_now(w));
    assert_non_null(strstr(w->answer.body, "id=\"staff-sign-in-form\""));
    assert_false(somebody_sits(w));
}

static void
the_page_asks_for_the_password_first(void **state)
{
    struct world *w = *state;
    struct journey j = { .w = w };

    world_get(w, "/staff/factor");
    journey_arrive(&j);
    assert_non_null(strstr(w->answer.body, "id=\"staff-sign-in-form\""));
    staff_type_code(&j, staff_code_now(w));
    assert_non_null(strstr(w->answer.body, "id=\"staff-sign-in-form\""));
    assert_false(somebody_sits(w));
}

static void
a_password_at_one_counter_is_nothing_in_another_browser(void **state)
{
    struct world *w = *state;
    struct journey j = staff_with_password(w, "li");

    w->cookies = 0;
    world_counter(w, 2);
    post_code(&j, staff_code_now(w));
    assert_refused(w, &problem_transaction_lost);
    assert_null(world_cookie(w, "__Host-staff"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        staff_test(a_code_is_good_once),
        staff_test(a_code_of_the_step_before_is_not_good_behind_its_own),
        staff_test(pressed_twice_it_is_one_sitting),
        staff_test(the_password_is_good_for_a_quarter_of_an_hour),
        staff_test(the_page_asks_for_the_password_first),
        staff_test(a_password_at_one_counter_is_nothing_in_another_browser),
    };

    return world_run(tests);
}
