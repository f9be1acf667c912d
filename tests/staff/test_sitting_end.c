/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/staff/kit.h"

#include "idp/staff/sitting_end.h"
#include "idp/staff/standing.h"
#include "idp/tables/counter.h"
#include "policies/staff_rules.h"

static struct stored_staff
row_of(struct world *w, const char *staff_id)
{
    struct stored_staff staff = { .staff_id = NULL };

    world_must(store_staff_load(w->store, w->arena, staff_id, &staff), "no staff");
    return staff;
}

static bool
has_ended(struct world *w, const char *sid)
{
    struct stored_session row;

    world_must(store_session_load(w->store, w->arena, sid, &row), "no session");
    return row.ended_at != 0;
}

/* One round of the job, by another node. */
static void
sweep(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    bool more = true;

    assert_int_equal(sittings_sweep(&ctx, &more), OK);
    assert_false(more);
}

static void
signing_out_ends_session_and_seat(void **state)
{
    struct world *w = *state;
    const char *sid = world_sit(w, "zhao", "counter", 1);
    struct journey j = { .w = w };
    struct stored_counter counter;

    world_get(w, "/staff");
    journey_arrive(&j);
    world_audit_mark(w);
    world_form_post(w, "/staff/sign-out", "tx=%s&csrf=%s", j.tx, j.csrf);
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_header(w, "Location"), "/staff/sign-in");
    assert_audited(w, AUDIT_STAFF_ENDED, "sign_out");
    assert_true(has_ended(w, sid));
    assert_string_equal(row_of(w, "zhao").sid, "");
    assert_int_equal(row_of(w, "zhao").open_until, 0);
    world_must(store_counter_load(w->store, w->arena, world_counter(w, 1), &counter), "no counter");
    assert_string_equal(counter.sid, "");
    assert_false(somebody_sits(w));
}

/* DJ-3 */
static void
the_job_ends_what_nobody_uses(void **state)
{
    struct world *w = *state;
    const char *sid = world_sit(w, "zhao", "counter", 1);

    world_advance(w, STAFF_IDLE_S - 1);
    sweep(w);
    assert_false(has_ended(w, sid));
    world_advance(w, 1);
    world_audit_mark(w);
    sweep(w);
    assert_true(has_ended(w, sid));
    assert_audited(w, AUDIT_STAFF_ENDED, "idle");
}

/* DJ-3 */
static void
the_job_ends_a_shift(void **state)
{
    struct world *w = *state;
    const char *sid = world_sit(w, "zhao", "counter", 1);

    world_advance(w, STAFF_SHIFT_S - 1);
    world_must(store_session_touch(w->store, sid, w->now), "not touched");
    sweep(w);
    assert_false(has_ended(w, sid));
    world_advance(w, 1);
    world_audit_mark(w);
    sweep(w);
    assert_true(has_ended(w, sid));
    assert_audited(w, AUDIT_STAFF_ENDED, "shift");
}

static void
the_job_leaves_citizens_alone(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_advance(w, STAFF_IDLE_S);
    sweep(w);
    world_get(w, "/account/sessions");
    assert_null(strstr(world_header(w, "Location"), "/login"));
}

/* ST-20 */
static void
who_is_stopped_sits_nowhere_from_that_moment(void **state)
{
    struct world *w = *state;
    const char *sid = world_sit(w, "zhao", "counter", 1);
    struct ctx ctx = world_ctx(w);

    world_audit_mark(w);
    assert_int_equal(staff_halt(&ctx, "zhao"), OK);
    assert_audited(w, AUDIT_STAFF_CHANGED, "stopped");
    assert_audited(w, AUDIT_STAFF_ENDED, "stopped");
    assert_true(has_ended(w, sid));
    assert_false(somebody_sits(w));
    assert_int_equal(staff_halt(&ctx, "zhao"), ERR_CONFLICT);
    assert_int_equal(staff_halt(&ctx, "nobody"), ERR_NOT_FOUND);
}

static void
ending_it_twice_is_told_once(void **state)
{
    struct world *w = *state;
    const char *sid = world_sit(w, "zhao", "counter", 1);
    struct ctx ctx = world_ctx(w);

    world_audit_mark(w);
    assert_int_equal(sitting_end(&ctx, sid, SITTING_ENDED_OUT), OK);
    assert_int_equal(sitting_end(&ctx, sid, SITTING_ENDED_OUT), OK);
    assert_int_equal(sitting_end_of(&ctx, "zhao", SITTING_ENDED_OUT), OK);
    assert_int_equal(sitting_end_of(&ctx, "nobody", SITTING_ENDED_OUT), OK);
    assert_audited(w, AUDIT_STAFF_ENDED, "sign_out");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        staff_test(signing_out_ends_session_and_seat),
        staff_test(the_job_ends_what_nobody_uses),
        staff_test(the_job_ends_a_shift),
        staff_test(the_job_leaves_citizens_alone),
        staff_test(who_is_stopped_sits_nowhere_from_that_moment),
        staff_test(ending_it_twice_is_told_once),
    };

    return world_run(tests);
}
