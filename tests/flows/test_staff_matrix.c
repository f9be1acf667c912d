/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every route of the staff listener × every role × two regions, walked from the tables: what is not named there is
 * refused. A route that is added is asked here without a line more, unless it is for everybody: those are listed below.
 */
#include <string.h>

#include "idp/base/text.h"
#include "idp/staff/sitting.h"
#include "policies/staff_rules.h"
#include "protocols/routes.h"
#include "tests/world.h"

#define FORM (GUARD_PARAMETERS | GUARD_FORM_BODY | GUARD_SAME_ORIGIN)

/* Those that look themselves: nobody need have signed in there yet, or a partner's request says what it is about. */
static const char open_paths[] = "/stopped /staff/counter /staff/sign-in /staff/factor "
                                 "/staff/password /staff/enrol /staff/enrol/factor "
                                 "/staff/bootstrap /staff/sign-out /staff/enter "
                                 "/staff/enter/resume /staff/enter/cancel";

static const char *const roles[] = {
#define STAFF_ROLE(symbol, alone) #symbol,
#include "policies/staff_role.def"
#undef STAFF_ROLE
};

#define ROLES (sizeof(roles) / sizeof(roles[0]))

static const char *const regions[] = { WORLD_REGION, "650000" };

static bool
is_static(const struct route *route)
{
    return text_starts(route->path, "/static/");
}

static bool
is_open(const struct route *route)
{
    return is_static(route) || route_verb(route) == STAFF_VERB_open;
}

/* The route, as a browser asks for it that sits where the world's does. */
static void
ask_for(struct world *w, const struct route *route, const char *form)
{
    world_send(w, &(struct world_call) {
                      .method = route->method,
                      .target = route->path,
                      .routes = staff_routes,
                      .form = text_eq(route->method, "POST") ? form : NULL,
                  });
}

/* At once, or by the page to which a form is answered (protocols/flow/stopped.h). */
static void
assert_told(struct world *w, const struct route *route, int status)
{
    if (text_eq(route->method, "POST") && w->answer.status == 303)
        world_follow_stop(w);
    assert_int_equal(w->answer.status, status);
}

static void
world_region(struct world *w, const char *staff_id, const char *region)
{
    struct stored_staff staff;

    world_must(store_staff_load(w->store, w->arena, staff_id, &staff), "no staff");
    staff.region = region;
    world_must(store_staff_put(w->store, &staff), "no staff");
}

/* --- The table --- */

static void
every_route_but_the_documents_has_the_guard_and_a_verb(void **state)
{
    (void)state;
    for (const struct route *route = staff_routes; route->method != NULL; route++) {
        bool open = route_verb(route) == STAFF_VERB_open;

        if (is_static(route))
            continue;
        if ((route->guards & GUARD_STAFF) == 0 || route_verb(route) == STAFF_VERB_unset)
            fail_msg("%s %s has no guard or no verb", route->method, route->path);
        if (open != text_list_has(open_paths, route->path))
            fail_msg("%s %s is for everybody, or is listed so", route->method, route->path);
        if (route->run != RUN_ON_WORKER || route->cors != CORS_NONE)
            fail_msg("%s %s", route->method, route->path);
    }
}

static void
every_form_is_of_our_own_origin(void **state)
{
    (void)state;
    for (const struct route *route = staff_routes; route->method != NULL; route++) {
        if (text_eq(route->method, "POST") && (route->guards & FORM) != FORM)
            fail_msg("%s", route->path);
        if (!is_static(route) && (route->guards & GUARD_PARAMETERS) == 0)
            fail_msg("%s", route->path);
    }
}

static void
every_verb_names_roles_that_there_are(void **state)
{
    (void)state;
    for (enum staff_verb verb = STAFF_VERB_open + 1; verb < STAFF_VERBS; verb++) {
        size_t may = 0;

        for (size_t r = 0; r < ROLES; r++)
            may += staff_may(roles[r], verb);
        if (may == 0)
            fail_msg("nobody may %s", staff_verb_name(verb));
    }
}

/* --- Who may --- */

/* DJ-7 */
static void
assert_answered_by_role(struct world *w, const struct route *route, const char *role)
{
    enum staff_verb verb = route_verb(route);
    bool may = staff_may(role, verb);

    world_audit_mark(w);
    ask_for(w, route, "a=1");
    if (may == (w->answer.problem == &problem_staff_denied))
        fail_msg("%s %s as %s: %d", route->method, route->path, role, w->answer.status);
    if (may) {
        assert_int_equal(world_audit_count(w, AUDIT_STAFF_DENIED), 0);
        return;
    }
    assert_told(w, route, 403);
    assert_audited(w, AUDIT_STAFF_DENIED, staff_verb_name(verb));
}

