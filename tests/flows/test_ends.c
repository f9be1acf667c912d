/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No form of our pages is a dead end (docs/adr/0029): each one, taken from the table of
 * tests/flows/form_kit.h, in the places where people lose their way. Nothing is done then that was
 * not asked for, and the page says how she gets on.
 */
#include <stdio.h>
#include <string.h>

#include "idp/session/transaction.h"
#include "tests/flows/form_kit.h"

static const struct press *at_hand; /* the row of this test */

static const char *
way_of(struct world *w, const struct press *press, const struct journey *j)
{
    return arena_printf(w->arena, "%s?tx=%s", press->path, j->tx);
}

static bool
has_transaction(const struct journey *j)
{
    return *j->tx != '\0';
}

static void
send_row(struct world *w, const struct press *press, const struct journey *j, const char *typed)
{
    const char *form = arena_printf(w->arena, "tx=%s&csrf=%s&%s", j->tx, j->csrf, typed);

    world_send(w, &(struct world_call) { .target = press->path, .form = form });
    if (w->answer.status != 303)
        fail_msg("%s %s: %d, and Back would ask whether to send again", press->path, typed,
                 w->answer.status);
}

/* As the browser does, until it sees a page or has left the house. */
static void
go_on(struct world *w)
{
    while (w->answer.status == 303 && *world_header(w, "Location") == '/')
        world_follow(w);
}

static bool
shows(const struct world *w, const char *id)
{
    char attribute[64];

    snprintf(attribute, sizeof(attribute), "id=\"%s\"", id);
    return w->answer.status != 303 && strstr(w->answer.body, attribute) != NULL;
}

/* A page of ours on which she can press something that leads on. */
static void
assert_leads_on(struct world *w, const char *where)
{
    bool leads = shows(w, "way-on") || shows(w, "door-back") || shows(w, "door-1") ||
                 strstr(w->answer.body, "<form") != NULL ||
                 (w->answer.status == 200 && shows(w, "home-link"));

    if (w->answer.status == 303) /* back at the partner */
        return;
    if (!leads)
        fail_msg("%s %s: a dead end\n%s", at_hand->path, where, w->answer.body);
    if (strstr(w->answer.body, "id=\"switch-language\"") == NULL)
        fail_msg("%s %s: no switch of language", at_hand->path, where);
    if (w->answer.status >= 400 && strstr(w->answer.body, "id=\"error-symbol\"") != NULL &&
        !shows(w, "request-id"))
        fail_msg("%s %s: no number of the request", at_hand->path, where);
}

static void
assert_page(struct world *w, const char *where)
{
    if (w->answer.status != 200)
        fail_msg("%s %s: %d\n%s", at_hand->path, where, w->answer.status, w->answer.body);
}

static void
assert_stopped(struct world *w, const struct problem *problem, const char *where)
{
    const char *location = world_header(w, "Location");

    if (w->answer.status != 303 || !text_starts(location, "/stopped?tx="))
        fail_msg("%s %s: it leads to %s", at_hand->path, where, location);
    assert_refused(w, problem);
    assert_leads_on(w, where);
}

/* --- The cases --- */

static void
when_it_was_sent_back_and_reload_lead_on(struct world *w, const struct press *press)
{
    struct journey j = press->arrive(w);
    const char *page = way_of(w, press, &j);
    const char *typed = kit_typed(w, press);
    bool logged_in;

    send_row(w, press, &j, typed);
    go_on(w);
    assert_leads_on(w, "sent");
    if (w->answer.status == 200)
        world_get(w, press->path); /* reload of where the form was sent to */
    logged_in = world_cookie(w, "__Host-session") != NULL;
    for (int i = 0; i < 2; i++) { /* Back, and reload there */
        world_get(w, page);
        go_on(w);
        if (has_transaction(&j))
            assert_leads_on(w, "Back");
    }
    world_advance(w, 61);
    send_row(w, press, &j, typed);
    go_on(w);
    assert_leads_on(w, "sent again");
    if (!logged_in && world_cookie(w, "__Host-session") != NULL)
        fail_msg("%s %s: logged in by an old form", press->path, typed);
}

