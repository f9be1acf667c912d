/* SPDX-License-Identifier: Apache-2.0 */
/* The app that scans: attacks XD-14, XD-15, XD-16, XD-18, XD-19, XD-20. */
#include "tests/protocols/login/qr_kit.h"

#include "idp/session/stop.h"

static void
what_a_code_asks_is_told_to_who_scans_it(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");

    world_advance(w, 5);
    assert_non_null(phone_scans(w, &phone, &screen));
    assert_non_null(strstr(w->answer.body, "\"expires_in\":115,"));
    assert_non_null(strstr(w->answer.body,
                           "\"client_id\":\"webhall\",\"client_name\":\"网上办事大厅\","
                           "\"client_name#en\":\"Web hall\""));
    assert_non_null(strstr(w->answer.body, "\"same_network\":true"));
    assert_non_null(strstr(w->answer.body, "\"acr\":\"urn:hrss:acr:l2\""));
    assert_null(strstr(w->answer.body, "13800138000"));

    w->address = "198.51.100.9";
    assert_non_null(phone_scans(w, &phone, &screen));
    assert_non_null(strstr(w->answer.body, "\"same_network\":false"));
}

static void
a_code_of_our_own_pages_names_us(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen screen;

    w->cookies = 0;
    world_open(w, "/login/qr");
    screen_look(w, &screen);
    assert_non_null(phone_scans(w, &phone, &screen));
    assert_non_null(strstr(w->answer.body, "\"partner\":{\"client_name\":\"通行\""));
    phone_decides(w, &phone, "/qr/confirm", world_json(w, "confirmation"));
    screen_goes_on(w, &screen);
    assert_string_equal(world_header(w, "Location"), "/");
}

/* attacks XD-14 */
static void
XD_14_a_code_is_confirmed_once(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");
    const char *confirmation = phone_scans(w, &phone, &screen);

    world_audit_mark(w);
    phone_decides(w, &phone, "/qr/confirm", confirmation);
    assert_int_equal(w->answer.status, 204);
    assert_audited(w, AUDIT_QR_CONFIRMED, NULL);
    phone_decides(w, &phone, "/qr/confirm", confirmation);
    assert_refused(w, &problem_qr_done);
    phone_decides(w, &phone, "/qr/cancel", confirmation);
    assert_refused(w, &problem_qr_done);
    phone_scans(w, &phone, &screen);
    assert_refused(w, &problem_qr_done);
    assert_int_equal(world_audit_count(w, AUDIT_QR_CONFIRMED), 1);
}

/* attacks XD-14 */
static void
XD_14_a_code_that_somebody_has_scanned_is_nobody_elses(void **state)
{
    struct world *w = *state;
    struct app_phone hers = phone_of(w, 0);
    struct app_phone his = phone_of(w, 1);
    struct screen screen = screen_at(w, "webhall");
    const char *confirmation = phone_scans(w, &hers, &screen);

    world_audit_mark(w);
    phone_scans(w, &his, &screen);
    assert_refused(w, &problem_qr_taken);
    assert_audited(w, AUDIT_QR_REJECTED, "taken");
    phone_decides(w, &his, "/qr/confirm", confirmation);
    assert_refused(w, &problem_qr_unknown);
    phone_decides(w, &hers, "/qr/confirm", confirmation);
    assert_int_equal(w->answer.status, 204);
}

