/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/staff/kit.h"

#include "idp/tables/seat.h"
#include "policies/staff_rules.h"

/* What a browser keeps while another one is used. */
struct kept_browser {
    struct world before;
};

static struct kept_browser
browser_put_away(struct world *w)
{
    struct kept_browser browser = { *w };

    w->cookies = 0;
    return browser;
}

static void
browser_take(struct world *w, const struct kept_browser *browser)
{
    memcpy(w->jar, browser->before.jar, sizeof(w->jar));
    w->cookies = browser->before.cookies;
}

static const char *
sid_in(struct world *w)
{
    return arena_copy(w->arena, world_cookie(w, "__Host-staff"), 24);
}

static struct stored_session
session_row_of(struct world *w, const char *sid)
{
    struct stored_session row = { .sid = NULL };

    world_must(store_session_load(w->store, w->arena, sid, &row), "no session");
    return row;
}

static void
it_is_a_session_of_hers_on_the_channel_of_counters(void **state)
{
    struct world *w = *state;
    struct stored_session row;

    staff_sign_in(w, "li");
    row = session_row_of(w, sid_in(w));
    assert_int_equal(row.subject.kind, SUBJECT_STAFF);
    assert_string_equal(row.subject.id, "li");
    assert_string_equal(row.channel, "counter");
    assert_string_equal(row.amr, "pwd otp");
    assert_int_equal(row.level, 3);
    assert_int_equal(row.expires_at, w->now + STAFF_SHIFT_S);
}

static void
who_takes_the_counter_over_ends_the_sitting_there(void **state)
{
    struct world *w = *state;
    const char *sid;

    staff_add(w, "zhao", COUNTER_GROUP);
    staff_sign_in(w, "li");
    sid = sid_in(w);
    world_audit_mark(w);
    staff_sign_in(w, "zhao");
    assert_audited(w, AUDIT_STAFF_ENDED, "taken_over");
    assert_true(session_row_of(w, sid).ended_at > 0);
    assert_string_not_equal(sid_in(w), sid);
}

static void
she_sits_at_one_counter_at_a_time(void **state)
{
    struct world *w = *state;
    struct kept_browser first;
    const char *sid;

    staff_sign_in(w, "li");
    sid = sid_in(w);
    first = browser_put_away(w);
    world_counter(w, 2);
    world_advance(w, TOTP_STEP_S);
    world_audit_mark(w);
    staff_sign_in(w, "li");
    assert_audited(w, AUDIT_STAFF_ENDED, "elsewhere");
    assert_true(session_row_of(w, sid).ended_at > 0);
    browser_take(w, &first);
    assert_false(somebody_sits(w));
}

static void
signing_in_once_more_makes_another_secret(void **state)
{
    struct world *w = *state;
    const char *before;

    staff_sign_in(w, "li");
    before = world_cookie(w, "__Host-staff");
    world_advance(w, TOTP_STEP_S);
    staff_sign_in(w, "li");
    assert_string_not_equal(world_cookie(w, "__Host-staff"), before);
    world_cookie_put(w, "__Host-staff", before);
    assert_false(somebody_sits(w));
}

/* A cookie that somebody planted before is worth nothing afterwards. */
static void
a_cookie_from_before_opens_nothing(void **state)
{
    struct world *w = *state;

    world_cookie_put(w, "__Host-staff", "s_plantedplantedplanted0secret");
    staff_sign_in(w, "li");
    assert_false(text_starts(world_cookie(w, "__Host-staff"), "s_planted"));
}

static void
another_members_page_in_another_tab_acts_for_nobody_else(void **state)
{
    struct world *w = *state;
    struct journey tab = { .w = w };

    staff_add(w, "zhao", COUNTER_GROUP);
    staff_sign_in(w, "li");
    world_open(w, "/staff");
    tab.tx = world_hidden(w, "tx");
    tab.csrf = world_hidden(w, "csrf");
    staff_sign_in(w, "zhao");
    world_form_post(w, "/staff/sign-out", "tx=%s&csrf=%s", tab.tx, tab.csrf);
    assert_true(somebody_sits(w));
}

/* DJ-3 */
static void
unused_for_a_quarter_of_an_hour_it_opens_nothing_more(void **state)
{
    struct world *w = *state;

    staff_sign_in(w, "li");
    world_advance(w, STAFF_IDLE_S - 1);
    assert_true(somebody_sits(w)); /* which is use */
    world_advance(w, STAFF_IDLE_S);
    assert_false(somebody_sits(w));
}

/* DJ-3 */
static void
a_shift_is_twelve_hours_however_much_it_is_used(void **state)
{
    struct world *w = *state;
    unix_s end = w->now + STAFF_SHIFT_S;

    staff_sign_in(w, "li");
    while (w->now + STAFF_IDLE_S / 2 < end) {
        world_advance(w, STAFF_IDLE_S / 2);
        assert_true(somebody_sits(w));
    }
    world_advance(w, end - 1 - w->now);
    assert_true(somebody_sits(w));
    world_advance(w, 1);
    assert_false(somebody_sits(w));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        staff_test(it_is_a_session_of_hers_on_the_channel_of_counters),
        staff_test(who_takes_the_counter_over_ends_the_sitting_there),
        staff_test(she_sits_at_one_counter_at_a_time),
        staff_test(signing_in_once_more_makes_another_secret),
        staff_test(a_cookie_from_before_opens_nothing),
        staff_test(another_members_page_in_another_tab_acts_for_nobody_else),
        staff_test(unused_for_a_quarter_of_an_hour_it_opens_nothing_more),
        staff_test(a_shift_is_twelve_hours_however_much_it_is_used),
    };

    return world_run(tests);
}
