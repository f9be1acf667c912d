/* SPDX-License-Identifier: Apache-2.0 */
/* Staff log in to a partner: from /oauth2/authorize to the code, at their own listener (issue 11, hand-over). */
#include "tests/protocols/oauth2/staff_kit.h"

static void
whoever_sits_at_the_counter_logs_in_to_its_partner(void **state)
{
    struct world *w = *state;

    world_sit(w, "liming", "counter", 1);
    window_enter(w, "window", STAFF_SCOPE);
    assert_int_equal(w->answer.status, 303);
    assert_true(text_starts(world_header(w, "Location"), "https://window.example/cb?code="));
    assert_string_equal(world_location_param(w, "state"), "st-1");
    assert_string_equal(world_location_param(w, "iss"), WORLD_ISSUER);
    assert_null(world_location_param(w, "session_state"));
}

/* The link binds no browser and no person: it says nothing that the partner's own link did not say. */
static void
the_request_is_judged_before_it_is_handed_over(void **state)
{
    struct world *w = *state;

    window_ask(w, "window", "&scope=nonsense");
    assert_refused_by_redirect(w, "window", &problem_scope_invalid);
    world_get(w, "/oauth2/authorize?client_id=window&redirect_uri=https%3A%2F%2Fevil.example%2Fcb");
    assert_refused(w, &problem_redirect_uri_mismatch);
    window_ask(w, "window", STAFF_SCOPE);
    window_link(w);
    assert_null(world_header(w, "Set-Cookie"));
}

static void
without_a_listener_for_them_staff_log_in_nowhere(void **state)
{
    struct world *w = *state;

    w->settings.staff.url = "";
    window_ask(w, "window", STAFF_SCOPE);
    assert_refused_by_redirect(w, "window", &problem_staff_absent);
}

/* ST-18. */
static void
st_18_their_pages_are_not_on_the_public_listener(void **state)
{
    static const char *const paths[] = { "/staff/enter?tx=x", "/staff/enter/resume?tx=x" };
    struct world *w = *state;

    world_sit(w, "liming", "counter", 1);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        world_send(w, &(struct world_call) { .target = paths[i], .routes = public_routes });
        assert_int_equal(w->answer.status, 404);
    }
}

static void
nobody_at_the_counter_is_led_to_sign_in_and_comes_back(void **state)
{
    struct world *w = *state;
    const char *resume;

    world_counter(w, 1);
    window_enter(w, "window", STAFF_SCOPE);
    resume = window_resume(w, "/staff/sign-in");
    world_sit(w, "liming", "counter", 1);
    world_get(w, resume);
    assert_non_null(world_location_param(w, "code"));
}

static void
silence_comes_back_with_login_required(void **state)
{
    struct world *w = *state;

    window_enter(w, "window", STAFF_SCOPE "&prompt=none");
    assert_refused_by_redirect(w, "window", &problem_login_required);
    world_sit(w, "liming", "counter", 1);
    window_enter(w, "window", STAFF_SCOPE "&prompt=none");
    assert_non_null(world_location_param(w, "code"));
    window_lock(w);
    window_enter(w, "window", STAFF_SCOPE "&prompt=none");
    assert_refused_by_redirect(w, "window", &problem_login_required);
}

static void
a_locked_counter_is_opened_first(void **state)
{
    struct world *w = *state;
    const char *resume;

    world_sit(w, "liming", "counter", 1);
    window_lock(w);
    window_enter(w, "window", STAFF_SCOPE);
    resume = window_resume(w, "/staff/lock");
    world_get(w, resume);
    window_resume(w, "/staff/lock"); /* as long as it is locked */
    window_sql(w, "UPDATE sitting SET locked_at = 0");
    world_get(w, resume);
    assert_non_null(world_location_param(w, "code"));
}

