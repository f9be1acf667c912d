/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/protocols/staff/kit.h"

#include "idp/staff/standing.h"
#include "policies/staff_rules.h"

static void
who_is_let_work_again_signs_in(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    int64_t forgotten;
    struct journey j;

    assert_int_equal(staff_halt(&ctx, "li"), OK);
    j = staff_begin(w);
    staff_type(&j, "li", STAFF_PASSWORD);
    assert_refused(w, &problem_staff_stopped);
    world_audit_mark(w);
    assert_int_equal(staff_restart(&ctx, "li", &forgotten), OK);
    assert_audited(w, AUDIT_STAFF_CHANGED, "started");
    staff_sign_in(w, "li");
}

/* The directory knows her, and that is not enough. */
static void
a_stop_here_stands_whatever_the_directory_says(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct stored_staff staff;

    assert_int_equal(staff_halt(&ctx, "li"), OK);
    for (int i = 0; i < 2; i++) {
        struct journey j = staff_begin(w);

        staff_type(&j, "li", STAFF_PASSWORD);
        assert_refused(w, &problem_staff_stopped);
    }
    world_must(store_staff_load(w->store, w->arena, "li", &staff), "no staff");
    assert_int_equal(staff.state, STAFF_STOPPED);
}

static void
wrong_tries_under_her_name_can_be_forgotten(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    int64_t forgotten = 0;
    struct journey j;

    for (int i = 0; i < STAFF_TRIES; i++) {
        j = staff_begin(w);
        staff_type(&j, "li", "Wrong-password-1");
    }
    assert_int_equal(staff_restart(&ctx, "li", &forgotten), OK);
    assert_int_equal(forgotten, 1);
    assert_int_equal(staff_restart(&ctx, "li", &forgotten), ERR_CONFLICT);
    assert_int_equal(staff_restart(&ctx, "nobody", &forgotten), ERR_NOT_FOUND);
    w->cookies = 0;
    world_counter(w, 2); /* that of the counter stands */
    staff_sign_in(w, "li");
}

static void
each_state_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(staff_state_name(STAFF_ACTIVE), "active");
    assert_string_equal(staff_state_name(STAFF_STOPPED), "stopped");
    assert_string_equal(staff_state_name(STAFF_GONE), "gone");
    assert_string_equal(staff_state_name(STAFF_NONE), "?");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        staff_test(who_is_let_work_again_signs_in),
        staff_test(a_stop_here_stands_whatever_the_directory_says),
        staff_test(wrong_tries_under_her_name_can_be_forgotten),
        cmocka_unit_test(each_state_has_a_name),
    };

    return world_run(tests);
}
