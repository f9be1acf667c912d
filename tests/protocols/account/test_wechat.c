/* SPDX-License-Identifier: Apache-2.0 */
/* What a person sees of her WeChat, and how she takes it back. */
#include "tests/protocols/login/wechat_kit.h"
#include "tests/world_sims.h"

static void
page_opens(struct world *w)
{
    world_open(w, "/account/wechat");
    assert_int_equal(w->answer.status, 200);
}

static void
press(struct world *w)
{
    world_form_post(w, "/account/wechat", "tx=%s&csrf=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
}

static void
the_page_tells_since_when(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    page_opens(w);
    assert_non_null(strstr(w->answer.body, "id=\"wechat-none\""));
    new_browser(w);
    bind_official(w, "ok-1", 0);
    page_opens(w);
    assert_non_null(strstr(w->answer.body, "2026-01-01"));
    assert_null(strstr(w->answer.body, "id=\"unbind-again\""));
    world_get(w, "/");
    assert_non_null(strstr(w->answer.body, "id=\"wechat-link\""));
}

static void
unbound_it_is_nobody_again_and_other_places_are_logged_out(void **state)
{
    struct world *w = *state;
    struct world elsewhere;
    struct session session;

    bind_official(w, "ok-1", 0);
    new_browser(w);
    official_login(w, "ok-1");
    elsewhere = *w;
    new_browser(w);
    world_log_in(w, 0);
    page_opens(w);
    world_audit_mark(w);
    press(w);
    assert_true(leads_to(w, "/account/wechat"));
    assert_audited(w, AUDIT_EXTERNAL_UNBOUND, "person");
    assert_string_equal(logged_in(w, &session), world_person(w, 0));
    world_follow(w);
    assert_non_null(strstr(w->answer.body, "id=\"wechat-none\""));
    memcpy(w->jar, elsewhere.jar, sizeof(w->jar));
    w->cookies = elsewhere.cookies;
    assert_null(logged_in(w, &session));
    official_login(w, "ok-1");
    assert_true(leads_to(w, "/login/wechat/bind"));
}

/* CH-06: then another may have it. */
static void
CH_06_unbound_by_one_it_may_be_bound_by_another(void **state)
{
    struct world *w = *state;
    struct session session;

    bind_official(w, "ok-1", 0);
    page_opens(w);
    press(w);
    new_browser(w);
    bind_official(w, "ok-1", 1);
    new_browser(w);
    open_login(w, "ok-1");
    assert_string_equal(logged_in(w, &session), world_person(w, 1));
}

static void
pressed_twice_nothing_happens_twice(void **state)
{
    struct world *w = *state;
    const char *form;

    bind_official(w, "ok-1", 0);
    page_opens(w);
    form = arena_printf(w->arena, "tx=%s&csrf=%s", world_hidden(w, "tx"), world_hidden(w, "csrf"));
    world_audit_mark(w);
    for (int i = 0; i < 2; i++) {
        world_form_post(w, "/account/wechat", "%s", form);
        assert_true(leads_to(w, "/account/wechat"));
    }
    assert_audited(w, AUDIT_EXTERNAL_UNBOUND, "person");
}

/* CH-06: not without a fresh login, and one by WeChat is none. */
static void
CH_06_it_takes_a_fresh_login_of_her_own(void **state)
{
    struct world *w = *state;

    bind_official(w, "ok-1", 0);
    new_browser(w);
    official_login(w, "ok-1");
    page_opens(w);
    assert_non_null(strstr(w->answer.body, "id=\"unbind-again\""));
    press(w);
    assert_true(leads_to(w, "/login"));
    assert_int_equal(world_rows_of(w, "external_identity"), 1);
    world_follow(w);
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=%s&password=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), world_phone(0), world_url(w, WORLD_PASSWORD));
    assert_true(leads_to(w, "/account/wechat"));
    world_follow(w);
    press(w);
    assert_int_equal(world_rows_of(w, "external_identity"), 0);
}

static void
a_login_of_a_while_ago_is_not_fresh(void **state)
{
    struct world *w = *state;

    bind_official(w, "ok-1", 0);
    world_advance(w, 301);
    page_opens(w);
    press(w);
    assert_true(leads_to(w, "/login"));
    assert_int_equal(world_rows_of(w, "external_identity"), 1);
}

static void
a_form_shown_to_one_takes_nothing_from_another(void **state)
{
    struct world *w = *state;

    bind_official(w, "ok-2", 1);
    new_browser(w);
    bind_official(w, "ok-1", 0);
    page_opens(w);
    world_log_in(w, 1);
    press(w);
    assert_refused(w, &problem_another_person);
    assert_int_equal(world_rows_of(w, "external_identity"), 2);
}

static void
who_is_not_logged_in_is_led_to_the_login(void **state)
{
    struct world *w = *state;

    world_get(w, "/account/wechat");
    world_follow(w);
    assert_true(leads_to(w, "/login"));
    world_get(w, arena_printf(w->arena, "/account/wechat?tx=%s", wechat_arrive(w, "webhall")));
    assert_refused(w, &problem_transaction_order);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(the_page_tells_since_when),
        world_sims_test(unbound_it_is_nobody_again_and_other_places_are_logged_out),
        world_sims_test(CH_06_unbound_by_one_it_may_be_bound_by_another),
        world_sims_test(pressed_twice_nothing_happens_twice),
        world_sims_test(CH_06_it_takes_a_fresh_login_of_her_own),
        world_sims_test(a_login_of_a_while_ago_is_not_fresh),
        world_sims_test(a_form_shown_to_one_takes_nothing_from_another),
        world_sims_test(who_is_not_logged_in_is_led_to_the_login),
    };

    return world_sims_run(tests);
}
