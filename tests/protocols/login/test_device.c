/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of a device that shows a code (RFC 8628, 3.3): XD-06, XD-07, XD-08, XD-10, XD-11. */
#include "tests/protocols/login/device_kit.h"

#include "idp/base/metrics.h"

static void
open_page(struct world *w)
{
    world_get(w, "/device");
    kit_arrive(w);
    assert_int_equal(w->answer.status, 200);
    assert_shown(w, "device-form");
}

static void
type_code(struct world *w, const char *typed)
{
    kit_press(w, "/device", arena_printf(w->arena, "user_code=%s", world_url(w, typed)));
}

static const char *
small(struct world *w, const char *text)
{
    char *copy = arena_text(w->arena, text);

    for (char *at = copy; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    return copy;
}

static void
xd_07_a_code_is_taken_as_she_types_it(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");
    const char *letters = small(w, device.user_code);

    world_log_in(w, 0);
    open_page(w);
    type_code(w, arena_printf(w->arena, " %.4s  %s ", letters, letters + 5));
    assert_shown(w, "device-confirm-form");
}

static void
xd_07_what_is_no_code_is_refused_before_the_store_is_asked(void **state)
{
    static const char *const typed[] = { "", "WDJB-MJH'", "WDJB-MJH%", "WDJB-MJHTX", "<script>" };
    struct world *w = *state;

    open_page(w);
    for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
        int64_t before = metric_read(METRIC_STORE_STATEMENTS);

        world_send(w, &(struct world_call) {
                          .target = "/device",
                          .form = arena_printf(w->arena, "tx=%s&csrf=%s&user_code=%s",
                                               world_hidden(w, "tx"), world_hidden(w, "csrf"),
                                               world_url(w, typed[i])) });
        assert_int_equal(metric_read(METRIC_STORE_STATEMENTS), before);
        kit_arrive(w);
        assert_told(w, &problem_user_code_malformed);
    }
}

static void
who_is_not_logged_in_logs_in_and_comes_back_to_it(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");

    world_person(w, 0);
    kit_scan(&device);
    assert_shown(w, "login-form");
    kit_press(w, "/login", "phone=13800138000&password=a%20password%20nobody%20guesses");
    assert_shown(w, "device-confirm-form");
    kit_press(w, "/device/confirm", "decision=allow");
    assert_shown(w, "device-done");
    kit_poll(&device);
    assert_int_equal(w->answer.status, 200);
}

static void
xd_08_the_link_alone_allows_nothing_and_the_page_says_what_and_for_whom(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");

    world_log_in(w, 0);
    kit_scan(&device);
    assert_shown(w, "device-confirm-form");
    assert_shown(w, "device-asked-at");
    assert_shown(w, "device-told");
    assert_shown(w, "device-warning");
    assert_non_null(strstr(w->answer.body, "客厅电视"));
    assert_non_null(strstr(w->answer.body, device.user_code));
    assert_non_null(strstr(w->answer.body, "138****8000"));
    kit_scan(&device);
    kit_poll(&device);
    assert_refused(w, &problem_authorization_pending);
}

static void
xd_08_at_a_terminal_she_finds_its_number_among_three(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "selfservice");
    const char *page;

    world_log_in(w, 0);
    kit_scan(&device);
    page = w->answer.body;
    assert_non_null(strstr(page, KIT_PLACE));
    assert_shown(w, arena_printf(w->arena, "number-%s", device.number));
    assert_null(strstr(page, "value=\"allow\""));
    kit_scan(&device); /* the same three: to look again tells nothing */
    for (int n = 10; n < 100; n++) {
        const char *button = arena_printf(w->arena, "id=\"number-%d\"", n);

        assert_true((strstr(page, button) == NULL) == (strstr(w->answer.body, button) == NULL));
    }
    kit_press(w, "/device/confirm", "decision=allow"); /* no answer to what is asked */
    assert_shown(w, "device-confirm-form");
    kit_press(w, "/device/confirm", kit_yes(&device));
    assert_shown(w, "device-done");
    kit_poll(&device);
    assert_int_equal(w->answer.status, 200);
}

