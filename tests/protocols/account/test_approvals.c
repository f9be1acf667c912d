/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/oauth2/backchannel_kit.h"

static void
who_is_not_logged_in_does_so_first_and_comes_back(void **state)
{
    struct world *w = *state;

    bc_ask_her(w);
    world_get(w, "/approvals");
    assert_non_null(strstr(world_header(w, "Location"), "/login?tx="));
    world_follow(w);
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=13800138000&password=%s",
                    world_hidden(w, "tx"), world_hidden(w, "csrf"), world_url(w, WORLD_PASSWORD));
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_header(w, "Location"), "/approvals");
}

static void
the_page_says_who_what_where_when_and_for_whom(void **state)
{
    static const char *const says[] = { "12333 热线",
                                        "id=\"binding-message\">4711<",
                                        "id=\"asked-where\">电话<",
                                        "138****8000",
                                        "id=\"asked-at\"",
                                        "id=\"approval-data\"" };
    struct world *w = *state;

    bc_ask_her(w);
    bc_open(w, 0);
    for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++)
        assert_non_null(strstr(w->answer.body, says[i]));
}

static void
nothing_waits_for_somebody_else(void **state)
{
    struct world *w = *state;

    bc_ask_her(w);
    world_log_in(w, 1);
    world_get(w, "/approvals");
    assert_non_null(strstr(w->answer.body, "id=\"nothing\""));
}

static void
several_wait_one_behind_the_other(void **state)
{
    struct world *w = *state;
    struct bc_form form;

    bc_ask_her(w);
    assert_non_null(bc_ask(w, "hotline", "login_hint=13800138000", "&binding_message=4712"));
    form = bc_open(w, 0);
    assert_non_null(strstr(w->answer.body, "id=\"more\""));
    bc_press(w, form, "allow");
    world_get(w, world_header(w, "Location"));
    assert_non_null(strstr(w->answer.body, "id=\"notice\""));
    assert_non_null(strstr(w->answer.body, "id=\"approval-form\""));
    assert_null(strstr(w->answer.body, "id=\"more\""));
}

static void
pressed_twice_it_is_answered_once(void **state)
{
    struct world *w = *state;
    struct bc_form form;

    bc_ask_her(w);
    form = bc_open(w, 0);
    for (int i = 0; i < 2; i++) {
        bc_press(w, form, "allow");
        assert_string_equal(world_header(w, "Location"), "/approvals?done=approved");
    }
    bc_press(w, form, "deny"); /* from behind: what stands stands */
    assert_string_equal(world_header(w, "Location"), "/approvals?done=approved");
    assert_int_equal(world_audit_count(w, AUDIT_APPROVAL_GIVEN), 1);
    assert_int_equal(world_audit_count(w, AUDIT_APPROVAL_REFUSED), 0);
}

static void
refused_twice_it_is_refused_once(void **state)
{
    struct world *w = *state;
    struct bc_form form;

    bc_ask_her(w);
    form = bc_open(w, 0);
    for (int i = 0; i < 2; i++) {
        bc_press(w, form, "deny");
        assert_string_equal(world_header(w, "Location"), "/approvals?done=refused");
    }
    bc_press(w, form, "allow");
    assert_string_equal(world_header(w, "Location"), "/approvals?done=refused");
    assert_int_equal(world_audit_count(w, AUDIT_APPROVAL_GIVEN), 0);
}

static void
what_is_over_cannot_be_allowed(void **state)
{
    struct world *w = *state;
    struct bc_form form;

    bc_ask_her(w);
    form = bc_open(w, 0);
    world_advance(w, 300);
    bc_press(w, form, "allow");
    assert_string_equal(world_header(w, "Location"), "/approvals?done=over");
    world_get(w, "/approvals?done=over");
    assert_non_null(strstr(w->answer.body, "id=\"nothing\""));
}

/* XD-10 */
static void
xd_10_a_form_from_elsewhere_approves_nothing(void **state)
{
    struct world *w = *state;
    struct bc_form form;
    int64_t rows;

    bc_ask_her(w);
    form = bc_open(w, 0);
    rows = world_rows(w);
    world_audit_mark(w);
    world_form_post(w, "/approvals", "which=%s&decision=allow", form.which);
    assert_refused(w, &problem_form_forged);
    assert_audited(w, AUDIT_APPROVAL_REJECTED, "csrf");
    world_form_post(w, "/approvals", "which=%s&csrf=AAAA&decision=allow", form.which);
    assert_refused(w, &problem_form_forged);
    world_send(
        w, &(struct world_call) { .target = "/approvals",
                                  .form = arena_printf(w->arena, "which=%s&csrf=%s&decision=allow",
                                                       form.which, form.csrf),
                                  .origin = "https://evil.example" });
    assert_refused(w, &problem_form_forged);
    world_form_post(w, "/approvals", "which=x&csrf=%s&decision=allow", form.csrf);
    assert_refused(w, &problem_transaction_lost);
    assert_int_equal(world_rows(w), rows);
}

static void
a_form_acts_only_for_whom_it_was_shown_to(void **state)
{
    struct world *w = *state;
    struct bc_form hers;
    struct bc_form other;

    bc_ask_her(w);
    hers = bc_open(w, 0);
    world_log_in(w, 1);
    world_get(w, "/");
    other = (struct bc_form) { hers.which, world_hidden(w, "csrf") };
    world_audit_mark(w);
    bc_press(w, other, "allow");
    assert_string_equal(world_header(w, "Location"), "/approvals");
    assert_audited(w, AUDIT_APPROVAL_REJECTED, "another_person");
    assert_int_equal(world_audit_count(w, AUDIT_APPROVAL_GIVEN), 0);
}

static void
who_was_logged_out_meanwhile_is_led_to_the_login(void **state)
{
    struct world *w = *state;
    struct bc_form form;

    bc_ask_her(w);
    form = bc_open(w, 0);
    world_send(
        w, &(struct world_call) { .target = "/approvals",
                                  .form = arena_printf(w->arena, "which=%s&csrf=%s&decision=allow",
                                                       form.which, form.csrf),
                                  .without_cookies = true });
    assert_string_equal(world_header(w, "Location"), "/approvals");
    assert_int_equal(world_audit_count(w, AUDIT_APPROVAL_GIVEN), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(who_is_not_logged_in_does_so_first_and_comes_back),
        world_test(the_page_says_who_what_where_when_and_for_whom),
        world_test(nothing_waits_for_somebody_else),
        world_test(several_wait_one_behind_the_other),
        world_test(pressed_twice_it_is_answered_once),
        world_test(refused_twice_it_is_refused_once),
        world_test(what_is_over_cannot_be_allowed),
        world_test(xd_10_a_form_from_elsewhere_approves_nothing),
        world_test(a_form_acts_only_for_whom_it_was_shown_to),
        world_test(who_was_logged_out_meanwhile_is_led_to_the_login),
    };

    return world_run(tests);
}
