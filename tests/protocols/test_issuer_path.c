/* SPDX-License-Identifier: Apache-2.0 */
/* An issuer with a path: all that is public stands under it, and nothing beside it (S9). */
#include <string.h>

#include <jansson.h>

#include "idp/base/text.h"
#include "protocols/routes.h"
#include "tests/world.h"

#define BASE "/auth"
#define ISSUER WORLD_ISSUER BASE
#define AUTHORIZE                                                                                  \
    BASE "/oauth2/authorize?client_id=webhall&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"         \
         "&response_type=code&scope=openid%20profile&state=st-1&nonce=n-1"                         \
         "&code_challenge_method=S256&code_challenge=" WORLD_CHALLENGE

static void
put_under_a_path(struct world *w)
{
    w->settings.server.issuer = ISSUER;
    w->settings.server.issuer_path = BASE;
}

static int
setup(void **state)
{
    return world_setup_adjusted(state, put_under_a_path);
}

static int
ask(struct world *w, const char *method, const char *target)
{
    world_send(w, &(struct world_call) { .method = method,
                                         .target = target,
                                         .form = text_eq(method, "POST") ? "" : NULL });
    return w->answer.status;
}

/* Those that are as if they were not there until an operator opens them. */
static bool
is_shut(const struct route *route)
{
    return text_eq(route->path, "/sms/uplink") || text_eq(route->path, "/tests/approve");
}

static void
every_route_is_under_the_path_and_nowhere_else(void **state)
{
    struct world *w = *state;

    for (const struct route *route = public_routes; route->method != NULL; route++) {
        const char *under = arena_printf(w->arena, BASE "%s", route->path);
        int status = ask(w, route->method, under);

        if ((w->answer.problem == &problem_not_found && !is_shut(route)) || status == 405 ||
            status >= 500)
            fail_msg("%s %s: %d", route->method, under, status);
        if (ask(w, route->method, route->path) != 404)
            fail_msg("%s %s: %d", route->method, route->path, w->answer.status);
    }
}

static void
the_path_alone_is_the_first_page_and_what_resembles_it_is_not(void **state)
{
    static const char *const absent[] = { "/",
                                          "/authlogin",
                                          "/AUTH/login",
                                          "/auth/auth/login",
                                          "/auth//login",
                                          "/auth/login/",
                                          "/x/auth/login" };
    struct world *w = *state;

    assert_int_equal(ask(w, "GET", BASE), 200);
    assert_int_equal(ask(w, "GET", BASE "/"), 200);
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
        if (ask(w, "GET", absent[i]) != 404)
            fail_msg("%s: %d", absent[i], w->answer.status);
    }
    assert_int_equal(ask(w, "GET", BASE "/oauth2/token"), 405);
}

/* RFC 8414, 3.1: the well-known word goes between host and path; OpenID Connect puts it behind. */
static void
metadata_is_found_at_both_kinds_of_address(void **state)
{
    static const char *const found[] = {
        "/auth/.well-known/openid-configuration",
        "/auth/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server/auth",
        "/.well-known/openid-configuration/auth",
    };
    static const char *const absent[] = {
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server/other",
        "/.well-known/oauth-authorization-serverauth",
        "/.well-known//auth",
        "/.well-known/auth",
        "/.well-known/auth/auth",
        "/.well-known/../login/auth",
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
        assert_int_equal(ask(w, "GET", found[i]), 200);
        assert_string_equal(world_json(w, "issuer"), ISSUER);
    }
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
        if (ask(w, "GET", absent[i]) != 404)
            fail_msg("%s: %d", absent[i], w->answer.status);
    }
}

static void
every_address_of_the_metadata_is_served(void **state)
{
    struct world *w = *state;
    json_t *metadata;
    const char *name;
    json_t *value;
    int count = 0;

    ask(w, "GET", BASE "/.well-known/openid-configuration");
    metadata = json_loads(w->answer.body, 0, NULL);
    json_object_foreach(metadata, name, value)
    {
        const char *url = json_string_value(value);

        if (url == NULL || text_eq(name, "issuer") || !text_starts(url, "https://id.example"))
            continue;
        assert_true(text_starts(url, ISSUER "/"));
        if (ask(w, "GET", url + strlen(WORLD_ISSUER)) == 404)
            fail_msg("%s: %s", name, url);
        count++;
    }
    assert_true(count >= 7);
    json_decref(metadata);
}

/* --- A login, following only what it is led to --- */

static void
follow_under_the_path(struct world *w, const char *path)
{
    const char *location = world_header(w, "Location");

    assert_int_equal(w->answer.status, 303);
    if (!text_starts(location, path))
        fail_msg("%s", location);
    world_follow(w);
}