static void
xd_08_a_wrong_number_refuses_it_for_good(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "selfservice");

    world_log_in(w, 0);
    kit_scan(&device);
    world_audit_mark(w);
    kit_press(w, "/device/confirm", "number=00");
    assert_shown(w, "device-wrong-number");
    assert_audited(w, AUDIT_DEVICE_REFUSED, "number");
    kit_scan(&device);
    assert_shown(w, "device-refused");
    kit_poll(&device);
    assert_refused(w, &problem_device_code_refused);
}

static void
allowed_and_refused_stand_in_the_audit_trail(void **state)
{
    struct world *w = *state;
    struct waiting one = kit_waiting(w, "tv");
    struct waiting two = kit_waiting(w, "tv");

    world_audit_mark(w);
    kit_allow(&one);
    assert_audited(w, AUDIT_DEVICE_APPROVED, "same_network");
    kit_scan(&two);
    world_audit_mark(w);
    kit_press(w, "/device/confirm", "decision=deny");
    assert_shown(w, "device-refused");
    assert_audited(w, AUDIT_DEVICE_REFUSED, "declined");
    assert_int_equal(world_rows_of(w, "consent"), 1); /* of the one that she allowed */
}

static void
xd_11_a_request_from_another_network_is_told_and_recorded(void **state)
{
    struct world *w = *state;
    struct waiting device;

    w->address = "203.0.113.7";
    device = kit_waiting(w, "tv");
    w->address = "198.51.100.7";
    world_log_in(w, 0);
    kit_scan(&device);
    assert_shown(w, "device-elsewhere");
    world_audit_mark(w);
    kit_press(w, "/device/confirm", "decision=allow");
    assert_audited(w, AUDIT_DEVICE_APPROVED, "other_network");
}

static void
xd_11_near_it_is_not(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");

    world_log_in(w, 0);
    kit_scan(&device);
    assert_null(strstr(w->answer.body, "device-elsewhere"));
}

static void
xd_10_a_form_that_is_not_ours_does_nothing(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");
    const char *tx;

    world_log_in(w, 0);
    kit_scan(&device);
    tx = world_hidden(w, "tx");
    world_form_post(w, "/device/confirm", "tx=%s&decision=allow", tx);
    assert_refused(w, &problem_form_forged);
    kit_poll(&device);
    assert_refused(w, &problem_authorization_pending);
}

static void
guess_wrongly(struct world *w, int times)
{
    for (int i = 0; i < times; i++) {
        open_page(w);
        type_code(w, "BBBBBBBB");
        assert_told(w, &problem_user_code_unknown);
    }
}

static void
xd_06_after_twenty_guesses_nothing_is_confirmed_or_denied(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");

    world_log_in(w, 0);
    guess_wrongly(w, 20);
    world_audit_mark(w);
    open_page(w);
    type_code(w, "BBBBBBBB");
    assert_told(w, &problem_user_code_guesses);
    assert_audited(w, AUDIT_DEVICE_GUESS, "user_code_session");
    kit_scan(&device);
    assert_told(w, &problem_user_code_guesses);
    world_advance(w, 601);
    device = kit_waiting(w, "tv");
    kit_scan(&device);
    assert_shown(w, "device-confirm-form");
}

/* Another account of the same network. */
static void
xd_06_nor_for_another_session_of_that_network(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    guess_wrongly(w, 20);
    world_log_in(w, 1);
    world_audit_mark(w);
    open_page(w);
    type_code(w, "CCCCCCCC");
    assert_told(w, &problem_user_code_guesses);
    assert_audited(w, AUDIT_DEVICE_GUESS, "user_code_address");
    w->address = "198.51.100.7";
    open_page(w);
    type_code(w, "CCCCCCCC");
    assert_told(w, &problem_user_code_unknown);
}

static void
what_is_right_is_no_guess(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");

    world_log_in(w, 0);
    for (int i = 0; i < 30; i++) {
        kit_scan(&device);
        assert_shown(w, "device-confirm-form");
    }
}