/* attacks XD-15 */
static void
XD_15_what_is_no_code_of_ours_is_answered_alike_and_then_not_at_all(void **state)
{
    static const char *const guesses[] = {
        "{\"code\":\"\"}",
        "{\"code\":\"https://id.example/q/\"}",
        "{\"code\":\"https://id.example/q/AAAA\"}",
        "{\"code\":\"https://evil.example/q/AAAA\"}",
        "{\"code\":\"https://id.example.evil/q/AAAA\"}",
    };
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");
    const char *first = NULL;

    world_audit_mark(w);
    for (int i = 0; i < 20; i++) {
        phone_posts(w, &phone, "/qr/scan",
                    guesses[(size_t)i % (sizeof(guesses) / sizeof(*guesses))]);
        assert_refused(w, &problem_qr_unknown);
        if (first == NULL)
            first = w->answer.body;
        assert_string_equal(w->answer.body, first);
    }
    assert_int_equal(world_audit_count(w, AUDIT_QR_REJECTED), 20);
    phone_posts(w, &phone, "/qr/scan", guesses[2]);
    assert_refused(w, &problem_qr_guesses);
    phone_decides(w, &phone, "/qr/confirm", "AAAA");
    assert_refused(w, &problem_qr_guesses);
    assert_non_null(phone_scans(w, &phone, &screen)); /* what is right is right */
}

/* attacks XD-16 */
static void
XD_16_a_body_that_says_who_confirms_is_refused(void **state)
{
    static const char *const bodies[] = {
        "{\"confirmation\":\"%s\",\"phone\":\"13800138001\"}",
        "{\"confirmation\":\"%s\",\"person_id\":\"p_world1\"}",
        "{\"confirmation\":\"%s\",\"sub\":\"p_world1\"}",
        "{\"confirmation\":\"%s\",\"code\":\"x\"}",
    };
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");
    const char *confirmation = phone_scans(w, &phone, &screen);

    for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
        const char *at = strstr(bodies[i], "%s");

        phone_posts(w, &phone, "/qr/confirm",
                    arena_printf(w->arena, "%.*s%s%s", (int)(at - bodies[i]), bodies[i],
                                 confirmation, at + 2));
        assert_refused(w, &problem_qr_member);
    }
    phone_posts(w, &phone, "/qr/scan", "{}");
    assert_refused(w, &problem_qr_member);
    phone_posts(w, &phone, "/qr/scan", "{\"code\":7}");
    assert_refused(w, &problem_qr_member);
    phone_posts(w, &phone, "/qr/scan", "[]");
    assert_refused(w, &problem_json_body);
    phone_decides(w, &phone, "/qr/confirm", confirmation);
    assert_int_equal(w->answer.status, 204);
}

/* attacks XD-18 */
static void
XD_18_after_cancel_and_after_its_life_a_code_is_over(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen cancelled = screen_at(w, "webhall");
    struct screen late = screen_at(w, "webhall");
    const char *of_cancelled = phone_scans(w, &phone, &cancelled);
    const char *of_late = phone_scans(w, &phone, &late);

    world_audit_mark(w);
    phone_decides(w, &phone, "/qr/cancel", of_cancelled);
    assert_int_equal(w->answer.status, 204);
    assert_audited(w, AUDIT_QR_CANCELLED, NULL);
    phone_decides(w, &phone, "/qr/confirm", of_cancelled);
    assert_refused(w, &problem_qr_over);
    phone_decides(w, &phone, "/qr/cancel", of_cancelled);
    assert_refused(w, &problem_qr_over);
    phone_scans(w, &phone, &cancelled);
    assert_refused(w, &problem_qr_over);

    world_advance(w, CODE_LIFE_S);
    phone_decides(w, &phone, "/qr/confirm", of_late);
    assert_refused(w, &problem_qr_over);
    phone_scans(w, &phone, &late);
    assert_refused(w, &problem_qr_over);
    assert_int_equal(world_audit_count(w, AUDIT_QR_CONFIRMED), 0);
}

static void
a_code_is_good_in_its_last_second_and_taken_a_moment_later(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");

    world_advance(w, CODE_LIFE_S - 1);
    phone_confirms(w, &phone, &screen);
    world_advance(w, 5);
    screen_goes_on(w, &screen);
    assert_non_null(world_cookie(w, "__Host-session"));
}

