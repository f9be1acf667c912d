/* SPDX-License-Identifier: Apache-2.0 */
/* The first step: a phone number and the code sent to it. AU-08 to AU-14, TX-18. */
#include "tests/protocols/account/kit.h"

#include "idp/audit/audit.h"
#include "idp/connect/sms.h"

#define PHONE "13800138000"

static void
assert_arrived_at_notice(struct world *w)
{
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "id=\"register-notice-form\""));
}

static void
every_spelling_of_a_number_is_the_same_number(void **state)
{
    static const char *const spellings[] = { "+86 138 0013 8000", "008613800138000",
                                             "１３８００１３８０００", "138-0013-8000",
                                             "13800138000" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
        size_t before = world_sms_count(w, PHONE);

        (void)journey_with_code_sent(w, spellings[i]);
        assert_int_equal(world_sms_count(w, PHONE), before + 1);
        world_advance(w, 3600);
    }
}

static void
a_number_that_is_none_is_refused_beside_its_field(void **state)
{
    static const char *const numbers[] = {
        "", "12345", "+1 202 555 0123", "23800138000", "138001380001", "1380013800x"
    };
    struct world *w = *state;
    struct journey j = journey_begin(w);

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        journey_send_code(&j, numbers[i]);
        assert_refused(w, &problem_phone_invalid);
        assert_non_null(strstr(w->answer.body, "id=\"phone-problem\""));
    }
    assert_int_equal(world_rows_of(w, "one_time_code"), 0);
}

static void
a_code_works_again_for_who_presses_twice_and_not_after(void **state)
{
    struct world *w = *state;
    struct journey j = journey_with_code_sent(w, PHONE);
    struct journey again = j;
    const char *code = world_sms_code(w, PHONE);

    journey_enter_code(&j, code);
    assert_arrived_at_notice(w);
    world_advance(w, REPEAT_S - 1);
    j = again;
    journey_enter_code(&j, code);
    assert_arrived_at_notice(w);
    world_advance(w, 1);
    world_audit_mark(w);
    journey_enter_code(&again, code);
    assert_refused(w, &problem_sms_code_wrong);
    assert_audited(w, AUDIT_CODE_FAILED, "register");
}

static void
a_code_with_blanks_or_wide_digits_is_the_same_code(void **state)
{
    struct world *w = *state;
    struct journey j = journey_with_code_sent(w, PHONE);
    const char *code = world_sms_code(w, PHONE);

    journey_enter_code(&j, arena_printf(w->arena, " %.3s %s ", code, code + 3));
    assert_arrived_at_notice(w);
}

static void
what_cannot_be_a_code_does_not_cost_a_try(void **state)
{
    static const char *const typed[] = { "", "12345", "1234567", "12a456", "abcdef" };
    struct world *w = *state;
    struct journey j = journey_with_code_sent(w, PHONE);

    for (size_t i = 0; i < 10; i++) {
        journey_enter_code(&j, typed[i % 5]);
        assert_refused(w, &problem_sms_code_malformed);
    }
    journey_enter_code(&j, world_sms_code(w, PHONE));
    assert_arrived_at_notice(w);
}

static void
the_fifth_wrong_code_kills_the_right_one(void **state)
{
    struct world *w = *state;
    struct journey j = journey_with_code_sent(w, PHONE);
    const char *code = world_sms_code(w, PHONE);
    char wrong = code[0] == '1' ? '2' : '1';

    for (int i = 0; i < 4; i++) {
        journey_enter_code(&j, arena_printf(w->arena, "%c0000%d", wrong, i));
        assert_refused(w, &problem_sms_code_wrong);
    }
    journey_enter_code(&j, arena_printf(w->arena, "%c00009", wrong));
    assert_refused(w, &problem_sms_code_dead);
    journey_enter_code(&j, code);
    assert_refused(w, &problem_sms_code_wrong);
    assert_int_equal(world_audit_count(w, AUDIT_CODE_FAILED), 6);
}

static void
a_code_works_up_to_its_last_second_and_not_after(void **state)
{
    struct world *w = *state;
    struct journey in_time = journey_with_code_sent(w, PHONE);
    struct journey late;
    const char *code = world_sms_code(w, PHONE);

    world_advance(w, 299);
    journey_enter_code(&in_time, code);
    assert_arrived_at_notice(w);
    late = journey_with_code_sent(w, "13800138001");
    world_advance(w, 300);
    journey_enter_code(&late, world_sms_code(w, "13800138001"));
    assert_refused(w, &problem_sms_code_wrong);
}

static void
a_new_code_makes_the_old_one_worthless(void **state)
{
    struct world *w = *state;
    struct journey j = journey_with_code_sent(w, PHONE);
    const char *old = world_sms_code(w, PHONE);

    world_advance(w, 60);
    world_form_post(w, "/register", "tx=%s&csrf=%s", j.tx,
                    j.csrf); /* the form that asks again names no number */
    journey_arrive(&j);
    assert_int_equal(w->answer.status, 200);
    assert_string_not_equal(world_sms_code(w, PHONE), old);
    journey_enter_code(&j, old);
    assert_refused(w, &problem_sms_code_wrong);
    journey_enter_code(&j, world_sms_code(w, PHONE));
    assert_arrived_at_notice(w);
}