/* Opening a counter is no login. */
static void
whoever_is_asked_to_log_in_again_signs_in_again(void **state)
{
    static const char *const asks[] = { STAFF_SCOPE "&prompt=login", STAFF_SCOPE "&max_age=60",
                                        STAFF_SCOPE "&prompt=select_account" };
    struct world *w = *state;
    const char *resume;

    for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
        world_sit(w, "liming", "counter", 1);
        world_advance(w, 61);
        window_lock(w);
        window_enter(w, "window", asks[i]);
        resume = window_resume(w, "/staff/lock");
        window_sql(w, "UPDATE sitting SET locked_at = 0");
        world_get(w, resume);
        resume = window_resume(w, "/staff/sign-in");
        world_get(w, resume);
        resume = window_resume(w, "/staff/sign-in"); /* she has not */
        world_advance(w, 1);
        world_sit(w, "liming", "counter", 1);
        world_get(w, resume);
        assert_non_null(world_location_param(w, "code"));
        world_advance(w, 1);
    }
}

static void
max_age_takes_a_login_that_is_young_enough(void **state)
{
    struct world *w = *state;

    world_sit(w, "liming", "counter", 1);
    world_advance(w, 60);
    window_enter(w, "window", STAFF_SCOPE "&max_age=60");
    assert_non_null(world_location_param(w, "code"));
}

static void
a_level_that_was_not_reached_is_refused_where_it_is_essential(void **state)
{
    static const char essential[] =
        STAFF_SCOPE "&claims=%7B%22id_token%22%3A%7B%22acr%22%3A%7B%22essential%22%3A"
                    "true%2C%22value%22%3A%22urn%3Ahrss%3Aacr%3Al4%22%7D%7D%7D";
    struct world *w = *state;

    world_sit(w, "liming", "counter", 1);
    window_enter(w, "window", essential);
    assert_refused_by_redirect(w, "window", &problem_level_unmet);
    window_enter(w, "window", STAFF_SCOPE "&acr_values=urn%3Ahrss%3Aacr%3Al4");
    assert_non_null(world_location_param(w, "code"));
    window_sql(w, "UPDATE session SET level = 4");
    window_enter(w, "window", essential);
    assert_non_null(world_location_param(w, "code"));
}

static void
a_hint_that_names_a_colleague_is_not_answered_for_her(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;
    const char *hint;
    const char *resume;

    world_sit(w, "liming", "counter", 1);
    tokens = window_tokens(w, "window", STAFF_SCOPE);
    hint = arena_printf(w->arena, "%s&id_token_hint=%s", STAFF_SCOPE, tokens.id);
    window_enter(w, "window", hint);
    assert_non_null(world_location_param(w, "code"));
    world_advance(w, 1);
    world_sit(w, "wangfang", "counter", 1);
    window_enter(w, "window", arena_printf(w->arena, "%s&prompt=none", hint));
    assert_refused_by_redirect(w, "window", &problem_login_required);
    window_enter(w, "window", hint);
    resume = window_resume(w, "/staff/sign-in");
    world_advance(w, 1);
    world_sit(w, "wangfang", "counter", 1);
    world_get(w, resume);
    assert_refused_by_redirect(w, "window", &problem_login_required);
}

static void
st_09_a_role_that_is_gone_enters_nowhere(void **state)
{
    struct world *w = *state;
    const char *resume;

    world_sit(w, "liming", "audit_admin", 1);
    world_audit_mark(w);
    window_enter(w, "window", STAFF_SCOPE);
    assert_refused_by_redirect(w, "window", &problem_staff_denied);
    assert_string_equal(world_location_param(w, "error"), "access_denied");
    assert_audited(w, AUDIT_STAFF_DENIED, "enter");

    world_advance(w, 1);
    world_sit(w, "wangfang", "counter", 1); /* removed while the flow goes on */
    window_enter(w, "window", STAFF_SCOPE "&prompt=login");
    resume = window_resume(w, "/staff/sign-in");
    world_advance(w, 1);
    world_sit(w, "wangfang", "counter", 1);
    window_sql(w, "UPDATE staff SET roles = 'audit_admin'");
    world_get(w, resume);
    assert_refused_by_redirect(w, "window", &problem_staff_denied);
}

static void
st_13_a_sitting_of_another_counter_is_nobodys(void **state)
{
    struct world *w = *state;

    world_sit(w, "liming", "counter", 1);
    world_counter(w, 2); /* the browser of another counter, with her cookie */
    window_enter(w, "window", STAFF_SCOPE "&prompt=none");
    assert_refused_by_redirect(w, "window", &problem_login_required);
    window_enter(w, "window", STAFF_SCOPE);
    window_resume(w, "/staff/sign-in");
}

