/* SPDX-License-Identifier: Apache-2.0 */
/* The browser that shows a code: attacks XD-13, XD-14, XD-17. */
#include "tests/protocols/login/qr_kit.h"

#include "idp/base/metrics.h"
#include "idp/session/login_count.h"
#include "idp/session/qr_login.h"
#include "keys/secret.h"

static int64_t
logins_by_qr(void)
{
    return metric_series_read(login_series(LOGIN_BY_QR, CHANNEL_web, LOGIN_OK));
}

static bool
page_has(struct world *w, const char *text)
{
    return strstr(w->answer.body, text) != NULL;
}

static void
look_again(struct world *w, const struct screen *screen)
{
    jar_use(w, &screen->jar);
    world_get(w, arena_printf(w->arena, "/login/qr?tx=%s&code=%s", screen->tx, screen->code));
}

static struct stored_session
session_of(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    struct session session;

    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    assert_true(session.live);
    return session.row;
}

static void
the_browser_is_logged_in_when_the_app_has_confirmed(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct stored_session lender = session_of(w);
    struct screen screen;
    struct stored_session session;
    int64_t before = logins_by_qr();

    world_advance(w, 200);
    world_consent(w, 0, "webhall", "openid profile");
    screen = screen_at(w, "webhall");
    assert_string_equal(screen_state(w, &screen), "waiting");
    phone_confirms(w, &phone, &screen);
    assert_string_equal(screen_state(w, &screen), "confirmed");
    look_again(w, &screen);
    assert_true(page_has(w, "data-press"));
    screen_goes_on(w, &screen);
    assert_int_equal(w->answer.status, 303);

    session = session_of(w);
    assert_string_equal(session.lent_by, lender.sid);
    assert_string_equal(session.partner_id, "webhall");
    assert_string_equal(session.channel, "web");
    assert_string_equal(session.amr, lender.amr);
    assert_int_equal(session.auth_time, lender.auth_time);
    assert_true(session.level <= lender.level);
    assert_int_equal(logins_by_qr(), before + 1);
    world_follow(w);
    assert_non_null(world_location_param(w, "code"));
}

/* attacks XD-13 */
static void
XD_13_another_browser_learns_nothing_and_gets_nothing(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");
    struct screen other = screen_at(w, "webhall");
    struct screen mixed = other;

    phone_confirms(w, &phone, &screen);
    world_audit_mark(w);
    w->cookies = 0;
    world_get(w, arena_printf(w->arena, "/login/qr/status?tx=%s&code=%s", screen.tx, screen.code));
    assert_refused(w, &problem_qr_unknown);
    assert_int_equal(w->answer.status, 404);
    assert_audited(w, AUDIT_QR_REJECTED, "binding");

    world_audit_mark(w); /* with a flow of its own */
    mixed.code = screen.code;
    assert_null(screen_state(w, &mixed));
    assert_refused(w, &problem_qr_unknown);
    assert_audited(w, AUDIT_QR_REJECTED, "binding");
    screen_goes_on(w, &mixed);
    assert_null(world_cookie(w, "__Host-session"));
    world_follow_mistake(w);
    assert_refused(w, &problem_qr_over);

    mixed = screen; /* with its flow and without its cookie */
    mixed.jar = other.jar;
    screen_goes_on(w, &mixed);
    assert_null(world_cookie(w, "__Host-session"));
    screen_goes_on(w, &screen);
    assert_non_null(world_cookie(w, "__Host-session"));
}

static void
what_is_no_code_has_no_state(void **state)
{
    struct world *w = *state;
    struct screen screen = screen_at(w, "webhall");
    struct screen wrong = screen;

    wrong.code = "AAAA";
    assert_null(screen_state(w, &wrong));
    assert_refused(w, &problem_qr_unknown);
    wrong = screen;
    wrong.tx = "AAAA";
    assert_null(screen_state(w, &wrong));
    assert_refused(w, &problem_qr_unknown);
    world_get(w, "/login/qr/status");
    assert_refused(w, &problem_transaction_lost);
}

/* attacks XD-14 */
static void
XD_14_pressed_twice_or_in_two_tabs_it_is_one_session(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");
    const char *first;
    int64_t sessions;

    phone_confirms(w, &phone, &screen);
    screen_goes_on(w, &screen);
    first = world_cookie(w, "__Host-session");
    sessions = world_rows_of(w, "session");
    screen_goes_on(w, &screen);
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_cookie(w, "__Host-session"), first);
    assert_int_equal(world_rows_of(w, "session"), sessions);

    world_advance(w, REPEAT_S + 1); /* nor later */
    screen_goes_on(w, &screen);
    assert_int_equal(world_rows_of(w, "session"), sessions);
}

/* attacks XD-17 */
static void
XD_17_before_it_is_confirmed_the_browser_learns_only_that_it_was_scanned(void **state)
{
    static const char *const secrets[] = { "张三", "138", "p_world0", "App", "手机应用" };
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");

    assert_non_null(phone_scans(w, &phone, &screen));
    assert_string_equal(screen_state(w, &screen), "scanned");
    assert_string_equal(w->answer.body, "{\"state\":\"scanned\"}");
    look_again(w, &screen);
    assert_true(page_has(w, "id=\"qr-state\""));
    assert_false(page_has(w, "id=\"qr\""));
    for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++)
        assert_false(page_has(w, secrets[i]));
    screen_goes_on(w, &screen);
    assert_null(world_cookie(w, "__Host-session"));
    world_follow_mistake(w);
    assert_refused(w, &problem_qr_over);
}

