/* SPDX-License-Identifier: Apache-2.0 */
/* Binding a WeChat account to a person, who has just proven who she is. */
#include "tests/protocols/login/wechat_kit.h"
#include "tests/world_sims.h"

static void
the_page_says_whose_account_which_wechat_and_what_it_will_allow(void **state)
{
    struct world *w = *state;

    official_login(w, "ok-1");
    log_in_to_bind(w, 0);
    assert_non_null(strstr(w->answer.body, "138****8000"));
    assert_non_null(strstr(w->answer.body, "id=\"wechat-nickname\">小明"));
    assert_non_null(strstr(w->answer.body, "id=\"wechat-place\">微信服务号"));
    assert_non_null(strstr(w->answer.body, "凭这个微信就能登录您的账号"));
    assert_int_equal(world_rows_of(w, "external_identity"), 0);
}

static void
who_says_not_now_is_logged_in_and_has_bound_nothing(void **state)
{
    struct world *w = *state;
    struct session session;

    official_login(w, "ok-1");
    log_in_to_bind(w, 0);
    confirm(w, "skip");
    assert_true(leads_to(w, "/oauth2/authorize/resume"));
    assert_int_equal(world_rows_of(w, "external_identity"), 0);
    assert_string_equal(logged_in(w, &session), world_person(w, 0));
    new_browser(w);
    official_login(w, "ok-1");
    assert_true(leads_to(w, "/login/wechat/bind"));
}

static void
pressed_twice_it_is_bound_once(void **state)
{
    struct world *w = *state;
    const char *form;

    official_login(w, "ok-1");
    log_in_to_bind(w, 0);
    form = arena_printf(w->arena, "tx=%s&csrf=%s&decision=bind", world_hidden(w, "tx"),
                        world_hidden(w, "csrf"));
    world_audit_mark(w);
    for (int i = 0; i < 3; i++) {
        world_form_post(w, "/login/wechat/confirm", "%s", form);
        assert_true(leads_to(w, "/oauth2/authorize/resume"));
    }
    assert_audited(w, AUDIT_EXTERNAL_BOUND, "wechat");
    assert_int_equal(world_rows_of(w, "external_identity"), 1);
}

/* A session that was there before is no fresh proof. */
static void
who_is_logged_in_already_logs_in_once_more(void **state)
{
    struct world *w = *state;
    const char *tx;

    world_log_in(w, 0);
    world_authorize(w, "wechathall", "&prompt=login");
    tx = arena_text(w->arena, world_location_param(w, "tx"));
    official_login_of(w, tx, "ok-1");
    assert_true(leads_to(w, "/login/wechat/bind"));
    world_get(w,
              arena_printf(w->arena, "/login/wechat/confirm?tx=%s", world_location_param(w, "tx")));
    assert_true(leads_to(w, "/login"));
    assert_int_equal(world_rows_of(w, "external_identity"), 0);
}

/* One WeChat is no proof for another. */
static void
another_wechat_is_no_fresh_proof(void **state)
{
    struct world *w = *state;
    const char *tx;

    bind_official(w, "ok-1", 0);
    new_browser(w);
    world_authorize(w, "wechathall", "");
    tx = arena_text(w->arena, world_location_param(w, "tx"));
    official_login_of(w, tx, "ok-2");
    assert_true(leads_to(w, "/login/wechat/bind"));
    official_login_of(w, tx, "ok-1");
    assert_true(leads_to(w, "/login/wechat/confirm"));
    world_follow(w);
    assert_true(leads_to(w, "/login"));
    assert_int_equal(world_rows_of(w, "external_identity"), 1);
}

static void
a_page_shown_to_one_binds_nothing_to_another(void **state)
{
    struct world *w = *state;
    const char *form;

    official_login(w, "ok-1");
    log_in_to_bind(w, 0);
    form = arena_printf(w->arena, "tx=%s&csrf=%s&decision=bind", world_hidden(w, "tx"),
                        world_hidden(w, "csrf"));
    world_log_in(w, 1);
    world_form_post(w, "/login/wechat/confirm", "%s", form);
    assert_true(leads_to(w, "/login"));
    assert_int_equal(world_rows_of(w, "external_identity"), 0);
}

static void
logged_out_meanwhile_she_logs_in_again(void **state)
{
    struct world *w = *state;

    official_login(w, "ok-1");
    log_in_to_bind(w, 0);
    world_cookie_put(w, "__Host-session", "");
    confirm(w, "bind");
    assert_true(leads_to(w, "/login"));
    assert_int_equal(world_rows_of(w, "external_identity"), 0);
}

static void
without_a_wechat_there_is_nothing_to_ask(void **state)
{
    static const char *const pages[] = { "bind", "confirm", "number" };
    struct world *w = *state;
    const char *tx = wechat_arrive(w, "wechathall");

    for (size_t i = 0; i < 3; i++) {
        world_get(w, arena_printf(w->arena, "/login/wechat/%s?tx=%s", pages[i], tx));
        assert_refused(w, &problem_transaction_order);
    }
}

/* Two browsers, one WeChat: the second finds it bound. */
static void
CH_06_of_two_who_bind_it_at_once_one_has_it(void **state)
{
    struct world *w = *state;
    size_t cookies;
    const char *form;

    official_login(w, "ok-1");
    log_in_to_bind(w, 1);
    form = arena_printf(w->arena, "tx=%s&csrf=%s&decision=bind", world_hidden(w, "tx"),
                        world_hidden(w, "csrf"));
    cookies = w->cookies;
    {
        struct world first = *w;

        new_browser(w);
        bind_official(w, "ok-1", 0);
        memcpy(w->jar, first.jar, sizeof(w->jar));
        w->cookies = cookies;
    }
    world_form_post(w, "/login/wechat/confirm", "%s", form);
    assert_refused(w, &problem_wechat_bound_elsewhere);
    assert_int_equal(world_rows_of(w, "external_identity"), 1);
}

static void
she_is_told_by_a_message(void **state)
{
    struct world *w = *state;

    bind_official(w, "ok-1", 0);
    assert_int_equal(world_rows_of(w, "outbox"), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(the_page_says_whose_account_which_wechat_and_what_it_will_allow),
        world_sims_test(who_says_not_now_is_logged_in_and_has_bound_nothing),
        world_sims_test(pressed_twice_it_is_bound_once),
        world_sims_test(who_is_logged_in_already_logs_in_once_more),
        world_sims_test(another_wechat_is_no_fresh_proof),
        world_sims_test(a_page_shown_to_one_binds_nothing_to_another),
        world_sims_test(logged_out_meanwhile_she_logs_in_again),
        world_sims_test(without_a_wechat_there_is_nothing_to_ask),
        world_sims_test(CH_06_of_two_who_bind_it_at_once_one_has_it),
        world_sims_test(she_is_told_by_a_message),
    };

    return world_sims_run(tests);
}
