/* SPDX-License-Identifier: Apache-2.0 */
/* Logging in by WeChat, through its simulator: inside WeChat and by a QR code. */
#include "idp/tables/person.h"
#include "tests/protocols/login/wechat_kit.h"
#include "tests/world_sims.h"

static void
wechat_is_asked_in_the_order_that_it_wants(void **state)
{
    struct world *w = *state;
    const char *tx = wechat_arrive(w, "wechathall");
    const char *location;

    world_get(w, arena_printf(w->arena, "/login/wechat?tx=%s", tx));
    location = world_header(w, "Location");
    assert_non_null(strstr(location, "/connect/oauth2/authorize?appid=wx0000000000000001"
                                     "&redirect_uri=https%3A%2F%2Fid.example%2Flogin%2Fwechat"
                                     "%2Fcallback&response_type=code&scope=snsapi_base&state="));
    assert_true(text_ends(location, "#wechat_redirect"));
    assert_true(strlen(world_location_param(w, "state")) <= 128);
    world_get(w, arena_printf(w->arena, "/login/wechat/qr?tx=%s", wechat_arrive(w, "webhall")));
    assert_non_null(strstr(world_header(w, "Location"), "/connect/qrconnect?appid=wx00000000000000"
                                                        "02&redirect_uri="));
    assert_non_null(strstr(world_header(w, "Location"), "&scope=snsapi_login&state="));
}

static void
each_channel_offers_its_own(void **state)
{
    struct world *w = *state;

    world_get(w, arena_printf(w->arena, "/login?tx=%s", wechat_arrive(w, "wechathall")));
    assert_non_null(strstr(w->answer.body, "id=\"login-by-wechat\""));
    assert_null(strstr(w->answer.body, "id=\"login-by-wechat-qr\""));
    world_get(w, arena_printf(w->arena, "/login/wechat/qr?tx=%s", world_hidden(w, "tx")));
    assert_refused(w, &problem_way_unavailable);
    world_get(w, arena_printf(w->arena, "/login?tx=%s", wechat_arrive(w, "webhall")));
    assert_non_null(strstr(w->answer.body, "id=\"login-by-wechat-qr\""));
    assert_null(strstr(w->answer.body, "id=\"login-by-wechat\""));
    world_get(w, arena_printf(w->arena, "/login/wechat?tx=%s", world_hidden(w, "tx")));
    assert_refused(w, &problem_way_unavailable);
}

static void
a_wechat_that_nobody_has_bound_is_nobody(void **state)
{
    struct world *w = *state;
    struct session session;

    official_login(w, "ok-1");
    assert_true(leads_to(w, "/login/wechat/bind"));
    assert_null(logged_in(w, &session));
    assert_int_equal(world_rows_of(w, "external_identity"), 0);
    world_follow(w);
    assert_non_null(strstr(w->answer.body, "小明")); /* its name there, for her to know it by */
    assert_non_null(strstr(w->answer.body, "id=\"login-by-password\""));
    assert_non_null(strstr(w->answer.body, "id=\"login-by-sms\""));
}

static void
bound_once_it_logs_her_in_and_is_worth_l1(void **state)
{
    struct world *w = *state;
    struct session session;

    bind_official(w, "ok-1", 0);
    assert_audited(w, AUDIT_EXTERNAL_BOUND, "wechat");
    assert_int_equal(world_rows_of(w, "external_identity"), 1);
    new_browser(w);
    official_login(w, "ok-1");
    assert_true(leads_to(w, "/oauth2/authorize/resume"));
    assert_string_equal(logged_in(w, &session), world_person(w, 0));
    assert_string_equal(session.row.amr, "wechat");
    assert_string_equal(session.row.channel, "wechat");
    assert_int_equal(session.row.level, 1);
}

/* With snsapi_base WeChat asks her nothing: it is enough once she is known. */
static void
who_is_known_is_not_asked_for_her_name(void **state)
{
    struct world *w = *state;
    const char *sent;

    bind_official(w, "ok-1", 0);
    new_browser(w);
    sent = wechat_go_there(w, "/login/wechat", wechat_arrive(w, "wechathall"));
    wechat_come_back(w, sent, code_of(w, "ok-1", false));
    assert_false(is_sent_again(w));
    assert_true(leads_to(w, "/oauth2/authorize/resume"));
}

static void
the_unionid_joins_the_applications(void **state)
{
    struct world *w = *state;
    struct session session;

    bind_official(w, "ok-1", 0);
    new_browser(w);
    open_login(w, "ok-1");
    assert_true(leads_to(w, "/oauth2/authorize/resume"));
    assert_string_equal(logged_in(w, &session), world_person(w, 0));
    assert_int_equal(world_rows_of(w, "external_identity"), 2);
    new_browser(w);
    open_login(w, "ok-2");
    assert_true(leads_to(w, "/login/wechat/bind"));
}