static void
another_tab_of_the_browser_changes_nothing(struct world *w, const struct press *press)
{
    struct journey j = press->arrive(w);
    const char *typed = kit_typed(w, press);
    struct world before = *w;
    const char *alone;

    send_row(w, press, &j, typed);
    alone = world_header(w, "Location");
    alone = arena_copy(w->arena, alone, strcspn(alone, "?"));
    *w = before;
    world_authorize(w, "hospital", "");
    go_on(w);
    send_row(w, press, &j, typed);
    if (!text_starts(world_header(w, "Location"), alone))
        fail_msg("%s %s: %s, and %s beside another tab", press->path, typed, alone,
                 world_header(w, "Location"));
}

static void
one_that_has_expired_begins_anew_and_does_nothing(struct world *w, const struct press *press)
{
    struct journey j = press->arrive(w);
    const char *typed = kit_typed(w, press);
    struct doings before;
    struct doings after;
    struct transaction tx;
    struct ctx ctx;

    if (!has_transaction(&j))
        return;
    world_advance(w, w->settings.life.transaction_s + 1);
    before = doings_of(w);
    for (int i = 0; i < 2; i++) { /* pressed twice */
        send_row(w, press, &j, typed);
        after = doings_of(w);
        assert_nothing_done(press, &before, &after);
    }
    go_on(w);
    assert_leads_on(w, "expired");
    if (shows(w, "error-symbol"))
        fail_msg("%s: an expired form is a mistake of hers\n%s", press->path, w->answer.body);
    ctx = world_ctx(w);
    assert_int_equal(transaction_peek(&ctx, world_hidden(w, "tx"), &tx), OK);
    assert_int_equal(tx.enrolment, ENROLMENT_NONE);
    assert_string_equal(tx.phone, "");
    assert_int_equal(tx.proven_at, 0);
    if (press->is_first && strstr(typed, "phone=138") != NULL &&
        strstr(w->answer.body, arena_printf(w->arena, "action=\"%s\"", press->path)) != NULL)
        assert_non_null(strstr(w->answer.body, "value=\"13800138000\""));
    world_get(w, way_of(w, press, &j)); /* the same from a bookmark of the day */
    go_on(w);
    if (w->answer.status != 405)
        assert_non_null(world_hidden(w, "tx"));
}

static void
in_another_browser_it_does_nothing_and_names_the_partner(struct world *w, const struct press *press)
{
    struct journey j = press->arrive(w);
    const char *typed = kit_typed(w, press);
    bool has_partner = strstr(w->answer.body, "id=\"partner\"") != NULL;
    struct doings before;
    struct doings after;

    if (!has_transaction(&j))
        return;
    w->cookies = 0;
    before = doings_of(w);
    for (int i = 0; i < 2; i++) {
        send_row(w, press, &j, typed);
        assert_stopped(w, &problem_transaction_lost, "in another browser");
        assert_true(!has_partner || shows(w, "door-back"));
        assert_true(shows(w, "logged-in") == (i == 1));
        world_get(w, way_of(w, press, &j)); /* a bookmark */
        assert_true(w->answer.status == 400 || w->answer.status == 405);
        assert_leads_on(w, "bookmarked");
        after = doings_of(w);
        assert_nothing_done(press, &before, &after);
        world_log_in(w, 5);
        before = doings_of(w);
    }
}

static void
a_mistake_and_what_was_typed_stay_in_another_language(struct world *w, const struct press *press)
{
    struct journey j = press->arrive(w);
    int status;

    if (press->wrong == NULL)
        return;
    send_row(w, press, &j, press->wrong);
    go_on(w);
    status = w->answer.status;
    assert_true(status >= 400);
    assert_non_null(strstr(w->answer.body, press->kept));
    world_get(w, kit_link(w, "switch-language"));
    go_on(w);
    assert_int_equal(w->answer.status, status);
    assert_non_null(strstr(w->answer.body, "<html lang=\"en\""));
    if (strstr(w->answer.body, press->kept) == NULL)
        fail_msg("%s: %s is gone\n%s", press->path, press->kept, w->answer.body);
}

