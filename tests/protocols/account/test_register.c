/* SPDX-License-Identifier: Apache-2.0 */
/* A registration from the first page to the last. */
#include "tests/protocols/account/kit.h"

#include "idp/audit/audit.h"
#include "idp/base/metrics.h"
#include "idp/person/evidence.h"
#include "idp/person/vault.h"

#define STEPS 5

static void
steps_read(int64_t out[STEPS])
{
    static const enum metric steps[STEPS] = { METRIC_REGISTRATION_STARTED,
                                              METRIC_REGISTRATION_PHONE, METRIC_REGISTRATION_NOTICE,
                                              METRIC_REGISTRATION_BANK,
                                              METRIC_REGISTRATION_PASSWORD };

    for (size_t i = 0; i < STEPS; i++)
        out[i] = metric_read(steps[i]);
}

static void
assert_each_step_counted(const int64_t before[STEPS])
{
    int64_t now[STEPS];

    steps_read(now);
    for (size_t i = 0; i < STEPS; i++)
        assert_int_equal(now[i], before[i] + 1);
}

static void
a_person_registers_and_is_logged_in(void **state)
{
    struct world *w = *state;
    int64_t before[STEPS];
    struct journey j;

    steps_read(before);
    j = journey_to_password(w, &zhang_san);
    world_audit_mark(w);
    journey_choose(&j, WORLD_PASSWORD);
    assert_int_equal(w->answer.status, 200);
    assert_each_step_counted(before);
    assert_non_null(world_cookie(w, "__Host-session"));
    assert_audited(w, AUDIT_PASSWORD_SET, "first");
    assert_audited(w, AUDIT_LOGIN, NULL);
    assert_int_equal(world_rows_of(w, "session"), 1);
    assert_non_null(strstr(w->answer.body, "注册成功。")); /* C13: on the home page, once */
    world_get(w, "/");
    assert_null(strstr(w->answer.body, "注册成功。"));
}

/* C13: the page that follows is the partner's question, and it says what has been achieved. */
static void
who_registers_on_the_way_to_a_partner_is_told_on_the_page_that_follows(void **state)
{
    struct world *w = *state;
    struct journey j = { .w = w };

    world_authorize(w, "webhall", "");
    world_get(w, arena_printf(w->arena, "/register%s", strchr(world_header(w, "Location"), '?')));
    journey_arrive(&j);
    assert_non_null(strstr(w->answer.body, "id=\"children\""));
    assert_non_null(strstr(w->answer.body, "id=\"cancel\""));
    journey_send_code(&j, zhang_san.phone);
    assert_non_null(strstr(w->answer.body, "id=\"cancel\""));
    journey_enter_code(&j, world_sms_code(w, zhang_san.phone));
    assert_non_null(strstr(w->answer.body, "id=\"cancel\""));
    journey_agree(&j);
    assert_non_null(strstr(w->answer.body, "id=\"cancel\""));
    journey_identify(&j, &zhang_san);
    assert_non_null(strstr(w->answer.body, "id=\"cancel\""));
    journey_choose(&j, WORLD_PASSWORD);
    assert_non_null(strstr(w->answer.body, "id=\"consent-form\""));
    assert_non_null(strstr(w->answer.body, "id=\"notice\" role=\"status\">注册成功。"));
    assert_null(strstr(w->answer.body, "id=\"cancel\"")); /* to decline is an answer */
}

static void
what_was_proven_is_kept_with_its_source(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct standing standing;
    const char *person_id;
    struct person person;

    (void)journey_to_password(w, &zhang_san);
    assert_int_equal(person_find_by_phone(&ctx, "+8613800138000", &person_id), OK);
    assert_int_equal(person_load(&ctx, person_id, &person), OK);
    assert_string_equal(person.name, "张三");
    assert_string_equal(person.identity_number, "11010519491231002X");
    assert_int_equal(person.birth_date, 19491231);
    assert_int_equal(person.phone_verified_at, WORLD_NOW);
    assert_int_equal(evidence_standing(&ctx, person_id, &standing), OK);
    assert_int_equal(standing.level, 2);
    assert_int_equal(standing.kind, EVIDENCE_BANK_CARD);
    assert_string_equal(standing.source, "China UnionPay");
    assert_true(text_starts(standing.reference, "TX"));
    assert_audited(w, AUDIT_PERSON_REGISTERED, "bank_card");
    assert_audited(w, AUDIT_BANK_RESULT, "match");
    assert_int_equal(world_audit_count(w, AUDIT_CONSENT_GIVEN), 2);
}