static void
her_password_beside_it_is_worth_what_it_always_is(void **state)
{
    struct world *w = *state;
    struct session session;

    bind_official(w, "ok-1", 0);
    assert_string_equal(logged_in(w, &session), world_person(w, 0));
    assert_int_equal(session.row.level, 2);
}

static void
come_back_with(struct world *w, const char *code, const struct problem *problem)
{
    const char *state = wechat_go_there(w, "/login/wechat", wechat_arrive(w, "wechathall"));
    struct session session;

    wechat_come_back(w, state, code);
    assert_true(leads_to(w, "/login"));
    world_follow(w);
    assert_refused(w, problem);
    assert_null(logged_in(w, &session));
}

/* CH-01, and each class of errors. */
static void
CH_01_what_wechat_refuses_logs_nobody_in(void **state)
{
    struct world *w = *state;
    const char *used = once(w, "ok-8-base");

    come_back_with(w, "expired", &problem_wechat_code);
    come_back_with(w, "wx0000000000000002.ok-1", &problem_wechat_code);
    come_back_with(w, "risk", &problem_wechat_refused);
    come_back_with(w, "limit", &problem_wechat_too_often);
    come_back_with(w, "secret", &problem_wechat_unavailable);
    come_back_with(w, "fault", &problem_wechat_unavailable);
    come_back_with(w, once(w, "lie"), &problem_wechat_unavailable);
    come_back_with(w, once(w, "snap-1-userinfo"), &problem_wechat_snapshot);
    wechat_come_back(w, wechat_go_there(w, "/login/wechat", wechat_arrive(w, "wechathall")), used);
    come_back_with(w, used, &problem_wechat_code);
    assert_int_equal(world_rows_of(w, "external_identity"), 0);
}

static void
a_busy_wechat_is_asked_again(void **state)
{
    struct world *w = *state;
    int64_t calls = world_wechat_calls(w, "access_token");

    wechat_come_back(w, wechat_go_there(w, "/login/wechat", wechat_arrive(w, "wechathall")),
                     once(w, "busy-1-userinfo"));
    assert_true(is_sent_again(w)); /* its answer came, and names nobody */
    assert_int_equal(world_wechat_calls(w, "access_token"), calls + 3);
}

static void
who_refuses_there_is_told_so_here(void **state)
{
    struct world *w = *state;
    const char *sent = wechat_go_there(w, "/login/wechat", wechat_arrive(w, "wechathall"));

    world_get(w, arena_printf(w->arena, CALLBACK "?state=%s", sent));
    assert_true(leads_to(w, "/login"));
    world_follow(w);
    assert_refused(w, &problem_wechat_declined);
}

/* Login CSRF: a code of an attacker's, put into the browser of another. */
static void
a_state_is_one_browsers_and_good_once(void **state)
{
    struct world *w = *state;
    const char *sent;
    struct session session;

    bind_official(w, "ok-1", 0);
    new_browser(w);
    sent = wechat_go_there(w, "/login/wechat", wechat_arrive(w, "wechathall"));
    new_browser(w);
    wechat_come_back(w, sent, code_of(w, "ok-1", false));
    assert_refused(w, &problem_wechat_state);
    assert_null(logged_in(w, &session));
    sent = wechat_go_there(w, "/login/wechat", wechat_arrive(w, "wechathall"));
    world_audit_mark(w);
    for (int i = 0; i < 2; i++) {
        const char *cookie = world_cookie(w, arena_printf(w->arena, "__Host-wechat_%s", sent));

        wechat_come_back(w, sent, code_of(w, "ok-1", false));
        assert_true(i > 0 || leads_to(w, "/oauth2/authorize/resume"));
        world_cookie_put(w, arena_printf(w->arena, "__Host-wechat_%s", sent), cookie);
    }
    assert_refused(w, &problem_wechat_state);
    assert_audited(w, AUDIT_EXTERNAL_REJECTED, "state");
}

static void
a_state_that_nobody_was_given_is_refused(void **state)
{
    static const char *const states[] = { "", "&state=", "&state=00", "&state=../../x",
                                          "&state=0123456789abcdef0123456789abcdef" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        world_get(w, arena_printf(w->arena, CALLBACK "?code=ok-1%s", states[i]));
        assert_refused(w, &problem_wechat_state);
    }
}

static void
a_state_is_over_after_ten_minutes(void **state)
{
    struct world *w = *state;
    const char *sent = wechat_go_there(w, "/login/wechat", wechat_arrive(w, "wechathall"));

    world_advance(w, 600);
    wechat_come_back(w, sent, code_of(w, "ok-1", false));
    assert_refused(w, &problem_wechat_state);
}

static void
who_goes_there_often_has_few_visits_open(void **state)
{
    struct world *w = *state;
    const char *tx = wechat_arrive(w, "wechathall");

    for (int i = 0; i < 20; i++)
        (void)wechat_go_there(w, "/login/wechat", tx);
    assert_true(w->cookies <= 5);
}

