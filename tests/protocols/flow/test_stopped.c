/* SPDX-License-Identifier: Apache-2.0 */
/* Where a way ends: what is told, to whom, and how she gets on. */
#include <string.h>

#include "idp/base/text.h"
#include "protocols/routes.h"
#include "tests/world.h"

static bool
shows(struct world *w, const char *text)
{
    return strstr(w->answer.body, text) != NULL;
}

/* A form out of order in a flow of that partner. */
static void
stop(struct world *w, const char *partner)
{
    world_authorize(w, partner, "");
    world_follow(w);
    world_form_post(w, "/register/notice", "tx=%s&csrf=%s&agree_registration=yes",
                    world_hidden(w, "tx"), world_hidden(w, "csrf"));
    assert_int_equal(w->answer.status, 303);
}

static void
it_is_told_by_a_page_that_can_be_reloaded_and_read_in_another_language(void **state)
{
    struct world *w = *state;
    const char *address;

    stop(w, "webhall");
    address = arena_text(w->arena, world_header(w, "Location"));
    assert_true(text_starts(address, "/stopped?tx="));
    for (int i = 0; i < 2; i++) {
        world_get(w, address);
        assert_refused(w, &problem_transaction_order);
    }
    assert_true(shows(w, "<code id=\"request-id\">0123456789abcdef</code>"));
    world_get(w, arena_printf(w->arena, "%s&ui_locales=en", address));
    assert_refused(w, &problem_transaction_order);
    assert_true(shows(w, problem_text(&problem_transaction_order, LANGUAGE_EN)));
}

static void
she_goes_on_in_her_flow(void **state)
{
    struct world *w = *state;
    const char *at;

    stop(w, "webhall");
    world_follow(w);
    at = strstr(w->answer.body, "id=\"way-on\" href=\"");
    assert_non_null(at);
    at += strlen("id=\"way-on\" href=\"");
    world_get(w, arena_copy(w->arena, at, strcspn(at, "\"")));
    world_follow(w);
    assert_int_equal(w->answer.status, 200);
    assert_true(shows(w, "id=\"login-form\""));
}

static void
nobody_goes_on_in_the_flow_of_another_browser(void **state)
{
    struct world *w = *state;

    stop(w, "webhall");
    w->cookies = 0;
    world_follow(w);
    assert_refused(w, &problem_transaction_order);
    assert_false(shows(w, "id=\"way-on\""));
    assert_true(shows(w, "id=\"door-back\""));
}

static void
an_address_that_we_have_not_made_tells_nothing(void **state)
{
    static const char *const addresses[] = { "/stopped", "/stopped?tx=x", "/stopped?tx=x&at=x" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
        world_get(w, addresses[i]);
        assert_refused(w, &problem_transaction_lost);
        assert_false(shows(w, "id=\"way-on\""));
        assert_false(shows(w, "id=\"door-back\""));
    }
    world_authorize(w, "webhall", ""); /* sealed, for another purpose */
    world_get(w, arena_printf(w->arena, "/stopped?tx=%s", world_location_param(w, "tx")));
    assert_refused(w, &problem_transaction_lost);
    assert_false(shows(w, "id=\"door-back\""));
}

static void
who_is_logged_in_is_told_so_and_led_back(void **state)
{
    struct world *w = *state;
    const char *link;

    world_authorize(w, "hospital", "");
    link = arena_text(w->arena, world_header(w, "Location"));
    w->cookies = 0;
    world_get(w, link);
    assert_refused(w, &problem_transaction_lost);
    assert_false(shows(w, "id=\"logged-in\""));
    world_log_in(w, 0);
    world_get(w, link);
    assert_refused(w, &problem_transaction_lost);
    assert_true(shows(w, "id=\"logged-in\""));
    assert_true(shows(w, "id=\"door-back\" href=\"https://hospital.example/\""));
    world_get(w, "/consent"); /* no transaction at all */
    assert_true(shows(w, "id=\"logged-in\""));
}

/* Only what it has registered; and an application on a phone has no door in a browser. */
static void
the_door_of_a_partner_is_one_that_it_has_registered(void **state)
{
    static const struct {
        const char *partner;
        const char *link; /* NULL: none */
    } cases[] = {
        { "webhall", "href=\"https://app.example/start?iss=https%3A%2F%2Fid.example\"" },
        { "hospital", "href=\"https://hospital.example/\"" },
        { "bank", "href=\"https://bank.example/\"" },
        { "app", NULL },
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        stop(w, cases[i].partner);
        world_follow(w);
        assert_true(shows(w, "id=\"door-back\"") == (cases[i].link != NULL));
        if (cases[i].link != NULL)
            assert_true(shows(w, cases[i].link));
    }
}

static void
a_problem_that_passes_is_told_at_once_so_that_the_form_can_be_sent_again(void **state)
{
    struct world *w = *state;

    world_authorize(w, "webhall", "");
    world_follow(w);
    w->random_fails = true;
    world_form_post(w, "/login/cancel", "tx=%s&csrf=%s", world_hidden(w, "tx"),
                    world_hidden(w, "csrf"));
    assert_int_equal(w->answer.status, 503);
    assert_non_null(world_header(w, "Retry-After"));
}

/* The page of a form's address that is asked for by GET: B2, and C4's /login/cancel. */
static void
assert_get_has_ways_on(struct world *w, const struct route *routes, const struct route *route)
{
    for (int english = 0; english < 2; english++) {
        world_send(w, &(struct world_call) { .target = route->path,
                                             .routes = routes,
                                             .language = english ? "en" : "zh-CN" });
        assert_refused(w, &problem_method_not_allowed);
        assert_string_equal(world_header(w, "Allow"), "POST");
        assert_true(shows(
            w, problem_text(&problem_method_not_allowed, english ? LANGUAGE_EN : LANGUAGE_ZH_CN)));
        assert_true(shows(w, "id=\"doors\"") == (routes == public_routes));
        assert_true(shows(w, routes == public_routes ? "id=\"home-link\" href=\"/\""
                                                     : "id=\"home-link\" href=\"/staff\""));
        assert_true(shows(w, "id=\"switch-language\""));
        assert_true(shows(w, "id=\"request-id\""));
    }
}

static void
the_address_of_a_form_asked_for_by_get_is_a_page_with_ways_on(void **state)
{
    static const struct route *const tables[] = { public_routes, staff_routes };
    struct world *w = *state;

    for (size_t t = 0; t < 2; t++)
        for (const struct route *route = tables[t]; route->method != NULL; route++) {
            const char *allow;

            if (text_eq(route->method, "POST") && route->refuse == REFUSE_PAGE &&
                route_find(tables[t], w->arena, "GET", route->path, &allow) == NULL)
                assert_get_has_ways_on(w, tables[t], route);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(it_is_told_by_a_page_that_can_be_reloaded_and_read_in_another_language),
        world_test(she_goes_on_in_her_flow),
        world_test(nobody_goes_on_in_the_flow_of_another_browser),
        world_test(an_address_that_we_have_not_made_tells_nothing),
        world_test(who_is_logged_in_is_told_so_and_led_back),
        world_test(the_door_of_a_partner_is_one_that_it_has_registered),
        world_test(a_problem_that_passes_is_told_at_once_so_that_the_form_can_be_sent_again),
        world_test(the_address_of_a_form_asked_for_by_get_is_a_page_with_ways_on),
    };

    return world_run(tests);
}