/* attacks XD-19 */
static void
XD_19_a_token_that_was_logged_out_confirms_nothing(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");
    const char *confirmation = phone_scans(w, &phone, &screen);
    struct ctx ctx = world_ctx(w);
    struct session session;

    jar_use(w, &phone.jar);
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    phone_decides(w, &phone, "/qr/confirm", confirmation);
    assert_refused(w, &problem_bearer_invalid);
    phone_scans(w, &phone, &screen);
    assert_refused(w, &problem_bearer_invalid);
    assert_string_equal(screen_state(w, &screen), "scanned");
}

/* attacks XD-20 */
static void
XD_20_a_fourth_question_is_not_asked(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen screen;

    for (int i = 0; i < 3; i++) {
        screen = screen_at(w, "webhall");
        assert_non_null(phone_scans(w, &phone, &screen));
        assert_non_null(phone_scans(w, &phone, &screen)); /* again is no further one */
    }
    screen = screen_at(w, "webhall");
    world_audit_mark(w);
    phone_scans(w, &phone, &screen);
    assert_refused(w, &problem_prompts_too_many);
    assert_audited(w, AUDIT_PROMPT_BOMB, NULL);
    assert_string_equal(screen_state(w, &screen), "waiting");
    phone_scans(w, &phone, &screen);
    assert_refused(w, &problem_prompts_too_many);
    assert_int_equal(world_audit_count(w, AUDIT_PROMPT_BOMB), 1);
}

static void
what_she_confirms_does_not_count_as_asked(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);

    for (int i = 0; i < 5; i++) {
        struct screen screen = screen_at(w, "webhall");

        phone_confirms(w, &phone, &screen);
    }
}

static void
only_an_app_with_the_scope_may_scan(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_with_scope(w, 0, "openid profile");
    struct screen screen = screen_at(w, "webhall");
    struct app_phone hall;

    phone_scans(w, &phone, &screen);
    assert_refused(w, &problem_qr_scope);
    w->cookies = 0;
    hall.access = world_login_tokens(w, "webhall").access;
    phone_scans(w, &hall, &screen);
    assert_refused(w, &problem_qr_scope);
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=client_credentials");
    hall.access = world_json(w, "access_token");
    phone_scans(w, &hall, &screen);
    assert_refused(w, &problem_qr_scope);
    world_send(w, &(struct world_call) { .method = "POST",
                                         .target = "/qr/scan",
                                         .form = "{\"code\":\"x\"}",
                                         .content_type = "application/json" });
    assert_refused(w, &problem_bearer_missing);
}

static void
a_disabled_person_confirms_nothing(void **state)
{
    struct world *w = *state;
    struct app_phone phone = phone_of(w, 0);
    struct screen screen = screen_at(w, "webhall");
    struct ctx ctx = world_ctx(w);

    phone_confirms(w, &phone, &screen);
    assert_int_equal(person_stop(&ctx, world_person(w, 0), PERSON_DISABLED, "disabled"), OK);
    screen_goes_on(w, &screen);
    assert_null(world_cookie(w, "__Host-session"));
    world_follow_mistake(w);
    assert_refused(w, &problem_qr_over);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(what_a_code_asks_is_told_to_who_scans_it),
        world_test(a_code_of_our_own_pages_names_us),
        world_test(XD_14_a_code_is_confirmed_once),
        world_test(XD_14_a_code_that_somebody_has_scanned_is_nobody_elses),
        world_test(XD_15_what_is_no_code_of_ours_is_answered_alike_and_then_not_at_all),
        world_test(XD_16_a_body_that_says_who_confirms_is_refused),
        world_test(XD_18_after_cancel_and_after_its_life_a_code_is_over),
        world_test(a_code_is_good_in_its_last_second_and_taken_a_moment_later),
        world_test(XD_19_a_token_that_was_logged_out_confirms_nothing),
        world_test(XD_20_a_fourth_question_is_not_asked),
        world_test(what_she_confirms_does_not_count_as_asked),
        world_test(only_an_app_with_the_scope_may_scan),
        world_test(a_disabled_person_confirms_nothing),
    };

    return world_run(tests);
}
