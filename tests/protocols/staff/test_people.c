/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/staff/people.h"
#include "tests/protocols/staff/list_kit.h"

#define PAGE "/staff/people"

static struct journey
at_page(struct world *w, const char *roles)
{
    world_staff(w, "wang", "counter");
    world_sit(w, "li", roles, 1);
    return list_open(w, PAGE);
}

static int64_t
state_of(struct world *w, const char *staff_id)
{
    struct stored_staff staff;

    world_must(store_staff_load(w->store, w->arena, staff_id, &staff), "no staff");
    return staff.state;
}

static void
a_security_administrator_sees_who_there_is(void **state)
{
    struct world *w = *state;

    (void)at_page(w, "security_admin");
    assert_true(says(w, "<code>wang</code>"));
    assert_true(says(w, "窗口人员"));
    assert_true(says(w, "安全管理员"));
    assert_true(says(w, "从未登录"));
    assert_true(says(w, "id=\"stop-2\""));
    assert_false(says(w, "id=\"stop-1\"")); /* herself */
    world_open(w, PAGE "?ui_locales=en");
    assert_true(says(w, "Members of staff"));
}

static void
one_is_found_by_her_whole_id(void **state)
{
    struct world *w = *state;
    struct journey j = at_page(w, "security_admin");

    journey_post(&j, PAGE, "find=yes&staff_id=wang");
    assert_true(says(w, "<code>wang</code>"));
    assert_false(says(w, "<code>li</code>"));
    assert_true(says(w, "id=\"all\""));
    journey_post(&j, PAGE, "find=yes&staff_id=wan");
    assert_true(says(w, "id=\"nobody\""));
    journey_post(&j, PAGE, "find=yes&staff_id=%25"); /* ST-19 */
    assert_true(says(w, "id=\"nobody\""));
    journey_post(&j, PAGE, "find=yes&staff_id=");
    assert_true(says(w, "<code>li</code>"));
}

/* ST-20 */
static void
who_is_stopped_does_nothing_more_and_may_be_let_go_on(void **state)
{
    struct world *w = *state;
    struct journey j = at_page(w, "security_admin");

    world_audit_mark(w);
    journey_post(&j, PAGE, "stop=wang");
    assert_audited(w, AUDIT_STAFF_STATE, "stopped");
    assert_int_equal(state_of(w, "wang"), STAFF_STOPPED);
    assert_true(says(w, "id=\"start-1\""));
    journey_post(&j, PAGE, "stop=wang"); /* pressed again */
    assert_int_equal(state_of(w, "wang"), STAFF_STOPPED);
    assert_audited(w, AUDIT_STAFF_STATE, "stopped");
    journey_post(&j, PAGE, "start=wang");
    assert_int_equal(state_of(w, "wang"), STAFF_ACTIVE);
    journey_post(&j, PAGE, "stop=nobody");
    assert_true(says(w, "id=\"nobody\""));
}

static void
nobody_does_it_to_herself(void **state)
{
    struct world *w = *state;
    struct journey j = at_page(w, "security_admin");

    world_form_post(w, PAGE, "tx=%s&csrf=%s&stop=li", j.tx, j.csrf);
    assert_refused(w, &problem_staff_own);
    assert_int_equal(state_of(w, "li"), STAFF_ACTIVE);
}

/* ST-15: a button that was not on her page. */
static void
a_supervisor_cannot_stop_anybody(void **state)
{
    struct world *w = *state;
    struct journey j = at_page(w, "supervisor");

    assert_true(says(w, "<code>wang</code>"));
    assert_false(says(w, "id=\"stop-"));
    world_audit_mark(w);
    world_form_post(w, PAGE, "tx=%s&csrf=%s&stop=wang", j.tx, j.csrf);
    assert_refused(w, &problem_staff_denied);
    assert_audited(w, AUDIT_STAFF_DENIED, "manage_staff");
    assert_int_equal(state_of(w, "wang"), STAFF_ACTIVE);
}

