/* SPDX-License-Identifier: Apache-2.0 */
/* What staff did or saw of a person, for her to read. */
#include "tests/protocols/staff/citizen_kit.h"

#include "idp/base/buf.h"

#define PAGE "/account/history"

static void
act_put(struct world *w, int n, int i)
{
    const struct stored_staff_act act = {
        .person_id = world_person(w, n),
        .act_id = arena_printf(w->arena, "sa_%d_%03d", n, i),
        .at = w->now - i / 2, /* two of one second */
        .what = STAFF_ACT_acted,
        .staff_id = "liming",
        .agency = "天河区社保局",
        .counter_id = world_counter(w, 1),
        .partner_id = "hospital",
        .business = "B01",
        .reason = "工单 4711",
    };

    world_must(store_staff_act_insert(w->store, &act), "no act");
}

static size_t
lines(const struct world *w)
{
    size_t count = 0;

    for (const char *at = w->answer.body; (at = strstr(at, "class=\"what\"")) != NULL; at++)
        count++;
    return count;
}

static void
open_page(struct world *w)
{
    world_open(w, PAGE);
    assert_int_equal(w->answer.status, 200);
}

static void
each_line_says_when_where_who_what_for_and_why_and_not_her_whole_name(void **state)
{
    struct world *w = *state;

    world_counter(w, 1);
    world_staff(w, "liming", "counter");
    world_log_in(w, 0);
    open_page(w);
    assert_true(page_shows(w, "nothing"));
    act_put(w, 0, 0);
    act_put(w, 1, 0);
    open_page(w);
    assert_int_equal(lines(w), 1);
    assert_true(page_has(w, word(LANGUAGE_ZH_CN, WORD_staff_act_acted)));
    assert_true(page_has(w, "2026-01-01 08:00"));
    assert_true(page_has(w, "天河区社保局 · 1 号窗口"));
    assert_true(page_has(w, "李** (***ng)"));
    assert_false(page_has(w, "李明"));
    assert_false(page_has(w, "liming"));
    assert_true(page_has(w, "B01"));
    assert_true(page_has(w, "工单 4711"));
    assert_false(page_shows(w, "older"));
}

static void
what_is_gone_since_is_told_as_far_as_it_is_known(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    act_put(w, 0, 0);
    open_page(w);
    assert_true(page_has(w, "** (***ng)"));
}

static const char *
older_of(struct world *w)
{
    const char *at = strstr(w->answer.body, "id=\"older\" href=\"");
    struct buf url = buf_new(w->arena, 1024);

    assert_non_null(at);
    at += strlen("id=\"older\" href=\"");
    for (; *at != '"'; at++) {
        buf_char(&url, *at);
        if (text_starts(at, "&amp;"))
            at += 4;
    }
    return url.at;
}

static void
a_long_history_is_read_page_by_page_and_no_line_is_lost(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    for (int i = 0; i < 2 * STAFF_ACT_PAGE - 1; i++)
        act_put(w, 0, i);
    open_page(w);
    assert_int_equal(lines(w), STAFF_ACT_PAGE);
    world_get(w, older_of(w));
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(lines(w), STAFF_ACT_PAGE - 1);
    assert_false(page_shows(w, "older"));
}

/* ST-19 */
static void
a_forged_page_or_another_persons_is_refused(void **state)
{
    struct world *w = *state;
    const char *older;
    const char *after;

    world_log_in(w, 0);
    for (int i = 0; i < STAFF_ACT_PAGE; i++) {
        act_put(w, 0, i);
        act_put(w, 1, i);
    }
    open_page(w);
    older = older_of(w);
    after = strstr(older, "&after=");
    world_get(w, arena_printf(w->arena, "%sx", older));
    assert_refused(w, &problem_history_page);
    world_get(w, arena_printf(w->arena, "%.*s&after=%%25", (int)(after - older), older));
    assert_refused(w, &problem_history_page);
    world_log_in(w, 1);
    open_page(w);
    older = older_of(w);
    world_get(
        w, arena_printf(w->arena, "%.*s%s", (int)(strstr(older, "&after=") - older), older, after));
    assert_refused(w, &problem_history_page);
}

static void
nobody_sees_it_without_a_login_that_is_worth_it(void **state)
{
    static const struct session nobody;
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct proof proof = { .person_id = world_person(w, 0), .amr = "wechat" };
    struct session session;
    const char *cookie;

    world_open(w, PAGE);
    assert_true(text_starts(world_header(w, "Location"), "/login?"));
    world_must(session_begin(&ctx, &nobody, &proof, &session, &cookie), "no session");
    world_cookie_put(w, "__Host-session", cookie);
    world_open(w, PAGE);
    assert_true(text_starts(world_header(w, "Location"), "/login?"));
}

static void
it_is_linked_from_home_and_from_the_cards_history(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_get(w, "/");
    assert_true(page_shows(w, "history-link"));
    world_get(w, "/card/history");
    assert_true(page_shows(w, "history-link"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(each_line_says_when_where_who_what_for_and_why_and_not_her_whole_name),
        world_test(what_is_gone_since_is_told_as_far_as_it_is_known),
        world_test(a_long_history_is_read_page_by_page_and_no_line_is_lost),
        world_test(a_forged_page_or_another_persons_is_refused),
        world_test(nobody_sees_it_without_a_login_that_is_worth_it),
        world_test(it_is_linked_from_home_and_from_the_cards_history),
    };

    return world_run(tests);
}