/* The cookie of one kind of subject opens nothing of the other's. */
static void
a_citizens_login_is_none_at_a_counter_and_the_other_way_round(void **state)
{
    struct world *w = *state;
    const char *staff;

    world_counter(w, 1);
    world_log_in(w, 0);
    world_cookie_put(w, "__Host-staff", world_cookie(w, "__Host-session"));
    window_enter(w, "window", STAFF_SCOPE "&prompt=none");
    assert_refused_by_redirect(w, "window", &problem_login_required);

    world_sit(w, "liming", "counter", 1);
    staff = world_cookie(w, "__Host-staff");
    world_cookie_put(w, "__Host-session", staff);
    window_ask(w, "hall", "&scope=openid&prompt=none");
    assert_refused_by_redirect(w, "hall", &problem_login_required);
}

static void
a_link_that_is_not_ours_opens_nothing(void **state)
{
    struct world *w = *state;
    const char *resume;
    const char *link;
    char *changed;

    world_counter(w, 1);
    world_get(w, "/staff/enter");
    assert_refused(w, &problem_transaction_lost);
    world_get(w, "/staff/enter?tx=nonsense");
    assert_refused(w, &problem_transaction_lost);
    window_ask(w, "window", STAFF_SCOPE);
    link = window_link(w);
    changed = arena_text(w->arena, link);
    changed[strlen(changed) - 10] = changed[strlen(changed) - 10] == 'A' ? 'B' : 'A';
    world_get(w, changed);
    assert_refused(w, &problem_transaction_lost);

    /* Nor does the one stand for the other. */
    world_get(w, arena_printf(w->arena, "/staff/enter/resume%s", strchr(link, '?')));
    assert_refused(w, &problem_transaction_lost);
    world_get(w, link);
    resume = window_resume(w, "/staff/sign-in");
    world_get(w, arena_printf(w->arena, "/staff/enter%s", strchr(resume, '?')));
    assert_refused(w, &problem_transaction_lost);
}

static void
a_flow_of_another_browser_or_of_another_page_is_not_gone_on_with(void **state)
{
    struct world *w = *state;
    const char *resume;

    world_counter(w, 1);
    window_enter(w, "window", STAFF_SCOPE);
    resume = window_resume(w, "/staff/sign-in");
    world_sit(w, "liming", "counter", 1);
    world_send(w, &(struct world_call) { .target = resume, .without_cookies = true });
    assert_refused(w, &problem_transaction_lost);
    world_get(w, "/staff");
    world_get(w, arena_printf(w->arena, "/staff/enter/resume%s",
                              strchr(world_header(w, "Location"), '?')));
    assert_refused(w, &problem_transaction_order);
}

/* As if it were asked now; a day later not at all. */
static void
a_request_that_waited_too_long_is_judged_anew(void **state)
{
    struct world *w = *state;
    const char *resume;
    const char *link;

    world_counter(w, 1);
    window_ask(w, "window", STAFF_SCOPE);
    link = window_link(w);
    world_get(w, link);
    resume = window_resume(w, "/staff/sign-in");
    world_advance(w, w->settings.life.transaction_s + 1);
    world_sit(w, "liming", "counter", 1);
    world_get(w, resume);
    assert_non_null(world_location_param(w, "code"));
    world_get(w, link);
    assert_non_null(world_location_param(w, "code"));
    world_advance(w, TRANSACTION_HONOURED_S + 1);
    world_get(w, link);
    assert_refused(w, &problem_transaction_lost);
}

static void
a_partner_that_came_back_under_the_same_name_has_nothing_of_the_former(void **state)
{
    struct world *w = *state;
    const char *link;

    world_sit(w, "liming", "counter", 1);
    window_ask(w, "annex", STAFF_SCOPE);
    link = window_link(w);
    world_advance(w, 1);
    world_partners(w, "{\"partners\":[" WINDOW_OF("window", "openid staff", WINDOW_GRANTS) "]}");
    world_get(w, link);
    assert_refused(w, &problem_client_unknown);
    world_advance(w, 1);
    world_partners(w, WINDOWS);
    world_get(w, link);
    assert_refused(w, &problem_transaction_lost);
}