/* ST-15: nothing of what the directory decides can be sent. */
static void
roles_cannot_be_given_here(void **state)
{
    struct world *w = *state;
    struct journey j = at_page(w, "security_admin");
    struct stored_staff staff;

    journey_post(&j, PAGE,
                 "find=yes&staff_id=wang&roles=security_admin&role=system_admin&agency=x"
                 "&staff[roles]=security_admin&state=1");
    assert_int_equal(w->answer.status, 200);
    world_must(store_staff_load(w->store, w->arena, "wang", &staff), "no staff");
    assert_string_equal(staff.roles, "counter");
    assert_string_equal(staff.agency, "天河区社保局");
    world_send(w, &(struct world_call) { .method = "PUT", .target = PAGE, .form = "stop=wang" });
    assert_int_equal(w->answer.status, 405);
    world_send(w, &(struct world_call) { .method = "DELETE", .target = PAGE });
    assert_int_equal(w->answer.status, 405);
}

static void
a_supervisor_sees_only_staff_of_her_own_agency_and_region(void **state)
{
    struct world *w = *state;
    struct stored_staff staff;
    struct journey j;

    world_staff(w, "zhao", "counter");
    world_must(store_staff_load(w->store, w->arena, "zhao", &staff), "no staff");
    staff.region = "440300";
    world_must(store_staff_put(w->store, &staff), "no staff");
    j = at_page(w, "supervisor");
    assert_false(says(w, "zhao"));
    journey_post(&j, PAGE, "find=yes&staff_id=zhao");
    assert_true(says(w, "id=\"nobody\""));
}

/* ST-19 */
static void
a_page_token_that_is_not_hers_is_refused(void **state)
{
    struct world *w = *state;
    struct journey j = at_page(w, "security_admin");
    const char *token = place_of_link(w, "unused");

    world_get(w, arena_printf(w->arena, PAGE "?tx=%s&page=%s", j.tx, token));
    assert_int_equal(w->answer.status, 200);
    world_get(w, arena_printf(w->arena, PAGE "?tx=%s&page=AAAA", j.tx));
    assert_refused(w, &problem_staff_list_place);
    w->now++;
    world_sit(w, "li", "security_admin", 1); /* another sitting of hers */
    world_get(w, arena_printf(w->arena, PAGE "?tx=%s&page=%s", j.tx, token));
    assert_refused(w, &problem_staff_list_place);
}

static void
the_form_is_for_the_sitting_that_it_was_shown_to(void **state)
{
    struct world *w = *state;
    struct journey j = at_page(w, "security_admin");

    w->now++;
    world_sit(w, "zhou", "security_admin", 1);
    world_form_post(w, PAGE, "tx=%s&csrf=%s&stop=wang", j.tx, j.csrf);
    assert_refused(w, &problem_another_person);
    assert_int_equal(state_of(w, "wang"), STAFF_ACTIVE);
}

/* DJ-6 */
static void
the_report_of_unused_accounts_is_a_list_of_its_own(void **state)
{
    struct world *w = *state;

    world_staff(w, "wang", "counter");
    world_staff(w, "chen", "counter");
    w->now += 91 * 86400;
    world_sit(w, "li", "security_admin", 1);
    world_open(w, PAGE);
    world_get(w, link_of(w, "unused"));
    assert_true(says(w, "id=\"unused-note\""));
    assert_true(says(w, "<code>wang</code>"));
    assert_true(says(w, "<code>chen</code>"));
    assert_false(says(w, "<code>li</code>"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_security_administrator_sees_who_there_is),
        world_test(one_is_found_by_her_whole_id),
        world_test(who_is_stopped_does_nothing_more_and_may_be_let_go_on),
        world_test(nobody_does_it_to_herself),
        world_test(a_supervisor_cannot_stop_anybody),
        world_test(roles_cannot_be_given_here),
        world_test(a_supervisor_sees_only_staff_of_her_own_agency_and_region),
        world_test(a_page_token_that_is_not_hers_is_refused),
        world_test(the_form_is_for_the_sitting_that_it_was_shown_to),
        world_test(the_report_of_unused_accounts_is_a_list_of_its_own),
    };

    return world_run(tests);
}