/* AU-11: neither in another flow, nor for another purpose or number. */
static void
a_code_of_one_flow_is_nothing_in_another(void **state)
{
    struct world *w = *state;
    struct journey first = journey_with_code_sent(w, PHONE);
    const char *code = world_sms_code(w, PHONE);
    struct journey other;

    world_advance(w, 60);
    other = journey_with_code_sent(w, PHONE);
    journey_enter_code(&other, code);
    assert_refused(w, &problem_sms_code_wrong);
    journey_post(&first, "/login/sms/code", arena_printf(w->arena, "code=%s", code));
    assert_refused(w, &problem_sms_code_wrong);
    journey_enter_code(&first, code);
    assert_arrived_at_notice(w);
    journey_enter_code(&other, world_sms_code(w, PHONE));
    assert_arrived_at_notice(w);
}

/* C9: who is asked on the telephone for "the hospital's code" can read what it is. */
static void
c9_a_message_names_its_purpose_and_the_partner_she_came_from(void **state)
{
    struct world *w = *state;
    struct journey j = { .w = w };

    w->settings.sms.template_code_login = "SMS_LOGIN";
    w->settings.sms.template_partner = "partner";
    world_authorize(w, "webhall", "");
    world_get(w, arena_printf(w->arena, "/register%s", strchr(world_header(w, "Location"), '?')));
    journey_arrive(&j);
    journey_send_code(&j, PHONE);
    assert_string_equal(world_sms_says(w, PHONE, "template_code"), "SMS_1");
    assert_string_equal(world_sms_says(w, PHONE, "partner"), "网上办事大厅");
    world_advance(w, 60);
    world_open(w, "/login/sms");
    journey_arrive(&j);
    journey_post(&j, "/login/sms", "phone=" PHONE);
    assert_string_equal(world_sms_says(w, PHONE, "template_code"), "SMS_LOGIN");
    assert_string_equal(world_sms_says(w, PHONE, "partner"), "Tongxing");
}

/* AU-14: the caps belong to the number, whichever page asks. */
static void
all_flows_share_one_cap_per_number(void **state)
{
    struct world *w = *state;
    size_t before = world_sms_count(w, PHONE);
    struct journey j;

    for (int i = 0; i < 8; i++) {
        j = journey_begin(w);
        journey_post(&j, i % 2 == 0 ? "/register" : "/login/sms", "phone=" PHONE);
        if (i < 5)
            assert_int_equal(w->answer.status, 200);
        else
            assert_refused(w, &problem_sms_wait_60);
        world_advance(w, 60);
    }
    assert_int_equal(world_sms_count(w, PHONE), before + 5);
    assert_int_equal(world_audit_count(w, AUDIT_CODE_CAPPED), 3);
}

static void
one_number_gets_ten_codes_a_day(void **state)
{
    struct world *w = *state;
    size_t before = world_sms_count(w, PHONE);

    for (int i = 0; i < 12; i++) {
        struct journey j = journey_begin(w);

        journey_send_code(&j, PHONE);
        if (i >= 10)
            assert_refused(w, &problem_sms_too_many);
        world_advance(w, 3600);
    }
    assert_int_equal(world_sms_count(w, PHONE), before + 10);
}

/* The address without a transaction must not be what Back and reload come to. */
static void
c5_back_from_the_codes_page_comes_to_the_same_registration(void **state)
{
    struct world *w = *state;
    const char *address;
    struct journey j = { .w = w };

    world_get(w, "/register");
    assert_int_equal(w->answer.status, 303);
    address = arena_text(w->arena, world_header(w, "Location"));
    world_get(w, address);
    journey_arrive(&j);
    journey_send_code(&j, PHONE);
    assert_non_null(strstr(w->answer.body, "id=\"register-code-form\""));
    world_get(w, address); /* Back */
    journey_arrive(&j);
    journey_send_code(&j, PHONE);
    assert_non_null(strstr(w->answer.body, "id=\"register-code-form\""));
}

static void
who_asks_again_within_a_minute_is_led_to_the_code_that_was_sent(void **state)
{
    struct world *w = *state;
    struct journey j = journey_with_code_sent(w, PHONE);
    struct journey elsewhere = journey_begin(w);
    int sent = (int)world_sms_count(w, PHONE);

    world_audit_mark(w);
    world_advance(w, 59);
    journey_send_code(&j, PHONE);
    assert_non_null(strstr(w->answer.body, "id=\"register-code-form\""));
    assert_int_equal(world_sms_count(w, PHONE), sent);
    assert_audited(w, AUDIT_CODE_CAPPED, "sms_minute");
    journey_send_code(&elsewhere, PHONE); /* no code of this flow is out */
    assert_refused(w, &problem_sms_too_soon);
    world_advance(w, 1);
    journey_send_code(&j, PHONE);
    assert_int_equal(w->answer.status, 200);
}