/* Registered for citizens since: nobody of staff logs in to it any more. */
static void
a_partner_that_left_the_counters_gets_no_code_of_staff(void **state)
{
    struct world *w = *state;
    const char *link;

    world_sit(w, "liming", "counter", 1);
    window_ask(w, "window", STAFF_SCOPE);
    link = window_link(w);
    world_partners(w, "{\"partners\":[{\"client_id\":\"window\",\"client_name\":\"window\","
                      "\"redirect_uris\":[\"https://window.example/cb\"],"
                      "\"client_secret\":\"window-secret-0123456789-0123456789-0123456789\","
                      "\"scope\":\"openid profile\"}]}");
    world_get(w, link);
    assert_refused_by_redirect(w, "window", &problem_response_type_not_allowed);
}

static void
she_may_refuse_instead_of_signing_in(void **state)
{
    struct world *w = *state;
    const char *tx;
    struct transaction opened;
    struct ctx ctx = world_ctx(w);

    world_counter(w, 1);
    window_enter(w, "window", STAFF_SCOPE);
    tx = strchr(window_resume(w, "/staff/sign-in"), '=') + 1;
    assert_int_equal(transaction_peek(&ctx, tx, &opened), OK);
    world_form_post(
        w, "/staff/enter/cancel", "tx=%s&csrf=%s", tx,
        transaction_csrf(&ctx, &opened,
                         world_cookie(w, arena_printf(w->arena, "__Host-tx_%s", opened.id))));
    world_follow(w);
    assert_refused_by_redirect(w, "window", &problem_access_denied);
}

static void
the_answer_may_be_a_form_that_posts_itself(void **state)
{
    struct world *w = *state;

    world_sit(w, "liming", "counter", 1);
    window_enter(w, "window", STAFF_SCOPE "&response_mode=form_post");
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "action=\"https://window.example/cb\""));
}

static void
a_posted_request_is_handed_over_too(void **state)
{
    struct world *w = *state;

    world_sit(w, "liming", "counter", 1);
    world_form_post(w, "/oauth2/authorize",
                    "client_id=window&redirect_uri=https://window.example/cb&response_type=code"
                    "&scope=openid staff&code_challenge=" WORLD_CHALLENGE
                    "&code_challenge_method=S256");
    world_get(w, window_link(w));
    assert_non_null(world_location_param(w, "code"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        window_test(whoever_sits_at_the_counter_logs_in_to_its_partner),
        window_test(the_request_is_judged_before_it_is_handed_over),
        window_test(without_a_listener_for_them_staff_log_in_nowhere),
        window_test(st_18_their_pages_are_not_on_the_public_listener),
        window_test(nobody_at_the_counter_is_led_to_sign_in_and_comes_back),
        window_test(silence_comes_back_with_login_required),
        window_test(a_locked_counter_is_opened_first),
        window_test(whoever_is_asked_to_log_in_again_signs_in_again),
        window_test(max_age_takes_a_login_that_is_young_enough),
        window_test(a_level_that_was_not_reached_is_refused_where_it_is_essential),
        window_test(a_hint_that_names_a_colleague_is_not_answered_for_her),
        window_test(st_09_a_role_that_is_gone_enters_nowhere),
        window_test(st_13_a_sitting_of_another_counter_is_nobodys),
        window_test(a_citizens_login_is_none_at_a_counter_and_the_other_way_round),
        window_test(a_link_that_is_not_ours_opens_nothing),
        window_test(a_flow_of_another_browser_or_of_another_page_is_not_gone_on_with),
        window_test(a_request_that_waited_too_long_is_judged_anew),
        window_test(a_partner_that_came_back_under_the_same_name_has_nothing_of_the_former),
        window_test(a_partner_that_left_the_counters_gets_no_code_of_staff),
        window_test(she_may_refuse_instead_of_signing_in),
        window_test(the_answer_may_be_a_form_that_posts_itself),
        window_test(a_posted_request_is_handed_over_too),
    };

    return world_run(tests);
}