static void
dj_7_each_role_is_let_in_where_its_verb_says_so_and_nowhere_else(void **state)
{
    struct world *w = *state;

    for (size_t g = 0; g < sizeof(regions) / sizeof(regions[0]); g++)
        for (size_t r = 0; r < ROLES; r++) {
            int counter = (int)(g * ROLES + r) + 1;
            const char *staff_id = arena_printf(w->arena, "s%d", counter);

            world_sit(w, staff_id, roles[r], counter);
            world_region(w, staff_id, regions[g]);
            for (const struct route *route = staff_routes; route->method != NULL; route++)
                if (!is_open(route) && route_verb(route) != STAFF_VERB_lock)
                    assert_answered_by_role(w, route, roles[r]);
        }
}

static void
dj_7_administrators_exclude_each_other_and_together_may_nothing(void **state)
{
    static const char *const pairs[] = { "system_admin security_admin",
                                         "system_admin audit_admin",
                                         "security_admin audit_admin",
                                         "audit_admin counter",
                                         "system_admin supervisor",
                                         "security_admin telephone",
                                         "" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        world_sit(w, arena_printf(w->arena, "p%zu", i), pairs[i], (int)i + 1);
        for (const struct route *route = staff_routes; route->method != NULL; route++) {
            if (is_open(route))
                continue;
            world_audit_mark(w);
            ask_for(w, route, "a=1");
            assert_ptr_equal(w->answer.problem, &problem_staff_denied);
            assert_audited(w, AUDIT_STAFF_DENIED, staff_verb_name(route_verb(route)));
        }
    }
}

/* --- Where and when --- */

static void
assert_led_to(struct world *w, const struct route *route, const char *path)
{
    const char *location = world_header(w, "Location");

    if (w->answer.status != 303 || location == NULL || !text_starts(location, path))
        fail_msg("%s %s: %d %s", route->method, route->path, w->answer.status,
                 location != NULL ? location : "");
}

static void
whoever_has_not_signed_in_is_led_to_where_she_does_from_everywhere(void **state)
{
    struct world *w = *state;

    world_counter(w, 1);
    for (const struct route *route = staff_routes; route->method != NULL; route++) {
        if (is_open(route))
            continue;
        ask_for(w, route, "a=1");
        assert_led_to(w, route, "/staff/sign-in");
    }
}

static void
a_locked_counter_leads_to_where_it_is_opened_from_everywhere(void **state)
{
    struct world *w = *state;
    const char *sid = world_sit(w, "li", "supervisor counter telephone", 1);

    world_must(store_sitting_lock(w->store, sid, w->now), "not locked");
    for (const struct route *route = staff_routes; route->method != NULL; route++) {
        if (is_open(route) || route_verb(route) == STAFF_VERB_lock)
            continue;
        ask_for(w, route, "a=1");
        assert_led_to(w, route, "/staff/lock");
    }
}

/* ST-13 */
static void
st_13_a_sitting_at_another_counter_is_refused_everywhere(void **state)
{
    struct world *w = *state;

    world_sit(w, "li", "counter", 1);
    world_counter(w, 2); /* the other counter's browser, with the staff cookie of this one */
    for (const struct route *route = staff_routes; route->method != NULL; route++) {
        if (is_open(route))
            continue;
        world_audit_mark(w);
        ask_for(w, route, "a=1");
        assert_ptr_equal(w->answer.problem, &problem_staff_moved);
        assert_told(w, route, 401);
        assert_audited(w, AUDIT_STAFF_DENIED, "moved");
    }
}

/* ST-13: both cookies copied, and the connection has not the counter's certificate. */
static void
st_13_both_cookies_without_the_counters_certificate_are_refused(void **state)
{
    static const char *const shown[] = { NULL, "22bb", "11aa" };
    struct world *w = *state;

    world_sit(w, "li", "counter", 1);
    world_must(
        store_run(w->store, &(struct query) { .sql = "UPDATE counter SET certificate = '11aa'" }),
        "not pinned");
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
        world_audit_mark(w);
        world_send(w, &(struct world_call) { .target = "/staff", .certificate = shown[i] });
        if (i == 2) {
            assert_int_equal(w->answer.status, 303); /* to its flow */
            assert_null(w->answer.problem);
        } else {
            assert_ptr_equal(w->answer.problem, &problem_staff_moved);
            assert_audited(w, AUDIT_STAFF_DENIED, "moved");
        }
    }
}