static void
a_code_that_is_over_gives_way_to_a_fresh_one(void **state)
{
    struct world *w = *state;
    struct screen screen = screen_at(w, "webhall");
    struct screen later = screen;

    world_advance(w, CODE_LIFE_S - 1);
    look_again(w, &screen);
    screen_look(w, &later);
    assert_string_equal(later.code, screen.code);
    world_advance(w, 1);
    assert_string_equal(screen_state(w, &screen), "over");
    look_again(w, &screen);
    screen_look(w, &later);
    assert_string_not_equal(later.code, screen.code);
    assert_string_equal(screen_state(w, &later), "waiting");
}

static void
a_code_that_was_cancelled_says_so_and_leads_to_a_fresh_one(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");

    phone_decides(w, &phone, "/qr/cancel", phone_scans(w, &phone, &screen));
    assert_string_equal(screen_state(w, &screen), "cancelled");
    look_again(w, &screen);
    assert_true(page_has(w, "id=\"qr-fresh\""));
    assert_false(page_has(w, "http-equiv=\"refresh\""));
}

static void
without_script_the_page_comes_anew_by_itself(void **state)
{
    struct world *w = *state;
    struct screen screen = screen_at(w, "webhall");

    assert_true(page_has(w, arena_printf(w->arena,
                                         "<noscript><meta http-equiv=\"refresh\" "
                                         "content=\"5;url=/login/qr?tx=%s&amp;code=%s\">",
                                         screen.tx, screen.code)));
    assert_non_null(strstr(world_header(w, "Content-Security-Policy"), "connect-src 'self'"));
}

/* Who has to prove herself again cannot do so by what she proved before. */
static void
a_fresh_login_is_not_lent(void **state)
{
    static const char *const wishes[] = { "&prompt=login", "&max_age=0", "&max_age=3600" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(wishes) / sizeof(*wishes); i++) {
        const char *tx;

        w->cookies = 0;
        world_authorize(w, "webhall", wishes[i]);
        tx = world_location_param(w, "tx");
        world_get(w, arena_printf(w->arena, "/login?tx=%s", tx));
        assert_false(page_has(w, "login-by-qr"));
        world_get(w, arena_printf(w->arena, "/login/qr?tx=%s", tx));
        assert_refused(w, &problem_way_unavailable);
    }
}

static void
an_app_shows_no_code(void **state)
{
    struct world *w = *state;

    world_authorize(w, "app", "");
    world_get(w, arena_printf(w->arena, "/login/qr?tx=%s", world_location_param(w, "tx")));
    assert_refused(w, &problem_way_unavailable);
}

/* The app may be asked to prove itself again; the browser is worth no more than the app. */
static void
a_login_is_worth_no_more_than_the_one_that_lends_it(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen screen;

    world_advance(w, 13 * 3600); /* its login is worth l1 by now (policies/channel.def) */
    phone_gets_token(w, &phone, "openid qr_login");
    screen = screen_at(w, "webhall");
    phone_confirms(w, &phone, &screen);
    screen_goes_on(w, &screen);
    assert_int_equal(session_of(w).level, 1);
}

static void
it_ends_when_the_app_is_logged_out(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");
    struct ctx ctx = world_ctx(w);
    struct session session;

    phone_confirms(w, &phone, &screen);
    screen_goes_on(w, &screen);
    jar_use(w, &phone.jar);
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    jar_use(w, &screen.jar);
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    assert_false(session.live);
}

#define SHOWN 100000

/* Nobody scans them: nothing is kept, and an honest one is served. */
static void
hundred_thousand_codes_leave_no_row(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");
    struct ctx ctx = world_ctx(w);
    struct arena *arena = arena_new(1 << 20);
    int64_t rows = world_rows(w);
    const char *text;

    ctx.arena = arena;
    for (int i = 0; i < SHOWN; i++) {
        struct digest name = digest_of_text(arena_printf(arena, "%d", i));

        assert_int_equal(
            qr_code_new(&ctx, base64url_encode(arena, digest_view(&name)), NULL, &text), OK);
        arena_reset(arena);
    }
    arena_free(arena);
    assert_int_equal(world_rows(w), rows);
    for (int i = 0; i < 100; i++)
        assert_string_equal(screen_state(w, &screen), "waiting");
    assert_int_equal(world_rows(w), rows);
    phone_confirms(w, &phone, &screen);
    screen_goes_on(w, &screen);
    assert_non_null(world_cookie(w, "__Host-session"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_browser_is_logged_in_when_the_app_has_confirmed),
        world_test(XD_13_another_browser_learns_nothing_and_gets_nothing),
        world_test(what_is_no_code_has_no_state),
        world_test(XD_14_pressed_twice_or_in_two_tabs_it_is_one_session),
        world_test(XD_17_before_it_is_confirmed_the_browser_learns_only_that_it_was_scanned),
        world_test(a_code_that_is_over_gives_way_to_a_fresh_one),
        world_test(a_code_that_was_cancelled_says_so_and_leads_to_a_fresh_one),
        world_test(without_script_the_page_comes_anew_by_itself),
        world_test(a_fresh_login_is_not_lent),
        world_test(an_app_shows_no_code),
        world_test(a_login_is_worth_no_more_than_the_one_that_lends_it),
        world_test(it_ends_when_the_app_is_logged_out),
        world_test(hundred_thousand_codes_leave_no_row),
    };

    return world_run(tests);
}
