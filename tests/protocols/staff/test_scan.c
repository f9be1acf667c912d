/* SPDX-License-Identifier: Apache-2.0 */
/* The code of a citizen's card is scanned at the counter: spent once, and she is there for 15 minutes. */
#include "idp/card/code.h"
#include "idp/staff/present.h"
#include "tests/protocols/staff/citizen_kit.h"

#define CASHIER "li"

/* A code that person 0 shows on a telephone of her own. */
static const char *
code_shown(struct world *w, enum card_purpose purpose)
{
    struct ctx ctx = world_ctx(w);
    const char *code = NULL;
    const struct card_code_order order = {
        .card_id = "c_world0000000000000000A",
        .sid = arena_copy(w->arena, world_cookie(w, "__Host-session"), 24),
        .purpose = purpose,
    };

    world_must(card_code_issue(&ctx, &order, &code), "no code");
    return arena_text(w->arena, code);
}

static void
ready(struct world *w)
{
    world_card(w, 0);
    world_log_in(w, 0);
    world_sit(w, CASHIER, "counter", 1);
}

static void
scan(struct world *w, const char *code)
{
    world_open(w, "/staff/scan");
    assert_int_equal(w->answer.status, 200);
    staff_press(w, "/staff/scan", arena_printf(w->arena, "&card_code=%s", world_url(w, code)));
}

static void
a_code_that_is_scanned_leads_to_her_who_is_there_for_15_minutes(void **state)
{
    struct world *w = *state;
    const char *address;

    ready(w);
    world_audit_mark(w);
    scan(w, code_shown(w, CARD_PURPOSE_serve));
    assert_int_equal(w->answer.status, 303);
    address = world_header(w, "Location");
    world_follow(w);
    assert_true(page_shows(w, "present"));
    assert_true(page_has(w, "138****8000"));
    assert_audited(w, AUDIT_CARD_SCANNED, "serve");
    assert_int_equal(acts_of(w, 0).count, 1);
    assert_int_equal(acts_of(w, 0).at[0].what, STAFF_ACT_scanned);
    assert_int_equal(world_rows_of(w, "card_use"), 1);
    world_advance(w, STAFF_PRESENT_S - 1);
    world_get(w, address);
    assert_true(page_shows(w, "present"));
    world_advance(w, 1);
    world_get(w, address);
    assert_int_equal(w->answer.status, 200);
    assert_false(page_shows(w, "present"));
}

static void
whoever_looks_for_somebody_else_leaves_her(void **state)
{
    struct world *w = *state;

    ready(w);
    scan(w, code_shown(w, CARD_PURPOSE_serve));
    world_follow(w);
    world_get(w, arena_printf(w->arena, "/staff/find?tx=%s", world_hidden(w, "tx")));
    staff_press(w, "/staff/find", "&find=13800138000");
    world_follow(w);
    assert_false(page_shows(w, "present"));
}

static void
a_scanner_that_sends_twice_comes_to_the_same_page_and_another_form_does_not(void **state)
{
    struct world *w = *state;
    const char *code;
    const char *form;

    ready(w);
    code = code_shown(w, CARD_PURPOSE_serve);
    world_open(w, "/staff/scan");
    form = arena_printf(w->arena, "tx=%s&csrf=%s&card_code=%s", world_hidden(w, "tx"),
                        world_hidden(w, "csrf"), world_url(w, code));
    for (int i = 0; i < 2; i++) {
        world_form_post(w, "/staff/scan", "%s", form);
        assert_int_equal(w->answer.status, 303);
        world_follow(w);
        assert_true(page_shows(w, "present"));
    }
    assert_int_equal(world_rows_of(w, "card_use"), 1);
    scan(w, code);
    assert_refused(w, &problem_card_code_not_good);
    assert_int_equal(acts_of(w, 0).count, 1);
}

static void
what_is_no_code_of_ours_or_shown_for_something_else_is_refused(void **state)
{
    struct world *w = *state;

    ready(w);
    scan(w, "");
    assert_refused(w, &problem_card_code_missing);
    scan(w, "https://weixin.example/pay");
    assert_refused(w, &problem_card_code_malformed);
    scan(w, code_shown(w, CARD_PURPOSE_show));
    assert_refused(w, &problem_card_code_purpose);
    assert_int_equal(world_rows_of(w, "staff_act"), 0);
}

static void
a_code_whose_minute_is_over_is_refused(void **state)
{
    struct world *w = *state;
    const char *code;

    ready(w);
    code = code_shown(w, CARD_PURPOSE_serve);
    world_advance(w, 61);
    world_feed(w, 0);
    scan(w, code);
    assert_refused(w, &problem_card_code_not_good);
}

/* Twenty, and the counter is not listened to. */
static void
a_counter_that_scans_what_is_none_of_ours_waits(void **state)
{
    struct world *w = *state;

    ready(w);
    for (int i = 0; i < 20; i++) {
        scan(w, arena_printf(w->arena, "junk %d", i));
        assert_refused(w, &problem_card_code_malformed);
    }
    scan(w, code_shown(w, CARD_PURPOSE_serve));
    assert_refused(w, &problem_card_scanner_blocked);
}

static void
st_10_nobody_scans_her_own_card(void **state)
{
    struct world *w = *state;

    ready(w);
    staff_is(w, CASHIER, 0);
    world_audit_mark(w);
    scan(w, code_shown(w, CARD_PURPOSE_serve));
    assert_refused(w, &problem_staff_self);
    assert_audited(w, AUDIT_STAFF_DENIED, "self");
    assert_int_equal(world_rows_of(w, "staff_act"), 0);
    assert_int_equal(world_rows_of(w, "card_use"), 0);
}

static void
st_16_the_card_of_another_region_is_not_served(void **state)
{
    struct world *w = *state;

    ready(w);
    staff_change(w, CASHIER, "330500", NULL);
    world_audit_mark(w);
    scan(w, code_shown(w, CARD_PURPOSE_serve));
    assert_refused(w, &problem_card_code_region);
    assert_audited(w, AUDIT_STAFF_DENIED, "scope");
    assert_int_equal(world_rows_of(w, "staff_act"), 0);
}

static void
of_a_member_of_staff_without_a_region_nobody_is_served(void **state)
{
    struct world *w = *state;

    ready(w);
    staff_change(w, CASHIER, "", NULL);
    scan(w, code_shown(w, CARD_PURPOSE_serve));
    assert_refused(w, &problem_card_code_region);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_code_that_is_scanned_leads_to_her_who_is_there_for_15_minutes),
        world_test(whoever_looks_for_somebody_else_leaves_her),
        world_test(a_scanner_that_sends_twice_comes_to_the_same_page_and_another_form_does_not),
        world_test(what_is_no_code_of_ours_or_shown_for_something_else_is_refused),
        world_test(a_code_whose_minute_is_over_is_refused),
        world_test(a_counter_that_scans_what_is_none_of_ours_waits),
        world_test(st_10_nobody_scans_her_own_card),
        world_test(st_16_the_card_of_another_region_is_not_served),
        world_test(of_a_member_of_staff_without_a_region_nobody_is_served),
    };

    return world_run(tests);
}
