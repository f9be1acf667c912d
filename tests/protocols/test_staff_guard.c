/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "idp/base/text.h"
#include "idp/staff/sitting.h"
#include "tests/world.h"

static void
assert_leads_to(struct world *w, const char *path)
{
    assert_int_equal(w->answer.status, 303);
    assert_string_equal(world_header(w, "Location"), path);
}

static void
who_sits_at_a_counter_sees_where(void **state)
{
    struct world *w = *state;

    world_sit(w, "li", "counter", 1);
    world_open(w, "/staff");
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "李明"));
    assert_non_null(strstr(w->answer.body, "1 号窗口"));
}

static void
who_has_not_signed_in_is_led_to_where_she_does(void **state)
{
    struct world *w = *state;

    world_get(w, "/staff");
    assert_leads_to(w, "/staff/sign-in");
    world_counter(w, 1);
    world_get(w, "/staff");
    assert_leads_to(w, "/staff/sign-in");
}

/* The home page leads each role to what it may do, and nowhere else. */
static void
home_leads_to_what_the_routes_allow(void **state)
{
    struct world *w = *state;

    for (int i = STAFF_ROLE_none + 1; i < STAFF_ROLES; i++) {
        const char *name = staff_role_name((enum staff_role)i);
        const char *page;

        world_advance(w, 1);
        world_sit(w, arena_printf(w->arena, "%s.li", name), name, 1);
        world_open(w, "/staff");
        assert_int_equal(w->answer.status, 200);
        page = w->answer.body;
        for (const struct route *route = staff_routes; route->method != NULL; route++) {
            const char *link = arena_printf(w->arena, "\"%s\"", route->path);

            if (text_eq(route->method, "GET") && strstr(page, link) != NULL)
                assert_true(route_verb(route) == STAFF_VERB_open ||
                            staff_may(name, route_verb(route)));
        }
    }
}

/* ST-13 */
static void
a_sitting_is_good_at_its_own_counter_alone(void **state)
{
    struct world *w = *state;

    world_sit(w, "li", "counter", 1);
    world_counter(w, 2);
    world_audit_mark(w);
    world_get(w, "/staff");
    assert_refused(w, &problem_staff_moved);
    assert_audited(w, AUDIT_STAFF_DENIED, "moved");
}

static void
who_took_the_counter_over_sits_there(void **state)
{
    struct world *w = *state;

    const char *hers;

    world_sit(w, "li", "counter", 1);
    hers = world_cookie(w, "__Host-staff");
    world_sit(w, "wang", "counter", 1);
    world_cookie_put(w, "__Host-staff", hers);
    world_get(w, "/staff");
    assert_leads_to(w, "/staff/sign-in");
}

static void
a_member_who_is_stopped_goes_on_no_more(void **state)
{
    struct world *w = *state;
    struct stored_staff staff;

    world_sit(w, "li", "counter", 1);
    world_must(store_staff_load(w->store, w->arena, "li", &staff), "no staff");
    staff.state = STAFF_STOPPED;
    world_must(store_staff_put(w->store, &staff), "no staff");
    world_get(w, "/staff");
    assert_leads_to(w, "/staff/sign-in");
}

static void
roles_that_exclude_each_other_may_nothing(void **state)
{
    struct world *w = *state;

    world_sit(w, "li", "audit_admin system_admin", 1);
    world_audit_mark(w);
    world_get(w, "/staff");
    assert_refused(w, &problem_staff_denied);
    assert_audited(w, AUDIT_STAFF_DENIED, "work");
}

static void
cookies_of_staff_and_citizens_open_nothing_of_each_other(void **state)
{
    struct world *w = *state;
    const char *staff;

    world_sit(w, "li", "counter", 1);
    staff = world_cookie(w, "__Host-staff");
    world_cookie_put(w, "__Host-session", staff);
    world_open(w, "/account/sessions");
    assert_null(strstr(w->answer.body, "sessions-form"));
    world_log_in(w, 0);
    world_cookie_put(w, "__Host-staff", world_cookie(w, "__Host-session"));
    world_get(w, "/staff");
    assert_leads_to(w, "/staff/sign-in");
}

/* ST-18 */
static void
the_public_listener_has_no_staff_pages(void **state)
{
    struct world *w = *state;

    world_sit(w, "li", "counter", 1);
    world_send(w, &(struct world_call) { .target = "/staff", .routes = public_routes });
    assert_int_equal(w->answer.status, 404);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(who_sits_at_a_counter_sees_where),
        world_test(home_leads_to_what_the_routes_allow),
        world_test(who_has_not_signed_in_is_led_to_where_she_does),
        world_test(a_sitting_is_good_at_its_own_counter_alone),
        world_test(who_took_the_counter_over_sits_there),
        world_test(a_member_who_is_stopped_goes_on_no_more),
        world_test(roles_that_exclude_each_other_may_nothing),
        world_test(cookies_of_staff_and_citizens_open_nothing_of_each_other),
        world_test(the_public_listener_has_no_staff_pages),
    };

    return world_run(tests);
}