static void
with_the_token_of_another_tab_it_is_refused(struct world *w, const struct press *press)
{
    struct journey other = { .w = w };
    struct journey j = press->arrive(w);
    const char *typed = kit_typed(w, press);
    struct doings before;
    struct doings after;

    world_authorize(w, "hospital", "&prompt=login");
    journey_arrive(&other);
    before = doings_of(w);
    j.csrf = other.csrf;
    send_row(w, press, &j, typed);
    assert_stopped(w, &problem_form_forged, "with another token");
    j.csrf = "";
    send_row(w, press, &j, typed);
    assert_stopped(w, &problem_form_forged, "without a token");
    after = doings_of(w);
    assert_nothing_done(press, &before, &after);
}

static void
out_of_order_or_empty_it_changes_nothing(struct world *w, const struct press *press)
{
    struct journey stage = press->arrive(w);
    const char *typed = kit_typed(w, press);
    struct journey j = { .w = w, .tx = "" };
    struct doings before = doings_of(w);
    struct doings after;

    if (!has_transaction(&stage))
        return;
    world_send(w, &(struct world_call) { .target = press->path, .method = "POST", .form = "" });
    assert_stopped(w, &problem_transaction_lost, "empty");
    w->cookies = 0;
    world_authorize(w, "webhall", "");
    journey_arrive(&j);
    if (!press->is_first) {
        send_row(w, press, &j, typed);
        assert_stopped(w, &problem_transaction_order, "out of order");
        assert_true(shows(w, "way-on"));
    }
    after = doings_of(w);
    assert_nothing_done(press, &before, &after);
}

/* What she types is her own; what the page shows is of whom it was shown to (S1). */
static void
for_another_who_logs_in_meanwhile_it_does_nothing(struct world *w, const struct press *press)
{
    struct journey j = press->arrive(w);
    const char *typed = kit_typed(w, press);
    const char *other;
    int64_t consents;

    world_log_in(w, 5);
    other = arena_text(w->arena, world_cookie(w, "__Host-session"));
    consents = kit_rows_about(w, world_person(w, 5));
    world_audit_mark(w);
    send_row(w, press, &j, typed);
    go_on(w);
    assert_leads_on(w, "shown to another");
    assert_int_equal(kit_rows_about(w, world_person(w, 5)), consents);
    if (kit_acts_for_the_session(press)) {
        struct ctx ctx = world_ctx(w);
        struct session session;

        assert_string_equal(world_cookie(w, "__Host-session"), other);
        assert_int_equal(session_load(&ctx, other, &session), OK);
        assert_true(session.live);
        assert_int_equal(world_audit_count(w, AUDIT_CONSENT_GIVEN), 0);
        assert_int_equal(world_audit_count(w, AUDIT_CONSENT_DENIED), 0);
        assert_int_equal(world_audit_count(w, AUDIT_SESSION_ENDED), 0);
    }
}

/* The button for more time stands in this very form. */
static bool
has_button(struct world *w, const struct press *press)
{
    const char *form = strstr(w->answer.body, arena_printf(w->arena, "action=\"%s\"", press->path));
    const char *end = form != NULL ? strstr(form, "</form>") : NULL;
    const char *button = form != NULL ? strstr(form, "id=\"more-time\"") : NULL;

    return button != NULL && button < end;
}

static const char *
typed_phone(struct world *w, const char *typed)
{
    const char *phone = strstr(typed, "phone=");

    return phone == NULL ? NULL : arena_copy(w->arena, phone + 6, strcspn(phone + 6, "&"));
}

