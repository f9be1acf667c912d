/* SPDX-License-Identifier: Apache-2.0 */
/* The page of everywhere a person is logged in. */
#include "tests/protocols/account/kit.h"

#include <string.h>

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/tables/terminal.h"

#define PAGE "/account/sessions"

/* On the page, logged in by the last of `partners` (NULL: our own pages), before that by the others. */
static struct journey
at_page(struct world *w, const char *const *partners, size_t count)
{
    struct journey j = { .w = w };

    for (size_t i = 0; i < count; i++) {
        world_log_in_at(w, 0, partners[i]);
        w->now += 60;
    }
    world_open(w, PAGE);
    assert_int_equal(w->answer.status, 200);
    journey_arrive(&j);
    return j;
}

static bool
has(struct world *w, const char *text)
{
    return strstr(w->answer.body, text) != NULL;
}

static size_t
live(struct world *w)
{
    int64_t count = 0;

    assert_int_equal(store_session_count_of(w->store, world_person(w, 0), w->now, &count), OK);
    return (size_t)count;
}

static const char *
label_on_page(struct world *w, int number)
{
    const char *at =
        strstr(w->answer.body, arena_printf(w->arena,
                                            "id=\"end-%d\" type=\"submit\" name=\"end\" "
                                            "value=\"",
                                            number));

    assert_non_null(at);
    at = strstr(at, "value=\"") + 7;
    return arena_copy(w->arena, at, strcspn(at, "\""));
}

static void
it_tells_of_each_where_since_when_and_what_for_and_marks_this_one(void **state)
{
    static const char *const partners[] = { "app", NULL, "webhall" };
    struct world *w = *state;

    w->now = 1767250800; /* 2026-01-01 15:00 in Beijing */
    (void)at_page(w, partners, 3);
    assert_true(has(w, "<h2 id=\"session-1-name\">网页 · 网上办事大厅</h2>\n"
                       "<p class=\"box good\" id=\"this-session\">"));
    assert_true(has(w, "<h2 id=\"session-2-name\">网页 · 通行</h2>"));
    assert_true(has(w, "<h2 id=\"session-3-name\">手机应用 · 手机应用</h2>"));
    assert_true(has(w, "<dd>2026-01-01 15:00</dd>"));
    assert_false(has(w, "id=\"end-1\""));
    assert_true(has(w, "id=\"end-3\""));
    assert_true(has(w, "id=\"end-others\""));
    assert_false(has(w, world_cookie(w, "__Host-session")));
    world_open(w, PAGE "?ui_locales=en");
    assert_true(has(w, "Where you are logged in"));
}

static void
it_names_the_applications_that_she_entered(void **state)
{
    struct world *w = *state;

    (void)world_login_tokens(w, "webhall");
    (void)world_login_tokens(w, "hospital");
    world_open(w, PAGE);
    assert_true(has(w, "<dd>市人民医院、网上办事大厅</dd>"));
    assert_false(has(w, "id=\"end-others\"")); /* there are none */
}

static void
home_leads_there(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_get(w, "/");
    assert_true(has(w, "id=\"sessions-link\" href=\"" PAGE "\""));
}

static void
one_that_is_chosen_ends_and_the_page_says_so(void **state)
{
    static const char *const partners[] = { "app", NULL, "webhall" };
    struct world *w = *state;
    struct journey j = at_page(w, partners, 3);
    const char *label = label_on_page(w, 3);

    journey_post(&j, PAGE, arena_printf(w->arena, "end=%s", label));
    assert_true(has(w, "id=\"notice\""));
    assert_false(has(w, "手机应用"));
    assert_int_equal(live(w), 2);
    journey_post(&j, PAGE, arena_printf(w->arena, "end=%s", label)); /* pressed again */
    assert_true(has(w, "id=\"session-2-name\""));
    assert_int_equal(live(w), 2);
    journey_post(&j, PAGE, "");
    assert_int_equal(live(w), 2);
}

static void
all_others_end_and_this_one_goes_on(void **state)
{
    static const char *const partners[] = { "app", NULL, NULL };
    struct world *w = *state;
    struct journey j = at_page(w, partners, 2);

    journey_post(&j, PAGE, "end=others");
    assert_int_equal(live(w), 1);
    assert_true(has(w, "id=\"this-session\""));
}

static void
what_this_one_came_from_is_marked(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct session phone;
    struct session view;
    struct session nobody = { .live = false };
    struct proof proof = { .person_id = world_person(w, 0) };
    const char *cookie;

    world_log_in_at(w, 0, "app");
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &phone), OK);
    partner_enter(&ctx, registry_find(w->services.registry, "webhall"));
    proof.lent_by = &phone.row;
    assert_int_equal(session_begin(&ctx, &nobody, &proof, &view, &cookie), OK);
    world_cookie_put(w, "__Host-session", cookie);
    world_open(w, PAGE);
    assert_true(has(w, "<p class=\"box later\">您正在使用的登录由它而来"));
}

