/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/watch.h"

#include "idp/tables/staff.h"
#include "idp/tables/staff_watch.h"
#include "policies/staff_rules.h"
#include "tests/connect/directory_fixture.h"
#include "tests/world.h"

static struct directory_fixture tree; /* as its administrator */

static int
setup(void **state)
{
    int status = world_setup_adjusted(state, world_directory);
    struct world *w = *state;

    tree = (struct directory_fixture) { .ldaps = w->settings.directory.urls,
                                        .ca_file = w->settings.directory.ca_file,
                                        .arena = w->arena };
    return status;
}

/* Of this process: others stand in the same tree. */
static const char *
named(struct world *w, const char *name)
{
    return arena_printf(w->arena, "watch.%s.%d", name, (int)getpid());
}

static const char *
dn_of(struct world *w, const char *name)
{
    return arena_printf(w->arena, "uid=%s,ou=people," TREE, named(w, name));
}

/* She sits at a counter, and her row is as the directory has her; returns the sid. */
static const char *
seated(struct world *w, const char *staff_id, int counter)
{
    const char *sid = world_sit(w, staff_id, "counter", counter);
    const struct watched_staff told = { .staff_id = staff_id,
                                        .roles = "counter",
                                        .agency = "天河区社保局",
                                        .region = WORLD_REGION,
                                        .checked_at = w->now };

    assert_int_equal(store_staff_told(w->store, &told), OK);
    return sid;
}

static bool
goes_on(struct world *w, const char *sid)
{
    struct stored_session row;

    assert_int_equal(store_session_load(w->store, w->arena, sid, &row), OK);
    return row.ended_at == 0;
}

static struct stored_staff
row_of(struct world *w, const char *staff_id)
{
    struct stored_staff row;

    assert_int_equal(store_staff_load(w->store, w->arena, staff_id, &row), OK);
    return row;
}

/* One round, so many seconds later. */
static void
watched_after(struct world *w, int64_t seconds)
{
    bool again = true;
    struct ctx ctx;

    w->now += seconds;
    ctx = world_ctx(w);
    assert_int_equal(staff_watch(&ctx, &again), OK);
    assert_false(again);
}

static void
clerk_put(const char *staff_id)
{
    tree_put(&tree, staff_id, NULL, NULL);
    tree_join(&tree, staff_id, "windows", true);
    tree_join(&tree, staff_id, "tianhe", true);
}

static void
whom_the_directory_confirms_sits_on_and_is_asked_for_again_in_time(void **state)
{
    struct world *w = *state;
    const char *sid;

    clerk_put(named(w, "kept"));
    sid = seated(w, named(w, "kept"), 1);
    watched_after(w, STAFF_RECHECK_S - 1);
    assert_int_equal(row_of(w, named(w, "kept")).checked_at, w->now - STAFF_RECHECK_S + 1);
    watched_after(w, 1);
    assert_int_equal(row_of(w, named(w, "kept")).checked_at, w->now);
    assert_true(goes_on(w, sid));
    tree_remove(&tree, named(w, "kept"));
}

static void
who_is_disabled_or_gone_is_signed_out_with_all_she_was_given(void **state)
{
    struct world *w = *state;
    const char *disabled;
    const char *removed;

    clerk_put(named(w, "off"));
    clerk_put(named(w, "left"));
    disabled = seated(w, named(w, "off"), 1);
    removed = seated(w, named(w, "left"), 2);
    tree_replace(&tree, dn_of(w, "off"), "pwdAccountLockedTime", "000001010000Z");
    tree_remove(&tree, named(w, "left"));
    watched_after(w, STAFF_RECHECK_S);
    assert_false(goes_on(w, disabled));
    assert_false(goes_on(w, removed));
    assert_int_equal(row_of(w, named(w, "off")).state, STAFF_GONE);
    assert_int_equal(row_of(w, named(w, "left")).state, STAFF_GONE);
    assert_int_equal(row_of(w, named(w, "left")).open_until, 0);
    assert_int_equal(world_audit_count(w, AUDIT_STAFF_TOLD), 2);
    tree_remove(&tree, named(w, "off"));
}

/* ST-09: rights go with the group, at the next look. */
static void
st_09_other_groups_are_other_rights_and_end_the_sitting(void **state)
{
    struct world *w = *state;
    const char *without;
    const char *raised;

    clerk_put(named(w, "less"));
    clerk_put(named(w, "more"));
    without = seated(w, named(w, "less"), 1);
    raised = seated(w, named(w, "more"), 2);
    tree_join(&tree, named(w, "less"), "windows", false);
    tree_join(&tree, named(w, "more"), "supervisors", true);
    watched_after(w, STAFF_RECHECK_S);
    assert_false(goes_on(w, without));
    assert_false(goes_on(w, raised));
    assert_int_equal(row_of(w, named(w, "less")).state, STAFF_GONE);
    assert_int_equal(row_of(w, named(w, "more")).state, STAFF_ACTIVE);
    assert_string_equal(row_of(w, named(w, "more")).roles, "supervisor counter");
    assert_int_equal(world_audit_count(w, AUDIT_STAFF_TOLD), 2);
    tree_join(&tree, named(w, "more"), "supervisors", false);
    tree_remove(&tree, named(w, "less"));
    tree_remove(&tree, named(w, "more"));
}

/* Stopped here is stopped, whatever the directory says. */
static void
who_is_stopped_here_stays_so(void **state)
{
    struct world *w = *state;
    struct stored_staff row;

    seated(w, named(w, "stopped"), 1);
    row = row_of(w, named(w, "stopped"));
    row.state = STAFF_STOPPED;
    assert_int_equal(store_begin(w->store), OK);
    assert_int_equal(store_staff_put(w->store, &row), OK);
    assert_int_equal(store_commit(w->store), OK);
    watched_after(w, STAFF_RECHECK_S);
    assert_int_equal(row_of(w, named(w, "stopped")).state, STAFF_STOPPED);
}

static void
without_an_answer_nobody_is_judged_until_it_is_too_old(void **state)
{
    struct world *w = *state;
    const char *sid = seated(w, named(w, "alone"), 1);

    directory_free(w->services.directory);
    w->settings.directory.urls = "ldaps://127.0.0.1:1";
    assert_int_equal(directory_new(&w->settings, &w->env, &w->services.directory), OK);
    watched_after(w, w->settings.directory.stale_s - 1);
    assert_true(goes_on(w, sid));
    watched_after(w, 1);
    assert_false(goes_on(w, sid));
    assert_int_equal(row_of(w, named(w, "alone")).open_until, 0);
    assert_int_equal(row_of(w, named(w, "alone")).state, STAFF_ACTIVE);
}

#define watch_test(name) cmocka_unit_test_setup_teardown(name, setup, world_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        watch_test(whom_the_directory_confirms_sits_on_and_is_asked_for_again_in_time),
        watch_test(who_is_disabled_or_gone_is_signed_out_with_all_she_was_given),
        watch_test(st_09_other_groups_are_other_rights_and_end_the_sitting),
        watch_test(who_is_stopped_here_stays_so),
        watch_test(without_an_answer_nobody_is_judged_until_it_is_too_old),
    };

    return cmocka_run_group_tests(tests, world_group_setup, world_group_teardown);
}