static void
more_time_is_given_and_keeps_what_was_typed(struct world *w, const struct press *press)
{
    struct journey j = press->arrive(w);
    const char *typed = kit_typed(w, press);
    struct doings before;
    struct doings after;

    if (!has_button(w, press))
        return;
    before = doings_of(w);
    world_advance(w, w->settings.life.transaction_s - 60);
    send_row(w, press, &j, arena_printf(w->arena, "%s&more_time=yes", typed));
    after = doings_of(w);
    assert_nothing_done(press, &before, &after);
    assert_true(
        text_starts(world_header(w, "Location"), arena_printf(w->arena, "%s?tx=", press->path)));
    journey_arrive(&j);
    if (text_eq(press->path, "/consent"))
        return; /* her session was idle too long, and the page says so */
    assert_page(w, "more time");
    if (typed_phone(w, typed) != NULL)
        assert_non_null(strstr(w->answer.body, typed_phone(w, typed)));
    if (!has_button(w, press))
        return; /* what she had proven is too long ago, and the page says so */
    world_advance(w, w->settings.life.transaction_s - 60);
    world_get(w, way_of(w, press, &j));
    assert_page(w, "later");
}

/* --- Each case with each form, in a world of its own --- */

static void (*const cases[])(struct world *w, const struct press *press) = {
    when_it_was_sent_back_and_reload_lead_on,
    another_tab_of_the_browser_changes_nothing,
    one_that_has_expired_begins_anew_and_does_nothing,
    in_another_browser_it_does_nothing_and_names_the_partner,
    a_mistake_and_what_was_typed_stay_in_another_language,
    with_the_token_of_another_tab_it_is_refused,
    out_of_order_or_empty_it_changes_nothing,
    for_another_who_logs_in_meanwhile_it_does_nothing,
    more_time_is_given_and_keeps_what_was_typed,
};

#define CASES (sizeof(cases) / sizeof(cases[0]))

static void
se_15_se_17_se_18_no_form_is_a_dead_end(void **state)
{
    static size_t turn;

    size_t now = turn++;

    at_hand = &presses[now % PRESSES];
    cases[now / PRESSES](*state, at_hand);
}

static void
every_form_of_our_pages_is_walked(void **state)
{
    (void)state;
    kit_assert_complete();
}

/* Where there is something to type, a mistake is made. */
static void
every_form_with_entries_is_sent_with_a_mistake(void **state)
{
    static const char *const without[] = { "/login/cancel",
                                           "/login/proven",
                                           "/consent",
                                           "/device/confirm",
                                           "/logout",
                                           "/approvals",
                                           "/card",
                                           "/card/keep",
                                           "/card/lost/confirm",
                                           "/approve",
                                           "/account/sessions",
                                           "/login/qr",
                                           "/q",
                                           "/login/wechat/confirm",
                                           "/account/wechat" };

    (void)state;
    for (size_t i = 0; i < PRESSES; i++) {
        bool made = false;

        for (size_t n = 0; n < PRESSES; n++)
            made = made || (text_eq(presses[n].path, presses[i].path) && presses[n].wrong != NULL);
        for (size_t n = 0; n < sizeof(without) / sizeof(without[0]); n++)
            made = made || text_eq(without[n], presses[i].path);
        if (!made)
            fail_msg("%s", presses[i].path);
    }
}

int
main(void)
{
    struct CMUnitTest tests[CASES * PRESSES + 2];

    for (size_t i = 0; i < CASES * PRESSES; i++)
        tests[i] = (struct CMUnitTest)world_sims_test(se_15_se_17_se_18_no_form_is_a_dead_end);
    tests[CASES * PRESSES] = (struct CMUnitTest)cmocka_unit_test(every_form_of_our_pages_is_walked);
    tests[CASES * PRESSES + 1] =
        (struct CMUnitTest)cmocka_unit_test(every_form_with_entries_is_sent_with_a_mistake);
    return world_sims_run(tests);
}
