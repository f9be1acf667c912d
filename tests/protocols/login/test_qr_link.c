/* SPDX-License-Identifier: Apache-2.0 */
/* The link in a code, opened by a telephone's own browser. */
#include "tests/protocols/login/qr_kit.h"

/* The page that the link leads to, in the telephone's browser. */
struct link_page {
    const char *tx;
    const char *csrf;
};

static struct link_page
link_open(struct world *w, const struct app_phone *phone, const struct screen *screen)
{
    jar_use(w, &phone->jar);
    world_get(w, arena_printf(w->arena, "/q/%s", screen->code));
    assert_int_equal(w->answer.status, 303);
    world_follow(w);
    assert_int_equal(w->answer.status, 200);
    return (struct link_page) { world_hidden(w, "tx"), world_hidden(w, "csrf") };
}

static void
decide(struct world *w, const struct link_page *visit, const char *decision)
{
    world_form_post(w, "/q", "tx=%s&csrf=%s&decision=%s", visit->tx, visit->csrf, decision);
}

static bool
page_has(struct world *w, const char *text)
{
    return strstr(w->answer.body, text) != NULL;
}

static struct app_phone
telephone_of(struct world *w, int n)
{
    struct app_phone phone = { .access = NULL };

    w->cookies = 0;
    if (n >= 0)
        world_log_in(w, n);
    jar_keep(w, &phone.jar);
    return phone;
}

static void
who_is_logged_in_on_the_telephone_sees_what_is_asked_and_confirms(void **state)
{
    struct world *w = *state;
    struct app_phone phone = telephone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");
    int64_t rows = world_rows(w);
    struct link_page visit = link_open(w, &phone, &screen);

    assert_true(page_has(w, "网上办事大厅"));
    assert_true(page_has(w, "张*"));
    assert_false(page_has(w, "id=\"qr-far\""));
    assert_int_equal(world_rows(w), rows); /* a link that is only opened does nothing */
    world_audit_mark(w);
    decide(w, &visit, "allow");
    assert_audited(w, AUDIT_QR_CONFIRMED, NULL);
    world_follow(w);
    assert_true(page_has(w, "id=\"qr-done\""));
    screen_goes_on(w, &screen);
    assert_non_null(world_cookie(w, "__Host-session"));
}

static void
pressed_twice_it_is_confirmed_once(void **state)
{
    struct world *w = *state;
    struct app_phone phone = telephone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");
    struct link_page visit = link_open(w, &phone, &screen);
    int64_t rows;

    decide(w, &visit, "allow");
    rows = world_rows(w);
    world_audit_mark(w);
    decide(w, &visit, "allow");
    assert_int_equal(w->answer.status, 303);
    world_follow(w);
    assert_true(page_has(w, "id=\"qr-done\""));
    assert_int_equal(world_rows(w), rows);
    assert_int_equal(world_audit_count(w, AUDIT_QR_CONFIRMED), 0);
    link_open(w, &phone, &screen); /* and opened once more */
    assert_true(page_has(w, "id=\"qr-done\""));
}

static void
what_she_cancels_logs_nobody_in(void **state)
{
    struct world *w = *state;
    struct app_phone phone = telephone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");
    struct link_page visit = link_open(w, &phone, &screen);

    for (int i = 0; i < 2; i++) {
        decide(w, &visit, "deny");
        world_follow(w);
        assert_true(page_has(w, "id=\"qr-cancelled\""));
    }
    assert_string_equal(screen_state(w, &screen), "cancelled");
}

static void
a_screen_in_another_network_is_pointed_out(void **state)
{
    struct world *w = *state;
    struct app_phone phone = telephone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");

    w->address = "198.51.100.9";
    link_open(w, &phone, &screen);
    assert_true(page_has(w, "id=\"qr-far\""));
}