/* Whoever looks over her shoulder and types it too. */
static void
what_one_person_has_looked_at_is_unknown_to_others(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");

    world_log_in(w, 0);
    kit_scan(&device);
    world_log_in(w, 1);
    kit_scan(&device);
    assert_told(w, &problem_user_code_unknown);
    world_log_in(w, 0);
    kit_scan(&device);
    assert_shown(w, "device-confirm-form");
}

static void
the_page_acts_for_nobody_but_whom_it_was_shown_to(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");
    const char *tx;
    const char *csrf;

    world_log_in(w, 0);
    kit_scan(&device);
    tx = world_hidden(w, "tx");
    csrf = world_hidden(w, "csrf");
    world_log_in(w, 1);
    world_audit_mark(w);
    world_form_post(w, "/device/confirm", "tx=%s&csrf=%s&decision=allow", tx, csrf);
    assert_audited(w, AUDIT_DEVICE_REJECTED, "another_person");
    kit_arrive(w);
    assert_told(w, &problem_user_code_unknown); /* it is the first one's to decide */
    kit_poll(&device);
    assert_refused(w, &problem_authorization_pending);
}

static void
after_logging_out_its_form_leads_to_the_login(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");
    struct ctx ctx = world_ctx(w);
    struct session session;

    world_log_in(w, 0);
    kit_scan(&device);
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    kit_press(w, "/device/confirm", "decision=allow");
    assert_shown(w, "login-form");
    kit_poll(&device);
    assert_refused(w, &problem_authorization_pending);
}

static void
when_it_is_over_meanwhile_the_page_says_so(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");

    world_log_in(w, 0);
    kit_scan(&device);
    world_advance(w, 600);
    kit_press(w, "/device/confirm", "decision=allow");
    assert_told(w, &problem_user_code_unknown);
}

static void
a_flow_of_another_kind_has_no_business_there(void **state)
{
    static const char *const pages[] = { "/device", "/device/confirm", "/device/done" };
    struct world *w = *state;
    const char *tx;

    world_authorize(w, "webhall", "");
    kit_arrive(w);
    tx = world_hidden(w, "tx");
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        world_get(w, arena_printf(w->arena, "%s?tx=%s", pages[i], tx));
        assert_refused(w, &problem_transaction_order);
    }
}

static void
the_last_page_comes_after_her_word(void **state)
{
    struct world *w = *state;
    struct waiting device = kit_waiting(w, "tv");

    world_log_in(w, 0);
    kit_scan(&device);
    world_get(w, arena_printf(w->arena, "/device/done?tx=%s", world_hidden(w, "tx")));
    kit_arrive(w);
    assert_shown(w, "device-confirm-form");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(xd_07_a_code_is_taken_as_she_types_it),
        world_test(xd_07_what_is_no_code_is_refused_before_the_store_is_asked),
        world_test(who_is_not_logged_in_logs_in_and_comes_back_to_it),
        world_test(xd_08_the_link_alone_allows_nothing_and_the_page_says_what_and_for_whom),
        world_test(xd_08_at_a_terminal_she_finds_its_number_among_three),
        world_test(xd_08_a_wrong_number_refuses_it_for_good),
        world_test(allowed_and_refused_stand_in_the_audit_trail),
        world_test(xd_11_a_request_from_another_network_is_told_and_recorded),
        world_test(xd_11_near_it_is_not),
        world_test(xd_10_a_form_that_is_not_ours_does_nothing),
        world_test(xd_06_after_twenty_guesses_nothing_is_confirmed_or_denied),
        world_test(xd_06_nor_for_another_session_of_that_network),
        world_test(what_is_right_is_no_guess),
        world_test(what_one_person_has_looked_at_is_unknown_to_others),
        world_test(the_page_acts_for_nobody_but_whom_it_was_shown_to),
        world_test(after_logging_out_its_form_leads_to_the_login),
        world_test(when_it_is_over_meanwhile_the_page_says_so),
        world_test(a_flow_of_another_kind_has_no_business_there),
        world_test(the_last_page_comes_after_her_word),
    };

    return world_run(tests);
}
