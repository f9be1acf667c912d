/* SPDX-License-Identifier: Apache-2.0 */
/* Forgotten password, lost or changed phone, to the end: SE-12, SE-13, AU-18, AU-19, AU-20, AU-21. */
#include "tests/protocols/account/kit.h"

#include "idp/audit/audit.h"
#include "idp/person/vault.h"
#include "idp/server/life/outbox.h"

#define NEW_PASSWORD "quite another password"
#define NEW_PHONE "13800138002"

static bool
password_opens(struct world *w, const char *phone, const char *password)
{
    struct journey j = { .w = w };
    size_t cookies = w->cookies;
    bool opens;

    w->cookies = 0;
    world_advance(w, 1); /* in the second of the change itself no login begins */
    world_open(w, "/login");
    journey_arrive(&j);
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", j.tx, j.csrf, phone,
                    world_url(w, password));
    opens = world_cookie(w, "__Host-session") != NULL;
    w->cookies = cookies;
    return opens;
}

static const char *
phone_of(struct world *w, const char *person_id)
{
    struct ctx ctx = world_ctx(w);
    struct person person;

    assert_int_equal(person_load(&ctx, person_id, &person), OK);
    return person.phone;
}

static void
a_forgotten_password_is_replaced_and_she_is_logged_in(void **state)
{
    struct world *w = *state;
    struct journey j;

    world_person(w, 0);
    j = recovery_to_password(w, &zhang_san, zhang_san.phone);
    assert_non_null(strstr(w->answer.body, "138****8000"));
    world_audit_mark(w);
    recovery_choose(&j, NEW_PASSWORD);
    assert_non_null(world_cookie(w, "__Host-session"));
    assert_non_null(strstr(w->answer.body, "id=\"greeting\""));
    assert_audited(w, AUDIT_PASSWORD_SET, "recovered");
    assert_int_equal(world_audit_count(w, AUDIT_PHONE_CHANGED), 0);
    assert_true(password_opens(w, zhang_san.phone, NEW_PASSWORD));
    assert_false(password_opens(w, zhang_san.phone, WORLD_PASSWORD));
}

static void
she_goes_on_to_the_partner_that_she_came_from(void **state)
{
    struct world *w = *state;
    struct journey j = { .w = w };

    world_person(w, 0);
    world_authorize(w, "webhall", "");
    journey_arrive(&j);
    assert_non_null(strstr(w->answer.body, "id=\"recover-link\""));
    recovery_go_to_identity(&j, zhang_san.phone);
    recovery_identify(&j, &zhang_san);
    recovery_choose(&j, NEW_PASSWORD);
    assert_non_null(strstr(w->answer.body, "action=\"/consent\""));
}

static void
another_number_takes_the_place_of_the_old_one(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct journey j = recovery_to_password(w, &zhang_san, NEW_PHONE);

    assert_non_null(strstr(w->answer.body, "id=\"phone-new\""));
    assert_non_null(strstr(w->answer.body, "138****8002"));
    world_audit_mark(w);
    recovery_choose(&j, NEW_PASSWORD);
    assert_audited(w, AUDIT_PHONE_CHANGED, "recovered");
    assert_string_equal(phone_of(w, person_id), "+86" NEW_PHONE);
    assert_true(password_opens(w, NEW_PHONE, NEW_PASSWORD));
    assert_false(password_opens(w, zhang_san.phone, NEW_PASSWORD));
}

static void
deliver_all(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    bool worked = true;

    while (worked)
        assert_int_equal(outbox_deliver(&ctx, &worked), OK);
}

static void
the_number_she_had_is_told(void **state)
{
    struct world *w = *state;
    struct journey j;

    world_person(w, 0);
    j = recovery_to_password(w, &zhang_san, NEW_PHONE);
    recovery_choose(&j, NEW_PASSWORD);
    deliver_all(w);
    assert_string_equal(world_sms_notice(w, zhang_san.phone), "登录密码和手机号");
    assert_null(world_sms_notice(w, NEW_PHONE));
}