/* Sent to where the form of the page says. */
static void
submit(struct world *w, const char *form_id, const char *more)
{
    const char *at = strstr(w->answer.body, arena_printf(w->arena, "id=\"%s\"", form_id));
    const char *action;

    assert_non_null(at);
    action = strstr(at, "action=\"");
    assert_non_null(action);
    action += strlen("action=\"");
    action = arena_copy(w->arena, action, strcspn(action, "\""));
    assert_true(text_starts(action, BASE "/"));
    world_form_post(w, action, "tx=%s&csrf=%s%s", world_hidden(w, "tx"), world_hidden(w, "csrf"),
                    more);
}

/* Every link of ours on the page leads somewhere. */
static void
links_follow(struct world *w)
{
    const char *at = w->answer.body;

    while ((at = strstr(at, "href=\"/")) != NULL) {
        const char *link;

        at += strlen("href=\"");
        link = arena_copy(w->arena, at, strcspn(at, "\""));
        assert_true(text_starts(link, BASE "/"));
        world_perform(
            w, w->store, w->arena,
            &(struct world_call) { .target = arena_copy(w->arena, link, strcspn(link, "?")) },
            &w->answer);
        if (w->answer.status == 404)
            fail_msg("%s", link);
    }
}

static void
page_links_follow(struct world *w)
{
    struct world_answer page = w->answer;

    assert_int_equal(page.status, 200);
    links_follow(w);
    w->answer = page;
}

static void
a_login_from_the_partner_and_back_stays_under_the_path(void **state)
{
    struct world *w = *state;
    const char *credentials;

    world_person(w, 0);
    world_get(w, AUTHORIZE);
    follow_under_the_path(w, BASE "/login?tx=");
    page_links_follow(w);
    credentials = arena_printf(w->arena, "&phone=%s&password=%s", world_phone(0),
                               world_url(w, WORLD_PASSWORD));
    submit(w, "login-form", credentials);
    follow_under_the_path(w, BASE "/oauth2/authorize/resume?tx=");
    follow_under_the_path(w, BASE "/consent?tx=");
    page_links_follow(w);
    submit(w, "consent-form", "&decision=allow");
    follow_under_the_path(w, BASE "/oauth2/authorize/resume?tx=");
    assert_int_equal(w->answer.status, 303);
    assert_true(text_starts(world_header(w, "Location"), "https://app.example/cb?code="));
    assert_string_equal(world_location_param(w, "iss"), ISSUER);
    world_get(w, BASE "/");
    page_links_follow(w);
    assert_non_null(strstr(w->answer.body, "action=\"" BASE "/logout\""));
    world_get(w, BASE "/oidc/logout");
    submit(w, "logout-form", "&decision=yes");
    follow_under_the_path(w, BASE "/logout?tx=");
    page_links_follow(w);
    assert_null(world_cookie(w, "__Secure-tongxing-session"));
}

/* __Host- is for Path=/ alone; the browser would drop it. */
static void
cookies_are_sent_to_nobody_beside_the_path(void **state)
{
    struct world *w = *state;

    world_get(w, BASE "/login");
    for (size_t i = 0; i < w->answer.header_count; i++) {
        const char *line = w->answer.headers[i].value;

        if (!text_eq(w->answer.headers[i].name, "Set-Cookie"))
            continue;
        assert_true(text_starts(line, "__Secure-tongxing-tx_"));
        assert_non_null(strstr(line, "; Path=" BASE "; HttpOnly; SameSite=Lax; Secure"));
    }
    assert_int_equal(w->cookies, 1);
}

static void
a_post_from_another_site_is_asked_again_under_the_path(void **state)
{
    struct world *w = *state;
    const char *query = strchr(AUTHORIZE, '?') + 1;

    world_send(w, &(struct world_call) { .target = BASE "/oauth2/authorize",
                                         .form = query,
                                         .origin = "https://app.example",
                                         .without_cookies = true });
    follow_under_the_path(w, BASE "/oauth2/authorize?client_id=webhall");
    follow_under_the_path(w, BASE "/login?tx=");
}

#define under_path(test) cmocka_unit_test_setup_teardown(test, setup, world_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        under_path(every_route_is_under_the_path_and_nowhere_else),
        under_path(the_path_alone_is_the_first_page_and_what_resembles_it_is_not),
        under_path(metadata_is_found_at_both_kinds_of_address),
        under_path(every_address_of_the_metadata_is_served),
        under_path(a_login_from_the_partner_and_back_stays_under_the_path),
        under_path(cookies_are_sent_to_nobody_beside_the_path),
        under_path(a_post_from_another_site_is_asked_again_under_the_path),
    };

    return world_run(tests);
}
