/* SPDX-License-Identifier: Apache-2.0 */
/* The link of a text message, and the page behind it. */
#include "idp/server/life/outbox.h"
#include "tests/protocols/oauth2/backchannel_kit.h"
#include "tests/world_sims.h"

#define PHONE "13800138000"

/* The secret of the link that her phone was sent. */
static const char *
link_sent(struct world *w, const char *partner_id, const char **auth_req_id)
{
    struct ctx ctx = world_ctx(w);
    bool worked = true;

    w->settings.sms.template_code_link = "SMS_LINK";
    world_person(w, 0);
    *auth_req_id = bc_ask(w, partner_id, "login_hint=" PHONE, "&binding_message=4711");
    assert_non_null(*auth_req_id);
    while (worked)
        world_must(outbox_deliver(&ctx, &worked), "delivery");
    return world_sms_says(w, PHONE, "link");
}

static void
open_link(struct world *w, const char *link)
{
    world_get(w, arena_printf(w->arena, "/approve?l=%s", link));
    world_follow(w);
    assert_int_equal(w->answer.status, 200);
}

static void
press(struct world *w, const char *decision)
{
    world_form_post(w, "/approve", "tx=%s&csrf=%s&decision=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"), decision);
}

static void
it_says_what_is_asked_and_leads_to_a_login(void **state)
{
    struct world *w = *state;
    const char *auth_req_id;
    const char *link = link_sent(w, "hotline", &auth_req_id);

    assert_int_equal(strlen(link), 22); /* 128 bits */
    open_link(w, link);
    assert_non_null(strstr(w->answer.body, "12333 热线"));
    assert_non_null(strstr(w->answer.body, "4711"));
    assert_non_null(strstr(w->answer.body, "138****8000"));
    assert_non_null(strstr(w->answer.body, "id=\"approve-login\" href=\"/login?tx="));
    assert_null(strstr(w->answer.body, "id=\"approve-form\""));
    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_ciba_pending);
}

/* The link alone is no factor there: nothing is approved by who merely holds it. */
static void
without_a_login_it_approves_nothing_for_the_hotline(void **state)
{
    struct world *w = *state;
    const char *auth_req_id;
    const char *link = link_sent(w, "linking", &auth_req_id);
    const char *tx;
    const char *csrf;

    open_link(w, link);
    csrf = world_hidden(w, "csrf");
    assert_non_null(csrf);
    world_advance(w, 61);
    link = link_sent(w, "hotline", &auth_req_id);
    world_get(w, arena_printf(w->arena, "/approve?l=%s", link));
    tx = world_location_param(w, "tx");
    world_form_post(w, "/approve", "tx=%s&csrf=%s&decision=allow", tx, csrf);
    assert_refused(w, &problem_form_forged);
    bc_poll(w, "hotline", auth_req_id);
    assert_refused(w, &problem_ciba_pending);
}

static void
a_press_is_enough_on_the_channel_of_messages(void **state)
{
    struct world *w = *state;
    const char *auth_req_id;

    open_link(w, link_sent(w, "linking", &auth_req_id));
    press(w, "allow");
    world_follow(w);
    assert_non_null(strstr(w->answer.body, "id=\"approved\""));
    bc_poll(w, "linking", auth_req_id);
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "scope"), "openid");
}

static void
pressed_twice_it_is_answered_once(void **state)
{
    struct world *w = *state;
    const char *auth_req_id;
    const char *tx;
    const char *csrf;

    open_link(w, link_sent(w, "linking", &auth_req_id));
    tx = world_hidden(w, "tx");
    csrf = world_hidden(w, "csrf");
    for (int i = 0; i < 3; i++) {
        world_form_post(w, "/approve", "tx=%s&csrf=%s&decision=%s", tx, csrf,
                        i < 2 ? "allow" : "deny");
        assert_int_equal(w->answer.status, 303);
    }
    world_follow(w);
    assert_non_null(strstr(w->answer.body, "id=\"approved\""));
    assert_int_equal(world_audit_count(w, AUDIT_APPROVAL_GIVEN), 1);
    assert_int_equal(world_audit_count(w, AUDIT_APPROVAL_REFUSED), 0);
}

static void
she_may_refuse(void **state)
{
    struct world *w = *state;
    const char *auth_req_id;

    open_link(w, link_sent(w, "linking", &auth_req_id));
    press(w, "deny");
    world_follow(w);
    assert_non_null(strstr(w->answer.body, "id=\"refused\""));
    bc_poll(w, "linking", auth_req_id);
    assert_refused(w, &problem_access_denied);
}

/* XD-10 */
static void
xd_10_a_form_from_elsewhere_approves_nothing(void **state)
{
    struct world *w = *state;
    const char *auth_req_id;
    const char *tx;

    open_link(w, link_sent(w, "linking", &auth_req_id));
    tx = world_hidden(w, "tx");
    world_form_post(w, "/approve", "tx=%s&decision=allow", tx);
    assert_refused(w, &problem_form_forged);
    bc_poll(w, "linking", auth_req_id);
    assert_refused(w, &problem_ciba_pending);
}

static void
another_browser_has_nothing_of_the_page(void **state)
{
    struct world *w = *state;
    const char *auth_req_id;
    const char *form;

    open_link(w, link_sent(w, "linking", &auth_req_id));
    form = arena_printf(w->arena, "tx=%s&csrf=%s&decision=allow", world_hidden(w, "tx"),
                        world_hidden(w, "csrf"));
    world_send(
        w, &(struct world_call) { .target = "/approve", .form = form, .without_cookies = true });
    assert_refused(w, &problem_transaction_lost);
    bc_poll(w, "linking", auth_req_id);
    assert_refused(w, &problem_ciba_pending);
}

static void
a_link_that_is_over_or_made_up_says_so(void **state)
{
    struct world *w = *state;
    const char *auth_req_id;
    const char *link = link_sent(w, "linking", &auth_req_id);

    world_get(w, "/approve?l=AAAAAAAAAAAAAAAAAAAAAA");
    assert_refused(w, &problem_approval_over);
    world_advance(w, 300);
    world_get(w, arena_printf(w->arena, "/approve?l=%s", link));
    assert_refused(w, &problem_approval_over);
    world_get(w, "/approve");
    assert_refused(w, &problem_transaction_lost);
}

static void
a_flow_of_something_else_has_no_business_here(void **state)
{
    struct world *w = *state;

    world_open(w, "/login");
    world_get(w, arena_printf(w->arena, "/approve?tx=%s", world_hidden(w, "tx")));
    assert_refused(w, &problem_transaction_order);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(it_says_what_is_asked_and_leads_to_a_login),
        world_sims_test(without_a_login_it_approves_nothing_for_the_hotline),
        world_sims_test(a_press_is_enough_on_the_channel_of_messages),
        world_sims_test(pressed_twice_it_is_answered_once),
        world_sims_test(she_may_refuse),
        world_sims_test(xd_10_a_form_from_elsewhere_approves_nothing),
        world_sims_test(another_browser_has_nothing_of_the_page),
        world_sims_test(a_link_that_is_over_or_made_up_says_so),
        world_sims_test(a_flow_of_something_else_has_no_business_here),
    };

    return world_sims_run(tests);
}
