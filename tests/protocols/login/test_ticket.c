/* SPDX-License-Identifier: Apache-2.0 */
/* A page that an app opens in its web view with a browser ticket (docs/adr/0047): once, by its key. */
#include "tests/protocols/app_kit.h"

#include "idp/tables/session.h"

#define TICKET_URI WORLD_ISSUER "/ticket"

/* An app with a session, and its web view: a cookie jar of its own. */
struct app {
    struct world *w;
    struct holder holder;
    struct world_tokens tokens;
};

static struct app
app_logged_in(struct world *w)
{
    struct app app = { .w = w, .holder = holder_new(w) };

    app.tokens = app_tokens(w, &app.holder, "pilot", "openid", "");
    w->cookies = 0;
    return app;
}

static const char *
ticket_of(struct app *app, const char *target)
{
    ticket_ask(app->w, &app->holder, "pilot", app->tokens.access, target);
    assert_int_equal(app->w->answer.status, 200);
    return world_json(app->w, "access_token");
}

static const char *
ticket_proof(struct holder *holder)
{
    return proof_of(holder, &(struct proving) { .method = "GET", .uri = TICKET_URI });
}

static void
open_page(struct app *app, const char *ticket, const char *proof)
{
    struct world *w = app->w;

    world_audit_mark(w);
    world_send(w,
               &(struct world_call) { .target = arena_printf(w->arena, "/ticket?ticket=%s", ticket),
                                      .dpop = proof });
}

static void
open_well(struct app *app, const char *ticket)
{
    open_page(app, ticket, ticket_proof(&app->holder));
}

static struct stored_session
session_of_cookie(struct world *w)
{
    const char *cookie = world_cookie(w, "__Host-session");
    struct stored_session row;

    assert_non_null(cookie);
    assert_int_equal(store_session_load(w->store, w->arena, arena_copy(w->arena, cookie, 24), &row),
                     OK);
    return row;
}

static void
the_web_view_is_logged_in_and_led_to_the_partner(void **state)
{
    struct world *w = *state;
    struct app app = app_logged_in(w);
    struct stored_session row;

    open_well(&app, ticket_of(&app, "hall"));
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_header(w, "Location"),
                        "https://hall.example/start?iss=https%3A%2F%2Fid.example");
    assert_audited(w, AUDIT_LOGIN, NULL);
    row = session_of_cookie(w);
    assert_string_equal(row.channel, "app");
    assert_string_equal(row.partner_id, "pilot");
    assert_string_not_equal(row.lent_by, "");
    world_consent(w, 0, "hall", "openid profile");
    world_authorize(w, "hall", "&prompt=none");
    assert_non_null(world_location_param(w, "code"));
}

static void
an_address_of_the_partners_site_is_handed_on(void **state)
{
    struct world *w = *state;
    struct app app = app_logged_in(w);

    open_well(&app, ticket_of(&app, "hall&resource=https://hall.example/case/7"));
    assert_string_equal(world_location_param(w, "target_link_uri"), "https://hall.example/case/7");
}

/* CH-12: what is lent is worth what the lender's login is, and is as old. */
static void
ch_12_a_ticket_never_raises_the_level(void **state)
{
    struct world *w = *state;
    struct app app = app_logged_in(w);
    struct stored_session lent;
    struct stored_session lender;

    world_advance(w, 100);
    open_well(&app, ticket_of(&app, "hall"));
    lent = session_of_cookie(w);
    assert_int_equal(store_session_load(w->store, w->arena, lent.lent_by, &lender), OK);
    assert_int_equal(lent.level, lender.level);
    assert_int_equal(lent.auth_time, lender.auth_time);
    assert_string_equal(lent.amr, lender.amr);
    assert_true(lent.expires_at <= lender.expires_at);
    world_consent(w, 0, "hall", "openid profile");
    world_authorize(w, "hall", "&prompt=none&max_age=60");
    assert_refused_by_redirect(w, "hall", &problem_login_required);
}

static void
a_ticket_is_good_once(void **state)
{
    struct world *w = *state;
    struct app app = app_logged_in(w);
    const char *ticket = ticket_of(&app, "hall");

    open_well(&app, ticket);
    assert_int_equal(w->answer.status, 303);
    w->cookies = 0; /* another web view */
    open_well(&app, ticket);
    assert_refused(w, &problem_ticket_invalid);
    assert_audited(w, AUDIT_TICKET_REJECTED, "spent");
    assert_null(world_cookie(w, "__Host-session"));
}

static void
pressed_twice_in_one_web_view_it_leads_on_and_nothing_happens_twice(void **state)
{
    struct world *w = *state;
    struct app app = app_logged_in(w);
    const char *ticket = ticket_of(&app, "hall");
    const char *cookie;
    int64_t sessions;

    open_well(&app, ticket);
    cookie = world_cookie(w, "__Host-session");
    sessions = world_rows_of(w, "session");
    open_well(&app, ticket);
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_cookie(w, "__Host-session"), cookie);
    assert_int_equal(world_rows_of(w, "session"), sessions);
}

static void
a_ticket_is_good_for_half_a_minute(void **state)
{
    struct world *w = *state;
    struct app app = app_logged_in(w);
    const char *ticket = ticket_of(&app, "hall");

    world_advance(w, 31);
    open_well(&app, ticket);
    assert_refused(w, &problem_ticket_invalid);
    assert_audited(w, AUDIT_TICKET_REJECTED, "late");
    ticket = ticket_of(&app, "hall");
    world_advance(w, 30);
    open_well(&app, ticket);
    assert_int_equal(w->answer.status, 303);
}

