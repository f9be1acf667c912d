/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold for every row of THE table, those that are still to come included. */
#include "protocols/routes.h"

#include <string.h>

#include "idp/base/text.h"
#include "tests/world.h"

#define FORM (GUARD_PARAMETERS | GUARD_FORM_BODY | GUARD_SAME_ORIGIN)

static const struct route *const tables[] = { public_routes, admin_routes, staff_routes };

#define TABLES (sizeof(tables) / sizeof(tables[0]))

/* Browsers come to these from a partner's page, too. */
static bool
is_open_to_partners_pages(const struct route *route)
{
    return text_eq(route->path, "/oauth2/authorize") || text_eq(route->path, "/oidc/logout");
}

static bool
is_post(const struct route *route)
{
    return text_eq(route->method, "POST");
}

static void
every_path_is_absolute_plain_and_every_row_whole(void **state)
{
    (void)state;
    for (size_t t = 0; t < TABLES; t++)
        for (const struct route *route = tables[t]; route->method != NULL; route++) {
            assert_true(route->path[0] == '/');
            assert_null(strpbrk(route->path, "?#%; \\"));
            assert_null(strstr(route->path, "//"));
            assert_true(text_eq(route->path, "/") || !text_ends(route->path, "/"));
            assert_true(text_list_has("GET POST PUT DELETE", route->method));
            assert_non_null(route->endpoint);
        }
}

static void
no_two_rows_are_alike(void **state)
{
    (void)state;
    for (size_t t = 0; t < TABLES; t++)
        for (const struct route *a = tables[t]; a->method != NULL; a++)
            for (const struct route *b = a + 1; b->method != NULL; b++)
                assert_false(text_eq(a->method, b->method) && text_eq(a->path, b->path));
}

static void
every_form_of_a_page_of_ours_is_guarded(void **state)
{
    (void)state;
    for (const struct route *route = public_routes; route->method != NULL; route++) {
        if (!is_post(route) || route->refuse != REFUSE_PAGE || is_open_to_partners_pages(route))
            continue;
        if ((route->guards & FORM) != FORM)
            fail_msg("%s", route->path);
    }
}

/* An endpoint that hashes, asks or changes must not stand on an epoll thread. */
static void
every_page_runs_on_a_worker(void **state)
{
    (void)state;
    for (const struct route *route = public_routes; route->method != NULL; route++)
        assert_true(route->refuse != REFUSE_PAGE || route->run == RUN_ON_WORKER);
}

/* It takes JSON, proves itself by a signature, and is told in plain text. */
static bool
is_the_gateways(const struct route *route)
{
    return text_eq(route->path, "/sms/uplink");
}

static void
every_post_refuses_a_body_that_is_no_form(void **state)
{
    struct world *w = *state;

    for (const struct route *route = public_routes; route->method != NULL; route++) {
        if (!is_post(route) || is_the_gateways(route) || (route->guards & GUARD_JSON_BODY) != 0)
            continue;
        world_send(w, &(struct world_call) { .target = route->path,
                                             .form = "{\"a\":1}",
                                             .content_type = "application/json" });
        assert_refused(w, &problem_body_type);
    }
}

static void
every_post_of_json_refuses_a_form(void **state)
{
    struct world *w = *state;

    for (const struct route *route = public_routes; route->method != NULL; route++) {
        if ((route->guards & GUARD_JSON_BODY) == 0)
            continue;
        world_form_post(w, route->path, "a=1");
        assert_refused(w, &problem_json_body);
    }
}

/* The authorization endpoint looks itself, because its answer depends on which. */
static void
every_post_refuses_a_parameter_sent_twice(void **state)
{
    struct world *w = *state;

    for (const struct route *route = public_routes; route->method != NULL; route++) {
        if (!is_post(route) || text_eq(route->path, "/oauth2/authorize") || is_the_gateways(route))
            continue;
        world_form_post(w, route->path, "a=1&a=1");
        assert_refused(w, &problem_parameter_repeated);
        world_form_post(w, arena_printf(w->arena, "%s?a=1", route->path), "a=2"); /* z8 */
        assert_refused(w, &problem_parameter_repeated);
    }
}

static void
every_form_of_ours_refuses_another_origin(void **state)
{
    struct world *w = *state;

    for (const struct route *route = public_routes; route->method != NULL; route++) {
        if ((route->guards & GUARD_SAME_ORIGIN) == 0)
            continue;
        world_send(w, &(struct world_call) {
                          .target = route->path, .form = "a=1", .origin = "https://evil.example" });
        assert_refused(w, &problem_form_forged);
    }
}

static void
every_api_that_is_for_partners_wants_to_know_which(void **state)
{
    struct world *w = *state;

    for (const struct route *route = public_routes; route->method != NULL; route++) {
        if (route->refuse != REFUSE_OAUTH ||
            text_eq(route->path, "/terminal/enrol")) /* there a code says which */
            continue;
        assert_true((route->guards & GUARD_PARTNER) != 0);
        world_form_post(w, route->path, "token=a");
        assert_int_equal(w->answer.status, 401);
    }
}