/* AU-13: a thousand numbers asked for from one address. */
static void
one_address_gets_no_more_than_its_share(void **state)
{
    struct world *w = *state;
    struct journey j = journey_begin(w);
    int sent = 0;

    w->settings.limits.codes_address = 25;

    for (int i = 0; i < 60; i++) {
        struct journey one = j;

        journey_send_code(&one, arena_printf(w->arena, "1390000%04d", i));
        sent += w->answer.status == 200;
        if (i >= 25)
            assert_refused(w, &problem_sms_network_full);
    }
    assert_int_equal(sent, 25);
    w->address = "203.0.113.8";
    journey_send_code(&j, PHONE);
    assert_int_equal(w->answer.status, 200);
}

static void
b8_a_message_that_could_not_be_sent_is_not_counted(void **state)
{
    struct world *w = *state;
    struct journey j = journey_begin(w);

    world_sms_control(w, "fail=on");
    for (int i = 0; i < 5; i++) { /* B8 */
        journey_send_code(&j, PHONE);
        assert_refused(w, &problem_sms_not_sent);
        assert_non_null(strstr(w->answer.body, "id=\"other-way\""));
        assert_int_equal(world_rows_of(w, "one_time_code"), 0);
    }
    world_sms_control(w, "fail=off");
    for (int i = 0; i < 5; i++) {
        journey_send_code(&j, PHONE);
        assert_int_equal(w->answer.status, 200);
        world_advance(w, 60);
    }
}

/* From now on the gateway at that address, with a breaker that knows nothing bad of it. */
static void
gateway_at(struct world *w, const char *url)
{
    sms_free(w->services.sms);
    w->settings.sms.url = url;
    assert_int_equal(sms_new(&w->settings, w->services.https, &w->env, &w->services.sms), OK);
}

static void
b8_nobody_is_told_of_a_message_that_was_not_sent(void **state)
{
    struct world *w = *state;
    struct journey j = journey_with_code_sent(w, PHONE);
    const char *url = w->settings.sms.url;

    world_advance(w, 60);
    gateway_at(w, "http://127.0.0.1:9/");
    for (int i = 0; i < 12; i++) { /* the last of them are the breaker's */
        journey_post(&j, "/register", "");
        assert_refused(w, &problem_sms_not_sent);
        assert_null(strstr(w->answer.body, "id=\"notice\""));
        assert_non_null(strstr(w->answer.body, "id=\"other-way\""));
    }
    gateway_at(w, url);
    journey_post(&j, "/register", "");
    assert_int_equal(w->answer.status, 200);
    journey_enter_code(&j, world_sms_code(w, PHONE));
    assert_arrived_at_notice(w);
}

static void
without_a_gateway_nobody_is_asked_for_a_number(void **state)
{
    struct world *w = *state;
    struct journey j = journey_begin(w);

    gateway_at(w, "");
    journey_send_code(&j, PHONE);
    assert_refused(w, &problem_registration_closed);
    world_get(w, "/register");
    assert_refused(w, &problem_registration_closed);
    world_get(w, "/recover");
    assert_refused(w, &problem_recovery_closed);
    world_get(w, "/");
    assert_null(strstr(w->answer.body, "id=\"register-link\""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(every_spelling_of_a_number_is_the_same_number),
        world_sims_test(a_number_that_is_none_is_refused_beside_its_field),
        world_sims_test(c9_a_message_names_its_purpose_and_the_partner_she_came_from),
        world_sims_test(b8_nobody_is_told_of_a_message_that_was_not_sent),
        world_sims_test(without_a_gateway_nobody_is_asked_for_a_number),
        world_sims_test(a_code_works_again_for_who_presses_twice_and_not_after),
        world_sims_test(a_code_with_blanks_or_wide_digits_is_the_same_code),
        world_sims_test(what_cannot_be_a_code_does_not_cost_a_try),
        world_sims_test(the_fifth_wrong_code_kills_the_right_one),
        world_sims_test(a_code_works_up_to_its_last_second_and_not_after),
        world_sims_test(a_new_code_makes_the_old_one_worthless),
        world_sims_test(a_code_of_one_flow_is_nothing_in_another),
        world_sims_test(all_flows_share_one_cap_per_number),
        world_sims_test(one_number_gets_ten_codes_a_day),
        world_sims_test(c5_back_from_the_codes_page_comes_to_the_same_registration),
        world_sims_test(who_asks_again_within_a_minute_is_led_to_the_code_that_was_sent),
        world_sims_test(one_address_gets_no_more_than_its_share),
        world_sims_test(b8_a_message_that_could_not_be_sent_is_not_counted),
    };

    return world_sims_run(tests);
}
