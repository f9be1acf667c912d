/* SPDX-License-Identifier: Apache-2.0 */
/* A password changed by who has it: SE-12, SE-13, AU-15. */
#include "tests/protocols/account/kit.h"

#include "idp/audit/audit.h"
#include "idp/server/life/outbox.h"

#define NEW_PASSWORD "quite another password"

static struct journey
at_form(struct world *w)
{
    struct journey j = { .w = w };

    world_log_in(w, 0);
    world_advance(w, 1); /* since which nothing of her was changed */
    world_open(w, "/account/password");
    journey_arrive(&j);
    assert_non_null(strstr(w->answer.body, "id=\"account-password-form\""));
    return j;
}

static void
change_to(struct journey *j, const char *old, const char *password)
{
    const char *typed = world_url(j->w, password);

    journey_post(j, "/account/password",
                 arena_printf(j->w->arena, "password_old=%s&password=%s&password_again=%s",
                              world_url(j->w, old), typed, typed));
}

static bool
opens(struct world *w, const char *password)
{
    struct journey j = { .w = w };

    w->cookies = 0;
    world_advance(w, 1);
    world_open(w, "/login");
    journey_arrive(&j);
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=13800138000&password=%s", j.tx, j.csrf,
                    world_url(w, password));
    return world_cookie(w, "__Host-session") != NULL;
}

static void
the_old_password_gives_the_new_one(void **state)
{
    struct world *w = *state;
    struct journey j = at_form(w);
    const char *before = arena_text(w->arena, world_cookie(w, "__Host-session"));
    struct ctx ctx;
    struct session session;

    world_audit_mark(w);
    change_to(&j, WORLD_PASSWORD, NEW_PASSWORD);
    assert_non_null(strstr(w->answer.body, "id=\"password-changed\""));
    assert_audited(w, AUDIT_PASSWORD_SET, "changed");
    /* She goes on, under another secret. */
    ctx = world_ctx(w);
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    assert_true(session.live);
    assert_int_equal(session_load(&ctx, before, &session), OK);
    assert_false(session.live);
    assert_true(opens(w, NEW_PASSWORD));
    assert_false(opens(w, WORLD_PASSWORD));
}

static void
se12_other_sessions_and_all_grants_end_before_the_answer(void **state)
{
    struct world *w = *state;
    struct world_tokens elsewhere = world_login_tokens(w, "hospital");
    const char *cookie = arena_text(w->arena, world_cookie(w, "__Host-session"));
    struct world_tokens here;
    struct journey j = { .w = w };
    struct ctx ctx;
    struct session session;

    w->cookies = 0;
    here = world_login_tokens(w, "webhall");
    world_advance(w, 1);
    world_open(w, "/account/password");
    journey_arrive(&j);
    change_to(&j, WORLD_PASSWORD, NEW_PASSWORD);
    assert_non_null(strstr(w->answer.body, "id=\"password-changed\""));
    ctx = world_ctx(w);
    assert_int_equal(session_load(&ctx, cookie, &session), OK);
    assert_false(session.live);
    assert_false(world_token_works(w, elsewhere.access));
    assert_false(world_token_works(w, here.access));
}

/* AU-15: who has nothing but the open session changes nothing, and it counts as any try. */
static void
au15_a_wrong_old_password_changes_nothing_and_counts(void **state)
{
    struct world *w = *state;
    struct journey j = at_form(w);

    for (int i = 0; i < 5; i++) {
        change_to(&j, arena_printf(w->arena, "guess %d", i), NEW_PASSWORD);
        assert_refused(w, &problem_password_old_wrong);
        assert_non_null(strstr(w->answer.body, "id=\"password_old-problem\""));
    }
    change_to(&j, WORLD_PASSWORD, NEW_PASSWORD);
    assert_null(strstr(w->answer.body, "id=\"password-changed\""));
    world_advance(w, 1000);
    assert_true(opens(w, WORLD_PASSWORD));
}

static void
all_that_is_wrong_is_told_at_once(void **state)
{
    struct world *w = *state;
    struct journey j = at_form(w);

    journey_post(&j, "/account/password", "password_old=&password=short&password_again=other");
    assert_non_null(strstr(w->answer.body, "id=\"password_old-problem\""));
    assert_non_null(strstr(w->answer.body, "id=\"password-problem\""));
    assert_non_null(strstr(w->answer.body, "id=\"password_again-problem\""));
}

static void
se13_a_login_begun_before_is_not_finished_after(void **state)
{
    struct world *w = *state;
    struct journey pending = { .w = w };
    struct journey j;
    struct world stranger;
    const char *code;

    world_person(w, 0);
    world_open(w, "/login/sms");
    journey_arrive(&pending);
    journey_post(&pending, "/login/sms", "phone=13800138000");
    code = world_sms_code(w, zhang_san.phone);
    stranger = *w;
    w->cookies = 0;
    j = at_form(w);
    change_to(&j, WORLD_PASSWORD, NEW_PASSWORD);
    assert_non_null(strstr(w->answer.body, "id=\"password-changed\""));
    memcpy(w->jar, stranger.jar, sizeof(stranger.jar));
    w->cookies = stranger.cookies;
    world_advance(w, 2);
    world_form_post(w, "/login/sms/code", "tx=%s&csrf=%s&code=%s", pending.tx, pending.csrf, code);
    assert_refused(w, &problem_transaction_lost);
    assert_null(world_cookie(w, "__Host-session"));
}

static void
her_number_is_told(void **state)
{
    struct world *w = *state;
    struct journey j = at_form(w);
    struct ctx ctx;
    bool worked = true;

    change_to(&j, WORLD_PASSWORD, NEW_PASSWORD);
    ctx = world_ctx(w);
    while (worked)
        assert_int_equal(outbox_deliver(&ctx, &worked), OK);
    assert_string_equal(world_sms_notice(w, zhang_san.phone), "登录密码");
}

static void
somebody_else_in_this_browser_is_told_and_keeps_her_password(void **state)
{
    struct world *w = *state;
    struct journey j = at_form(w);

    world_log_in(w, 1);
    change_to(&j, WORLD_PASSWORD, NEW_PASSWORD);
    assert_refused(w, &problem_another_person);
    assert_non_null(strstr(w->answer.body, "138****8001"));
    assert_true(opens(w, WORLD_PASSWORD));
}

static void
who_is_not_logged_in_logs_in_first_and_comes_back(void **state)
{
    struct world *w = *state;
    struct journey j = { .w = w };

    world_person(w, 0);
    world_open(w, "/account/password");
    journey_arrive(&j);
    assert_non_null(strstr(w->answer.body, "id=\"login-form\""));
    journey_post(
        &j, "/login",
        arena_printf(w->arena, "phone=13800138000&password=%s", world_url(w, WORLD_PASSWORD)));
    assert_non_null(strstr(w->answer.body, "id=\"account-password-form\""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(the_old_password_gives_the_new_one),
        world_sims_test(se12_other_sessions_and_all_grants_end_before_the_answer),
        world_sims_test(au15_a_wrong_old_password_changes_nothing_and_counts),
        world_sims_test(all_that_is_wrong_is_told_at_once),
        world_sims_test(se13_a_login_begun_before_is_not_finished_after),
        world_sims_test(her_number_is_told),
        world_sims_test(somebody_else_in_this_browser_is_told_and_keeps_her_password),
        world_sims_test(who_is_not_logged_in_logs_in_first_and_comes_back),
    };

    return world_sims_run(tests);
}