static void
a_registered_person_logs_in_with_phone_and_password(void **state)
{
    struct world *w = *state;
    struct journey j = journey_to_password(w, &zhang_san);

    journey_choose(&j, WORLD_PASSWORD);
    w->cookies = 0;
    world_open(w, "/login");
    journey_arrive(&j);
    journey_post(
        &j, "/login",
        arena_printf(w->arena, "phone=13800138000&password=%s", world_url(w, WORLD_PASSWORD)));
    assert_int_equal(w->answer.status, 200);
    assert_non_null(world_cookie(w, "__Host-session"));
}

static void
no_step_can_be_left_out(void **state)
{
    static const char *const pages[] = { "/register/code", "/register/notice", "/register/identity",
                                         "/register/password" };
    struct world *w = *state;
    struct journey j = journey_begin(w);

    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        world_get(w, arena_printf(w->arena, "%s?tx=%s", pages[i], j.tx));
        assert_refused(w, &problem_transaction_order);
        world_form_post(w, pages[i], "tx=%s&csrf=%s", j.tx, j.csrf);
        assert_refused(w, &problem_transaction_order);
    }
}

static void
every_form_needs_its_token_and_the_cookie_of_its_browser(void **state)
{
    static const char *const forms[] = { "/register", "/register/code", "/register/notice",
                                         "/register/identity", "/register/password" };
    struct world *w = *state;
    struct journey j = journey_begin(w);
    int64_t rows = world_rows(w);

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        world_form_post(w, forms[i], "tx=%s&csrf=nonsense", j.tx);
        assert_refused(w, &problem_form_forged);
        world_form_post(w, forms[i], "tx=%s", j.tx);
        assert_refused(w, &problem_form_forged);
        world_send(
            w, &(struct world_call) { .target = forms[i],
                                      .form = arena_printf(w->arena, "tx=%s&csrf=%s", j.tx, j.csrf),
                                      .without_cookies = true });
        assert_refused(w, &problem_transaction_lost);
    }
    assert_int_equal(world_rows(w), rows);
}

static void
a_registration_that_took_too_long_begins_again(void **state)
{
    struct world *w = *state;
    struct journey j = journey_to_identity(w, zhang_san.phone);

    world_advance(w, w->settings.life.transaction_s + 1);
    journey_identify(&j, &zhang_san);
    assert_non_null(strstr(w->answer.body, "id=\"register-phone-form\""));
    assert_int_equal(world_rows_of(w, "person"), 0);
}

/* A number that was only typed on the login page must not pass for the one proven before. */
static void
another_number_on_the_login_page_ends_what_was_proven(void **state)
{
    struct world *w = *state;
    struct journey j = journey_begin(w);

    journey_send_code(&j, zhang_san.phone);
    journey_enter_code(&j, world_sms_code(w, zhang_san.phone));
    assert_non_null(strstr(w->answer.body, "id=\"register-notice-form\""));
    journey_post(&j, "/login/sms", "phone=13800138001");
    assert_int_equal(w->answer.status, 200);
    journey_agree(&j);
    assert_refused(w, &problem_transaction_order);
    world_get(w, arena_printf(w->arena, "/register/notice?tx=%s", j.tx));
    assert_refused(w, &problem_transaction_order);
    assert_int_equal(world_rows_of(w, "consent"), 0);
}

static void
a_hole_in_the_store_is_a_problem_of_ours_and_changes_nothing(void **state)
{
    struct world *w = *state;
    struct journey j = journey_to_identity(w, zhang_san.phone);

    w->random_fails = true;
    journey_identify(&j, &zhang_san);
    w->random_fails = false;
    assert_refused(w, &problem_try_again);
    assert_int_equal(world_rows_of(w, "person"), 0);
    journey_identify(&j, &zhang_san);
    assert_non_null(strstr(w->answer.body, "id=\"register-password-form\""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(a_person_registers_and_is_logged_in),
        world_sims_test(what_was_proven_is_kept_with_its_source),
        world_sims_test(who_registers_on_the_way_to_a_partner_is_told_on_the_page_that_follows),
        world_sims_test(a_registered_person_logs_in_with_phone_and_password),
        world_sims_test(no_step_can_be_left_out),
        world_sims_test(every_form_needs_its_token_and_the_cookie_of_its_browser),
        world_sims_test(a_registration_that_took_too_long_begins_again),
        world_sims_test(another_number_on_the_login_page_ends_what_was_proven),
        world_sims_test(a_hole_in_the_store_is_a_problem_of_ours_and_changes_nothing),
    };

    return world_sims_run(tests);
}