/* Of a form's address asked by GET, and of one that programs post to. */
static void
b2_who_asks_for_a_forms_address_sees_a_page_in_her_language(void **state)
{
    static const char *const forms[] = { "/login/cancel" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        world_send(w, &(struct world_call) { .target = forms[i], .language = "en" });
        assert_refused(w, &problem_method_not_allowed);
        assert_non_null(strstr(w->answer.body, "<html lang=\"en\""));
        assert_non_null(strstr(w->answer.body, "id=\"request-id\""));
        assert_non_null(world_header(w, "Allow"));
    }
    world_get(w, "/oauth2/token");
    assert_string_equal(w->answer.content_type, "text/plain; charset=utf-8");
}

static void
another_method_is_405_with_those_that_there_are(void **state)
{
    static const char *const methods[] = { "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get" };
    struct world *w = *state;

    for (const struct route *route = public_routes; route->method != NULL; route++) {
        for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
            world_send(w, &(struct world_call) { .method = methods[i], .target = route->path });
            assert_refused(w, &problem_method_not_allowed);
            assert_non_null(strstr(world_header(w, "Allow"), route->method));
        }
    }
    world_send(w, &(struct world_call) { .method = "PUT", .target = "/login" });
    assert_string_equal(world_header(w, "Allow"), "GET, HEAD, POST");
    world_get(w, "/oauth2/token");
    assert_string_equal(world_header(w, "Allow"), "POST");
}

static void
head_is_served_where_get_is(void **state)
{
    struct world *w = *state;
    const char *allow;

    for (size_t t = 0; t < TABLES; t++)
        for (const struct route *route = tables[t]; route->method != NULL; route++)
            if (!is_post(route))
                assert_ptr_equal(route_find(tables[t], w->arena, "HEAD", route->path, &allow),
                                 route);
    world_send(w, &(struct world_call) { .method = "HEAD", .target = "/healthz" });
    assert_int_equal(w->answer.status, 200);
    world_send(w, &(struct world_call) { .method = "HEAD", .target = "/oauth2/token" });
    assert_refused(w, &problem_method_not_allowed);
}

static void
an_unknown_path_is_404(void **state)
{
    static const char *const paths[] = { "/metrics", "/live",  "/admin",
                                         "/login/",  "/LOGIN", "/oauth2" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        world_get(w, paths[i]);
        assert_refused(w, &problem_not_found);
        assert_null(world_header(w, "Allow"));
    }
}

/* Whoever may see the admin listener sees numbers and can change nothing. */
static void
the_admin_table_has_only_what_watches(void **state)
{
    static const char *const paths[] = { "/healthz",         "/live",    "/static/tongxing.css",
                                         "/static/wall.css", "/metrics", "/readyz" };
    const size_t count = sizeof(paths) / sizeof(paths[0]);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        assert_non_null(admin_routes[i].method);
        assert_string_equal(admin_routes[i].method, "GET");
        assert_string_equal(admin_routes[i].path, paths[i]);
    }
    assert_null(admin_routes[count].method);
}

/* Whoever asks for help reads it from the page; the header is the engine's
 * (tests/server/engine/test_answer.c). */
static void
every_page_that_refuses_names_the_request_and_the_log_the_reason(void **state)
{
    struct world *w = *state;

    for (const struct route *route = public_routes; route->method != NULL; route++) {
        world_send(w, &(struct world_call) {
                          .method = route->method,
                          .target = arena_printf(w->arena, "%s?tx=x&tx=x", route->path) });
        if (!(route->guards & GUARD_PARAMETERS))
            continue;
        assert_refused(w, &problem_parameter_repeated);
        if (route->refuse == REFUSE_PAGE)
            assert_non_null(strstr(w->answer.body, arena_printf(w->arena, "id=\"request-id\">%s<",
                                                                w->answer.request_id)));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_path_is_absolute_plain_and_every_row_whole),
        cmocka_unit_test(no_two_rows_are_alike),
        cmocka_unit_test(every_form_of_a_page_of_ours_is_guarded),
        cmocka_unit_test(every_page_runs_on_a_worker),
        world_test(every_post_refuses_a_body_that_is_no_form),
        world_test(every_post_of_json_refuses_a_form),
        world_test(every_post_refuses_a_parameter_sent_twice),
        world_test(every_form_of_ours_refuses_another_origin),
        world_test(every_api_that_is_for_partners_wants_to_know_which),
        world_test(b2_who_asks_for_a_forms_address_sees_a_page_in_her_language),
        world_test(another_method_is_405_with_those_that_there_are),
        world_test(head_is_served_where_get_is),
        world_test(an_unknown_path_is_404),
        world_test(every_page_that_refuses_names_the_request_and_the_log_the_reason),
        cmocka_unit_test(the_admin_table_has_only_what_watches),
    };

    return world_run(tests);
}