/* She logs in on the telephone first, and comes back to the question. */
static void
who_is_not_logged_in_is_told_how_and_may_log_in_there(void **state)
{
    struct world *w = *state;
    struct app_phone phone = telephone_of(w, -1);
    struct screen screen = screen_at(w, "webhall");
    struct link_page visit;
    const char *at;

    world_person(w, 0);
    world_advance(w, 5);
    jar_use(w, &phone.jar);
    world_get(w, arena_printf(w->arena, "/q/%s", screen.code));
    world_follow(w);
    assert_true(page_has(w, "id=\"login-link\""));
    assert_false(page_has(w, "id=\"allow\""));
    at = strstr(w->answer.body, "/login?tx=");
    world_get(w, arena_copy(w->arena, at, strcspn(at, "\"")));
    visit = (struct link_page) { world_hidden(w, "tx"), world_hidden(w, "csrf") };
    world_form_post(w, "/login", "tx=%s&csrf=%s&phone=13800138000&password=%s", visit.tx,
                    visit.csrf, world_url(w, WORLD_PASSWORD));
    assert_true(text_starts(world_header(w, "Location"), "/q?tx="));
    world_follow(w);
    visit = (struct link_page) { world_hidden(w, "tx"), world_hidden(w, "csrf") };
    decide(w, &visit, "allow");
    screen_goes_on(w, &screen);
    assert_non_null(world_cookie(w, "__Host-session"));
}

/* The page was shown to another person than the one who is logged in when it is pressed. */
static void
it_acts_only_for_whom_it_was_shown_to(void **state)
{
    struct world *w = *state;
    struct app_phone phone = telephone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");
    struct link_page visit = link_open(w, &phone, &screen);

    world_log_in(w, 1);
    world_audit_mark(w);
    decide(w, &visit, "allow");
    assert_audited(w, AUDIT_QR_REJECTED, "another_person");
    world_follow(w);
    assert_true(page_has(w, "id=\"allow\""));
    assert_string_equal(screen_state(w, &screen), "waiting");
}

static void
what_is_no_code_or_over_says_so(void **state)
{
    struct world *w = *state;
    struct app_phone phone = telephone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");
    struct link_page visit = link_open(w, &phone, &screen);

    world_get(w, "/q/AAAA");
    assert_refused(w, &problem_qr_unknown);
    world_get(w, "/q");
    assert_refused(w, &problem_transaction_lost);
    world_open(w, "/login");
    world_get(w, arena_printf(w->arena, "/q?tx=%s", world_hidden(w, "tx")));
    assert_refused(w, &problem_transaction_order);
    world_advance(w, CODE_LIFE_S);
    decide(w, &visit, "allow");
    assert_refused(w, &problem_qr_over);
    world_get(w, arena_printf(w->arena, "/q/%s", screen.code));
    assert_refused(w, &problem_qr_over);
}

/* A kiosk's session, or one of a text message, is no login for elsewhere. */
static void
a_session_that_is_not_lent_confirms_nothing(void **state)
{
    struct world *w = *state;
    struct app_phone phone = telephone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");
    struct ctx ctx = world_ctx(w);
    struct session nobody = { .live = false };
    struct session session;
    const char *cookie;

    ctx.channel = "message";
    assert_int_equal(
        session_begin(&ctx, &nobody,
                      &(struct proof) { .person_id = world_person(w, 0), .amr = "sms" }, &session,
                      &cookie),
        OK);
    jar_use(w, &phone.jar);
    world_cookie_put(w, "__Host-session", cookie);
    world_get(w, arena_printf(w->arena, "/q/%s", screen.code));
    world_follow(w);
    assert_refused(w, &problem_qr_not_lent);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(who_is_logged_in_on_the_telephone_sees_what_is_asked_and_confirms),
        world_test(pressed_twice_it_is_confirmed_once),
        world_test(what_she_cancels_logs_nobody_in),
        world_test(a_screen_in_another_network_is_pointed_out),
        world_test(who_is_not_logged_in_is_told_how_and_may_log_in_there),
        world_test(it_acts_only_for_whom_it_was_shown_to),
        world_test(what_is_no_code_or_over_says_so),
        world_test(a_session_that_is_not_lent_confirms_nothing),
    };

    return world_run(tests);
}