/* ST-18 */
static void
st_18_none_of_them_is_on_the_public_listener(void **state)
{
    struct world *w = *state;
    const char *allow;

    world_sit(w, "li", "system_admin", 1);
    for (const struct route *route = staff_routes; route->method != NULL; route++) {
        if (!text_starts(route->path, "/staff"))
            continue;
        assert_null(route_find(public_routes, w->arena, route->method, route->path, &allow));
        assert_null(allow);
        world_send(w, &(struct world_call) { .target = route->path, .routes = public_routes });
        assert_int_equal(w->answer.status, 404);
    }
}

/* --- What nobody has named --- */

static const struct problem *
endpoint_unnamed(struct request *rq)
{
    fail_msg("%s was let through", rq->path);
    return NULL;
}

/* ST-15 */
static void
st_15_a_route_without_a_verb_is_refused_to_all(void **state)
{
    static const struct route unnamed[] = {
        { "GET", "/staff/new", endpoint_unnamed, RUN_ON_WORKER, REFUSE_PAGE, GUARD_STAFF, NULL,
          CORS_NONE },
        { 0 },
    };
    struct world *w = *state;

    for (size_t r = 0; r < ROLES; r++) {
        world_sit(w, roles[r], roles[r], (int)r + 1);
        world_audit_mark(w);
        world_send(w, &(struct world_call) { .target = "/staff/new", .routes = unnamed });
        assert_ptr_equal(w->answer.problem, &problem_staff_denied);
        assert_audited(w, AUDIT_STAFF_DENIED, "unset");
    }
}

/* ST-15 */
static void
st_15_an_unusual_method_is_405(void **state)
{
    static const char *const methods[] = { "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get" };
    struct world *w = *state;

    world_sit(w, "li", "security_admin", 1);
    for (const struct route *route = staff_routes; route->method != NULL; route++)
        for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
            world_send(w, &(struct world_call) { .method = methods[i],
                                                 .target = route->path,
                                                 .routes = staff_routes });
            assert_refused(w, &problem_method_not_allowed);
            assert_non_null(world_header(w, "Allow"));
        }
}

/* ST-15: what no field of a form is named, set or nested, raises nobody's rights. */
static void
st_15_parameters_that_nobody_reads_change_nothing(void **state)
{
    static const char *const more[] = { "roles=security_admin",
                                        "staff%5Broles%5D=security_admin",
                                        "roles%5B%5D=security_admin",
                                        "staff.roles=security_admin",
                                        "_method=PUT&X-HTTP-Method-Override=PUT",
                                        "__proto__%5Broles%5D=security_admin",
                                        "verb=open&region=000000" };
    struct world *w = *state;

    world_sit(w, "li", "telephone", 1);
    for (const struct route *route = staff_routes; route->method != NULL; route++)
        for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
            const struct problem *plain;
            struct stored_staff staff;
            int status;

            if (is_open(route) || route_verb(route) == STAFF_VERB_lock)
                continue;
            ask_for(w, route, "a=1");
            plain = w->answer.problem;
            status = w->answer.status;
            ask_for(w, route, more[i]);
            assert_ptr_equal(w->answer.problem, plain);
            assert_int_equal(w->answer.status, status);
            world_must(store_staff_load(w->store, w->arena, "li", &staff), "no staff");
            assert_string_equal(staff.roles, "telephone");
            assert_string_equal(staff.region, WORLD_REGION);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_but_the_documents_has_the_guard_and_a_verb),
        cmocka_unit_test(every_form_is_of_our_own_origin),
        cmocka_unit_test(every_verb_names_roles_that_there_are),
        world_test(dj_7_each_role_is_let_in_where_its_verb_says_so_and_nowhere_else),
        world_test(dj_7_administrators_exclude_each_other_and_together_may_nothing),
        world_test(whoever_has_not_signed_in_is_led_to_where_she_does_from_everywhere),
        world_test(a_locked_counter_leads_to_where_it_is_opened_from_everywhere),
        world_test(st_13_a_sitting_at_another_counter_is_refused_everywhere),
        world_test(st_13_both_cookies_without_the_counters_certificate_are_refused),
        world_test(st_18_none_of_them_is_on_the_public_listener),
        world_test(st_15_a_route_without_a_verb_is_refused_to_all),
        world_test(st_15_an_unusual_method_is_405),
        world_test(st_15_parameters_that_nobody_reads_change_nothing),
    };

    return world_run(tests);
}