static void
without_the_apps_key_nothing_opens_and_nothing_is_spent(void **state)
{
    struct world *w = *state;
    struct app app = app_logged_in(w);
    struct holder thief = holder_new(w);
    const char *ticket = ticket_of(&app, "hall");
    const char *proof = ticket_proof(&app.holder);

    open_page(&app, ticket, NULL);
    assert_refused(w, &problem_ticket_key_wrong);
    assert_audited(w, AUDIT_TICKET_REJECTED, "key");
    open_page(&app, ticket, ticket_proof(&thief));
    assert_refused(w, &problem_ticket_key_wrong);
    open_page(&app, ticket, token_proof(&app.holder)); /* of another request */
    assert_refused(w, &problem_ticket_key_wrong);
    assert_null(world_cookie(w, "__Host-session"));
    open_page(&app, ticket, proof);
    assert_int_equal(w->answer.status, 303);
    w->cookies = 0;
    open_page(&app, ticket_of(&app, "hall"), proof); /* SC-01: a proof is good once */
    assert_refused(w, &problem_ticket_key_wrong);
}

static void
what_looks_ahead_spends_nothing(void **state)
{
    struct world *w = *state;
    struct app app = app_logged_in(w);
    const char *ticket = ticket_of(&app, "hall");

    world_send(w,
               &(struct world_call) { .method = "HEAD",
                                      .target = arena_printf(w->arena, "/ticket?ticket=%s", ticket),
                                      .dpop = ticket_proof(&app.holder) });
    assert_int_equal(w->answer.status, 405);
    assert_null(world_cookie(w, "__Host-session"));
    open_well(&app, ticket);
    assert_int_equal(w->answer.status, 303);
}

static void
a_ticket_that_is_none_of_ours_is_refused(void **state)
{
    static const char *const bad[] = { "", "bt_", "bt_AAAA", "x", "rt_AAAA" };
    struct world *w = *state;
    struct app app = app_logged_in(w);
    const char *altered = arena_text(w->arena, ticket_of(&app, "hall"));

    ((char *)(uintptr_t)altered)[20] = altered[20] == 'A' ? 'B' : 'A';
    open_well(&app, altered);
    assert_refused(w, &problem_ticket_invalid);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        open_well(&app, bad[i]);
        assert_refused(w, &problem_ticket_invalid);
        assert_audited(w, AUDIT_TICKET_REJECTED, "form");
    }
}

static void
where_somebody_else_is_logged_in_nobody_is_changed_for_another(void **state)
{
    struct world *w = *state;
    struct app app = app_logged_in(w);
    const char *ticket = ticket_of(&app, "hall");
    const char *cookie;

    world_log_in(w, 1);
    cookie = world_cookie(w, "__Host-session");
    open_well(&app, ticket);
    assert_refused(w, &problem_ticket_another_person);
    assert_audited(w, AUDIT_TICKET_REJECTED, "another_person");
    assert_string_equal(world_cookie(w, "__Host-session"), cookie);
    w->cookies = 0;
    open_well(&app, ticket); /* not spent */
    assert_int_equal(w->answer.status, 303);
}

static void
her_own_session_in_that_browser_goes_on(void **state)
{
    struct world *w = *state;
    struct app app = app_logged_in(w);
    const char *ticket = ticket_of(&app, "hall");
    const char *cookie;

    world_log_in(w, 0);
    cookie = world_cookie(w, "__Host-session");
    open_well(&app, ticket);
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_cookie(w, "__Host-session"), cookie);
}

static void
a_ticket_ends_with_the_apps_session(void **state)
{
    struct world *w = *state;
    struct app app = { .w = w, .holder = holder_new(w) };
    const char *ticket;

    app.tokens = app_tokens(w, &app.holder, "pilot", "openid", "");
    ticket = ticket_of(&app, "hall");
    world_get(w, "/");
    world_form_post(w, "/logout", "csrf=%s&decision=yes", world_hidden(w, "csrf"));
    w->cookies = 0;
    open_well(&app, ticket);
    assert_refused(w, &problem_ticket_logged_out);
    assert_audited(w, AUDIT_TICKET_REJECTED, "session");
}

static void
a_partner_that_is_no_longer_named_is_not_opened(void **state)
{
    struct world *w = *state;
    struct app app = app_logged_in(w);
    const char *ticket = ticket_of(&app, "hall");
    char *changed = arena_text(w->arena, APPS);

    memcpy(strstr(changed, "\"hall desk\""), "\"desk     \"", strlen("\"hall desk\""));
    world_partners(w, changed);
    open_well(&app, ticket);
    assert_refused(w, &problem_ticket_invalid);
    assert_audited(w, AUDIT_TICKET_REJECTED, "client");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        apps_test(the_web_view_is_logged_in_and_led_to_the_partner),
        apps_test(an_address_of_the_partners_site_is_handed_on),
        apps_test(ch_12_a_ticket_never_raises_the_level),
        apps_test(a_ticket_is_good_once),
        apps_test(pressed_twice_in_one_web_view_it_leads_on_and_nothing_happens_twice),
        apps_test(a_ticket_is_good_for_half_a_minute),
        apps_test(without_the_apps_key_nothing_opens_and_nothing_is_spent),
        apps_test(what_looks_ahead_spends_nothing),
        apps_test(a_ticket_that_is_none_of_ours_is_refused),
        apps_test(where_somebody_else_is_logged_in_nobody_is_changed_for_another),
        apps_test(her_own_session_in_that_browser_goes_on),
        apps_test(a_ticket_ends_with_the_apps_session),
        apps_test(a_partner_that_is_no_longer_named_is_not_opened),
    };

    return cmocka_run_group_tests(tests, world_group_setup, group_teardown);
}