/* CH-05: what does not fit what was known proves nothing, and merges nobody. */
static void
CH_05_a_missing_or_changed_unionid_asks_for_a_new_proof(void **state)
{
    struct world *w = *state;
    static const char *const doubtful[] = { "nounion-1", "moved-1" };
    struct session session;

    bind_official(w, "ok-1", 0);
    new_browser(w);
    open_login(w, "ok-1");
    for (size_t i = 0; i < 2; i++) {
        new_browser(w);
        world_audit_mark(w);
        open_login(w, doubtful[i]);
        assert_true(leads_to(w, "/login/wechat/bind"));
        assert_null(logged_in(w, &session));
        assert_audited(w, AUDIT_EXTERNAL_REJECTED, "doubtful");
        world_follow(w);
        assert_non_null(strstr(w->answer.body, "id=\"wechat-doubtful\""));
    }
    new_browser(w);
    open_login(w, "moved-1");
    log_in_to_bind(w, 0);
    confirm(w, "bind");
    new_browser(w);
    open_login(w, "moved-1"); /* as it is now */
    assert_string_equal(logged_in(w, &session), world_person(w, 0));
}

/* CH-06 */
static void
CH_06_what_is_bound_to_one_is_not_bound_to_another(void **state)
{
    struct world *w = *state;

    bind_official(w, "ok-1", 0);
    new_browser(w);
    open_login(w, "ok-1");
    new_browser(w);
    open_login(w, "moved-1");
    log_in_to_bind(w, 1);
    world_audit_mark(w);
    confirm(w, "bind");
    assert_int_equal(w->answer.status, 409);
    assert_refused(w, &problem_wechat_bound_elsewhere);
    assert_audited(w, AUDIT_EXTERNAL_REJECTED, "anothers");
    confirm(w, "skip");
    assert_true(leads_to(w, "/oauth2/authorize/resume"));
    assert_int_equal(world_rows_of(w, "external_identity"), 2);
}

/* CH-02 */
static void
CH_02_an_openid_that_the_browser_sends_is_not_read(void **state)
{
    struct world *w = *state;
    struct session session;
    const char *sent;

    bind_official(w, "ok-1", 0);
    new_browser(w);
    sent = wechat_go_there(w, "/login/wechat", wechat_arrive(w, "wechathall"));
    world_get(w, arena_printf(w->arena, CALLBACK "?code=%s&state=%s&openid=o1&unionid=u1",
                              code_of(w, "ok-2", true), sent));
    assert_true(is_sent_again(w) || leads_to(w, "/login/wechat/bind"));
    assert_null(logged_in(w, &session));
}

static void
who_is_stopped_is_not_let_in(void **state)
{
    struct world *w = *state;

    bind_official(w, "ok-1", 0);
    new_browser(w);
    world_must(store_person_set_state(w->store, world_person(w, 0), PERSON_DISABLED, WORLD_NOW),
               "not disabled");
    come_back_with(w, code_of(w, "ok-1", false), &problem_account_stopped);
}

static void
slow_lying_or_down_it_says_so_and_takes_no_door_along(void **state)
{
    static const char *const manners[] = { "lie", "down", "slow" };
    struct world *w = *state;
    struct session session;

    world_person(w, 0);
    for (size_t i = 0; i < 3; i++) {
        world_wechat_control(w, arena_printf(w->arena, "%s=on", manners[i]));
        come_back_with(w, code_of(w, "ok-1", false), &problem_wechat_unavailable);
        world_wechat_control(w, arena_printf(w->arena, "%s=off", manners[i]));
    }
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_phone(0), world_url(w, WORLD_PASSWORD));
    assert_string_equal(logged_in(w, &session), world_person(w, 0));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(wechat_is_asked_in_the_order_that_it_wants),
        world_sims_test(each_channel_offers_its_own),
        world_sims_test(a_wechat_that_nobody_has_bound_is_nobody),
        world_sims_test(bound_once_it_logs_her_in_and_is_worth_l1),
        world_sims_test(who_is_known_is_not_asked_for_her_name),
        world_sims_test(the_unionid_joins_the_applications),
        world_sims_test(her_password_beside_it_is_worth_what_it_always_is),
        world_sims_test(CH_01_what_wechat_refuses_logs_nobody_in),
        world_sims_test(a_busy_wechat_is_asked_again),
        world_sims_test(who_refuses_there_is_told_so_here),
        world_sims_test(a_state_is_one_browsers_and_good_once),
        world_sims_test(a_state_that_nobody_was_given_is_refused),
        world_sims_test(a_state_is_over_after_ten_minutes),
        world_sims_test(who_goes_there_often_has_few_visits_open),
        world_sims_test(CH_05_a_missing_or_changed_unionid_asks_for_a_new_proof),
        world_sims_test(CH_06_what_is_bound_to_one_is_not_bound_to_another),
        world_sims_test(CH_02_an_openid_that_the_browser_sends_is_not_read),
        world_sims_test(who_is_stopped_is_not_let_in),
        world_sims_test(slow_lying_or_down_it_says_so_and_takes_no_door_along),
    };

    return world_sims_run(tests);
}