static void
a_gateway_that_is_down_holds_nothing_up(void **state)
{
    struct world *w = *state;
    struct journey j;

    world_person(w, 0);
    j = recovery_to_password(w, &zhang_san, zhang_san.phone);
    world_sms_control(w, "fail=on");
    recovery_choose(&j, NEW_PASSWORD);
    assert_non_null(world_cookie(w, "__Host-session"));
    deliver_all(w);
    world_sms_control(w, "fail=off");
    assert_null(world_sms_notice(w, zhang_san.phone));
    world_advance(w, 60);
    deliver_all(w);
    assert_string_equal(world_sms_notice(w, zhang_san.phone), "登录密码");
}

static void
se12_all_sessions_and_grants_end_before_the_answer(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;
    struct journey j;
    const char *elsewhere;
    struct ctx ctx;
    struct session session;

    tokens = world_login_tokens(w, "webhall");
    elsewhere = world_cookie(w, "__Host-session");
    w->cookies = 0;
    j = recovery_to_password(w, &zhang_san, zhang_san.phone);
    assert_true(world_token_works(w, tokens.access));
    recovery_choose(&j, NEW_PASSWORD);
    ctx = world_ctx(w);
    assert_int_equal(session_load(&ctx, elsewhere, &session), OK);
    assert_false(session.live);
    assert_false(world_token_works(w, tokens.access));
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
se13_a_login_begun_before_is_not_finished_after(void **state)
{
    struct world *w = *state;
    struct journey pending = { .w = w };
    struct journey j;
    const char *code;

    world_person(w, 0);
    world_open(w, "/login/sms");
    journey_arrive(&pending);
    journey_post(&pending, "/login/sms", "phone=13800138000");
    code = world_sms_code(w, zhang_san.phone);
    world_advance(w, 61);
    j = recovery_to_password(w, &zhang_san, zhang_san.phone);
    recovery_choose(&j, NEW_PASSWORD);
    world_advance(w, 5);
    world_audit_mark(w);
    world_form_post(w, "/login/sms/code", "tx=%s&csrf=%s&code=%s", pending.tx, pending.csrf, code);
    assert_refused(w, &problem_transaction_lost);
    assert_audited(w, AUDIT_LOGIN_REJECTED, "late");
    assert_int_equal(world_rows_of(w, "session"), 1);
}

static void
au19_what_was_proven_is_used_once(void **state)
{
    struct world *w = *state;
    struct journey j;
    struct journey again;
    const char *name;
    const char *value;

    world_person(w, 0);
    j = recovery_to_password(w, &zhang_san, zhang_san.phone);
    again = j;
    name = arena_text(w->arena, w->jar[0].name);
    value = arena_text(w->arena, w->jar[0].value);
    recovery_choose(&j, NEW_PASSWORD);
    w->cookies = 0;
    world_cookie_put(w, name, value);
    world_audit_mark(w);
    recovery_choose(&again, "somebody else's password");
    assert_refused(w, &problem_transaction_order);
    assert_audited(w, AUDIT_RECOVERY_REJECTED, "late");
    assert_null(world_cookie(w, "__Host-session"));
    assert_true(password_opens(w, zhang_san.phone, NEW_PASSWORD));
}

static void
au19_of_two_recoveries_the_second_changes_nothing(void **state)
{
    struct world *w = *state;
    struct journey first;
    struct journey second;

    world_person(w, 0);
    first = recovery_to_password(w, &zhang_san, zhang_san.phone);
    world_advance(w, 61);
    second = recovery_to_password(w, &zhang_san, zhang_san.phone);
    recovery_choose(&second, NEW_PASSWORD);
    world_advance(w, 5);
    recovery_choose(&first, "somebody else's password");
    assert_refused(w, &problem_transaction_order);
    assert_true(password_opens(w, zhang_san.phone, NEW_PASSWORD));
}

/* More time for the page is no more time for the proof. */
static void
au19_what_was_proven_is_too_old_after_a_quarter_of_an_hour(void **state)
{
    struct world *w = *state;
    struct journey j;

    world_person(w, 0);
    j = recovery_to_password(w, &zhang_san, zhang_san.phone);
    world_advance(w, 900);
    world_get(w, arena_printf(w->arena, "/recover/password?tx=%s", j.tx));
    assert_int_equal(w->answer.status, 200);
    world_advance(w, 1);
    recovery_choose(&j, NEW_PASSWORD);
    assert_refused(w, &problem_phone_proof_old);
    assert_non_null(strstr(w->answer.body, "id=\"recover-phone-form\""));
    assert_null(world_cookie(w, "__Host-session"));
    assert_true(password_opens(w, zhang_san.phone, WORLD_PASSWORD));
}

static void
au19_what_was_proven_is_nothing_half_an_hour_later(void **state)
{
    struct world *w = *state;
    struct journey j;

    world_person(w, 0);
    j = recovery_to_password(w, &zhang_san, zhang_san.phone);
    world_advance(w, w->settings.life.transaction_s + 1);
    recovery_choose(&j, NEW_PASSWORD);
    assert_null(world_cookie(w, "__Host-session"));
    assert_true(password_opens(w, zhang_san.phone, WORLD_PASSWORD));
}

/* AU-20, SE-17 */
static void
au20_no_step_is_taken_before_the_one_ahead_of_it(void **state)
{
    static const char *const steps[] = { "/recover/code", "/recover/identity",
                                         "/recover/password" };
    struct world *w = *state;
    struct journey j = { .w = w };

    world_person(w, 0);
    world_open(w, "/recover");
    journey_arrive(&j);
    for (size_t i = 0; i < 3; i++) {
        world_get(w, arena_printf(w->arena, "%s?tx=%s", steps[i], j.tx));
        assert_refused(w, &problem_transaction_order);
        world_form_post(w, steps[i], "tx=%s&csrf=%s&code=000000&password=%s&password_again=%s",
                        j.tx, j.csrf, "abcdefgh1x", "abcdefgh1x");
        assert_refused(w, &problem_transaction_order);
    }
    recovery_send_code(&j, zhang_san.phone);
    for (size_t i = 1; i < 3; i++) {
        world_form_post(w, steps[i], "tx=%s&csrf=%s&password=abcdefgh1x&password_again=abcdefgh1x",
                        j.tx, j.csrf);
        assert_refused(w, &problem_transaction_order);
    }
    assert_true(password_opens(w, zhang_san.phone, WORLD_PASSWORD));
}

/* SE-17: what a registration has proven opens no recovery, and the other way round. */
static void
se17_a_registration_is_no_recovery(void **state)
{
    struct world *w = *state;
    struct journey registering = journey_to_identity(w, zhang_san.phone);
    struct journey recovering;

    world_get(w, arena_printf(w->arena, "/recover/identity?tx=%s", registering.tx));
    assert_refused(w, &problem_transaction_order);
    world_advance(w, 61);
    world_person(w, 1);
    recovering = recovery_to_password(w, &li_xiuying, li_xiuying.phone);
    world_get(w, arena_printf(w->arena, "/register/password?tx=%s", recovering.tx));
    assert_refused(w, &problem_transaction_order);
    world_get(w, arena_printf(w->arena, "/register/notice?tx=%s", recovering.tx));
    assert_refused(w, &problem_transaction_order);
}

static void
au21_it_is_one_factor_like_any_login_by_message(void **state)
{
    struct world *w = *state;
    struct journey j;
    struct ctx ctx;
    struct session session;

    world_person(w, 0);
    j = recovery_to_password(w, &zhang_san, zhang_san.phone);
    recovery_choose(&j, NEW_PASSWORD);
    ctx = world_ctx(w);
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    assert_true(session.live);
    assert_string_equal(session.row.amr, "sms");
}

static void
au18_a_number_that_another_uses_is_not_taken(void **state)
{
    struct world *w = *state;
    const char *holder = world_person(w, 2);
    struct journey j;

    world_person(w, 0);
    j = recovery_to_password(w, &zhang_san, NEW_PHONE);
    assert_non_null(strstr(w->answer.body, "id=\"take_over\""));
    journey_post(&j, "/recover/password",
                 "password=quite%20another&password_again=quite%20another&take_over=yes");
    assert_refused(w, &problem_phone_anothers);
    assert_string_equal(phone_of(w, holder), "+86" NEW_PHONE);
    assert_true(password_opens(w, zhang_san.phone, WORLD_PASSWORD));
}

static void
au18_a_recycled_number_goes_over_to_who_proves_it(void **state)
{
    struct world *w = *state;
    const char *holder;
    const char *elsewhere;
    struct journey j;
    struct ctx ctx;
    struct session session;

    holder = world_person(w, 2);
    world_person(w, 0);
    world_advance(w, 91 * 86400);
    world_log_in(w, 2);
    elsewhere = world_cookie(w, "__Host-session");
    w->cookies = 0;
    j = recovery_to_password(w, &zhang_san, NEW_PHONE);
    recovery_choose(&j, NEW_PASSWORD);
    assert_refused(w, &problem_phone_take_over);
    world_audit_mark(w);
    journey_post(&j, "/recover/password",
                 "password=quite%20another&password_again=quite%20another&take_over=yes");
    assert_non_null(world_cookie(w, "__Host-session"));
    assert_audited(w, AUDIT_PHONE_RECYCLED, "recovered");
    assert_string_equal(phone_of(w, holder), "");
    ctx = world_ctx(w);
    assert_int_equal(session_load(&ctx, elsewhere, &session), OK);
    assert_false(session.live);
    assert_true(password_opens(w, NEW_PHONE, "quite another"));
}

static void
a_bad_password_is_told_and_another_may_be_chosen(void **state)
{
    static const struct {
        const char *password;
        const struct problem *problem;
    } cases[] = {
        { "short", &problem_password_too_short },
        { "password", &problem_password_common },
        { "x" NEW_PHONE "x", &problem_password_personal },
        { "my11010519491231002X", &problem_password_personal },
    };
    struct world *w = *state;
    struct journey j;

    world_person(w, 0);
    j = recovery_to_password(w, &zhang_san, NEW_PHONE);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        recovery_choose(&j, cases[i].password);
        assert_refused(w, cases[i].problem);
        assert_non_null(strstr(w->answer.body, "id=\"password-problem\""));
    }
    journey_post(&j, "/recover/password", "password=quite%20another&password_again=quite%20other");
    assert_refused(w, &problem_password_differs);
    recovery_choose(&j, NEW_PASSWORD);
    assert_non_null(world_cookie(w, "__Host-session"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(a_forgotten_password_is_replaced_and_she_is_logged_in),
        world_sims_test(she_goes_on_to_the_partner_that_she_came_from),
        world_sims_test(another_number_takes_the_place_of_the_old_one),
        world_sims_test(the_number_she_had_is_told),
        world_sims_test(a_gateway_that_is_down_holds_nothing_up),
        world_sims_test(se12_all_sessions_and_grants_end_before_the_answer),
        world_sims_test(se13_a_login_begun_before_is_not_finished_after),
        world_sims_test(au19_what_was_proven_is_used_once),
        world_sims_test(au19_of_two_recoveries_the_second_changes_nothing),
        world_sims_test(au19_what_was_proven_is_too_old_after_a_quarter_of_an_hour),
        world_sims_test(au19_what_was_proven_is_nothing_half_an_hour_later),
        world_sims_test(au20_no_step_is_taken_before_the_one_ahead_of_it),
        world_sims_test(se17_a_registration_is_no_recovery),
        world_sims_test(au21_it_is_one_factor_like_any_login_by_message),
        world_sims_test(au18_a_number_that_another_uses_is_not_taken),
        world_sims_test(au18_a_recycled_number_goes_over_to_who_proves_it),
        world_sims_test(a_bad_password_is_told_and_another_may_be_chosen),
    };

    return world_sims_run(tests);
}