/* At a terminal it says where that stands. */
static void
a_terminal_is_named_by_its_place(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct session nobody = { .live = false };
    struct session session;
    struct proof proof = { .person_id = world_person(w, 0), .amr = "pwd" };
    const struct stored_terminal terminal = { .terminal_id = "k_1",
                                              .partner_id = "webhall",
                                              .place = "一楼大厅 3 号机",
                                              .agency = "市社保中心",
                                              .state = TERMINAL_ENROLLED,
                                              .jwk = "",
                                              .thumbprint = "" };
    const char *cookie;

    assert_int_equal(store_terminal_insert(w->store, &terminal), OK);
    world_log_in(w, 0);
    ctx.terminal_id = "k_1";
    assert_int_equal(session_begin(&ctx, &nobody, &proof, &session, &cookie), OK);
    ctx.terminal_id = "k_gone";
    assert_int_equal(session_begin(&ctx, &nobody, &proof, &session, &cookie), OK);
    world_open(w, PAGE);
    assert_true(has(w, "· 市社保中心 一楼大厅 3 号机</h2>"));
    assert_true(has(w, "id=\"session-3-name\""));
}

static void
who_is_not_logged_in_logs_in_and_comes_back(void **state)
{
    struct world *w = *state;

    world_open(w, PAGE);
    assert_int_equal(w->answer.status, 303);
    assert_true(text_starts(world_header(w, "Location"), "/login?tx="));
}

/* Ended from elsewhere while she looked at the page. */
static void
a_form_of_a_session_that_has_ended_does_nothing(void **state)
{
    static const char *const partners[] = { "app", NULL };
    struct world *w = *state;
    struct journey j = at_page(w, partners, 2);
    struct ctx ctx = world_ctx(w);
    struct session session;

    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    assert_int_equal(session_end(&ctx, &session, "list"), OK);
    world_form_post(w, PAGE, "tx=%s&csrf=%s&end=others", j.tx, j.csrf);
    assert_true(text_starts(world_header(w, "Location"), "/login?tx="));
    assert_int_equal(live(w), 1);
}

static void
a_form_of_another_flow_or_without_its_token_is_refused(void **state)
{
    struct world *w = *state;
    struct journey j = { .w = w };

    world_log_in(w, 0);
    world_open(w, "/account/password");
    journey_arrive(&j);
    world_form_post(w, PAGE, "tx=%s&csrf=%s&end=others", j.tx, j.csrf);
    world_follow_stop(w);
    assert_refused(w, &problem_transaction_order);
    world_get(w, arena_printf(w->arena, PAGE "?tx=%s", j.tx));
    assert_refused(w, &problem_transaction_order);
    world_open(w, PAGE);
    journey_arrive(&j);
    world_form_post(w, PAGE, "tx=%s&csrf=x&end=others", j.tx);
    world_follow_stop(w);
    assert_refused(w, &problem_form_forged);
}

/* SE-20's sister: she does it herself. The button is there and on the question of a logout. */
static void
everywhere_ends_all_channels_and_what_outlives_sessions(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *csrf;

    world_log_in_at(w, 0, "app");
    world_get(w, "/oidc/logout");
    assert_true(has(w, "id=\"logout-everywhere\""));
    csrf = world_hidden(w, "csrf");
    world_audit_mark(w);
    world_form_post(w, "/logout", "csrf=%s&decision=everywhere", csrf);
    assert_true(text_starts(world_header(w, "Location"), "/logout?tx="));
    assert_int_equal(live(w), 0);
    assert_int_equal(world_audit_count(w, AUDIT_SESSION_ENDED), 2);
    assert_false(world_token_works(w, tokens.access));
    world_form_post(w, "/logout", "csrf=%s&decision=everywhere", csrf); /* pressed again */
    assert_true(text_starts(world_header(w, "Location"), "/logout?tx="));
    assert_int_equal(world_audit_count(w, AUDIT_SESSION_ENDED), 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(it_tells_of_each_where_since_when_and_what_for_and_marks_this_one),
        world_sims_test(it_names_the_applications_that_she_entered),
        world_sims_test(home_leads_there),
        world_sims_test(one_that_is_chosen_ends_and_the_page_says_so),
        world_sims_test(all_others_end_and_this_one_goes_on),
        world_sims_test(what_this_one_came_from_is_marked),
        world_sims_test(a_terminal_is_named_by_its_place),
        world_sims_test(who_is_not_logged_in_logs_in_and_comes_back),
        world_sims_test(a_form_of_a_session_that_has_ended_does_nothing),
        world_sims_test(a_form_of_another_flow_or_without_its_token_is_refused),
        world_sims_test(everywhere_ends_all_channels_and_what_outlives_sessions),
    };

    return world_sims_run(tests);
}
