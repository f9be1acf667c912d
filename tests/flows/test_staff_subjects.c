/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is a citizen's is not for staff, and the other way round (issue 11): every route that reads a session, every one
 * that takes a token, and every grant that takes another's word for a person.
 */
#include "tests/protocols/oauth2/staff_kit.h"

#include "protocols/routes.h"

/* A path of the route, with something in its variable part. */
static const char *
path_of(struct world *w, const struct route *route)
{
    const char *open = strchr(route->path, '{');

    return open == NULL ? route->path
                        : arena_printf(w->arena, "%.*sx", (int)(open - route->path), route->path);
}

static void
ask_route(struct world *w, const struct route *route, const struct route *table)
{
    bool posts = strcmp(route->method, "POST") == 0;

    world_send(w, &(struct world_call) { .method = route->method,
                                         .target = path_of(w, route),
                                         .form = posts ? "a=b" : NULL,
                                         .routes = table });
}

/* The beginning of where it leads; "" where it leads nowhere. */
static const char *
leads_to(struct world *w)
{
    const char *location = world_header(w, "Location");

    return location != NULL ? arena_copy(w->arena, location, strcspn(location, "?")) : "";
}

static void
the_cookie_of_staff_opens_no_page_of_a_citizens(void **state)
{
    struct world *w = *state;
    const char *cookie;
    size_t asked = 0;

    world_sit(w, "liming", "counter", 1);
    cookie = arena_text(w->arena, world_cookie(w, "__Host-staff"));
    for (const struct route *route = public_routes; route->method != NULL; route++) {
        int status;
        const char *to;

        if ((route->guards & GUARD_SESSION) == 0)
            continue;
        w->cookies = 0;
        world_cookie_put(w, "__Host-session", "s_0123456789012345678901nonsense");
        ask_route(w, route, public_routes);
        status = w->answer.status;
        to = leads_to(w);
        w->cookies = 0;
        world_cookie_put(w, "__Host-session", cookie);
        ask_route(w, route, public_routes);
        if (w->answer.status != status || !text_eq(leads_to(w), to))
            fail_msg("%s %s: %d %s, and for staff %d %s", route->method, route->path, status, to,
                     w->answer.status, leads_to(w));
        asked++;
    }
    assert_true(asked > 20);
}

static void
the_cookie_of_a_citizen_opens_no_page_of_staffs(void **state)
{
    struct world *w = *state;
    const char *cookie;

    world_log_in(w, 0);
    cookie = arena_text(w->arena, world_cookie(w, "__Host-session"));
    for (const struct route *route = staff_routes; route->method != NULL; route++) {
        if ((route->guards & GUARD_STAFF) == 0 || route_verb(route) == STAFF_VERB_open)
            continue;
        w->cookies = 0;
        world_counter(w, 1);
        world_cookie_put(w, "__Host-staff", cookie);
        ask_route(w, route, staff_routes);
        if (w->answer.status < 400 && !text_eq(leads_to(w), "/staff/sign-in"))
            fail_msg("%s %s: %d %s", route->method, route->path, w->answer.status, leads_to(w));
    }
}

/* Userinfo is the one that is for them too. */
static void
the_token_of_staff_is_good_for_nothing_of_a_citizens(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;
    size_t asked = 0;

    world_sit(w, "liming", "counter", 1);
    tokens = window_tokens(w, "window", STAFF_SCOPE);
    for (const struct route *route = public_routes; route->method != NULL; route++) {
        if ((route->guards & GUARD_BEARER) == 0 || text_eq(route->path, "/oidc/userinfo"))
            continue;
        world_send(w, &(struct world_call) { .method = route->method,
                                             .target = path_of(w, route),
                                             .form = text_eq(route->method, "GET") ? NULL : "",
                                             .authorization =
                                                 arena_printf(w->arena, "Bearer %s", tokens.access),
                                             .without_cookies = true });
        if (w->answer.status < 400)
            fail_msg("%s %s: %d", route->method, route->path, w->answer.status);
        asked++;
    }
    assert_true(asked > 3);
}

/* Another's word for a person: an exchange, and a hint of whom to ask. */
static void
nothing_of_staffs_stands_for_a_person_at_the_token_endpoint(void **state)
{
    static const char *const types[] = { "access_token", "id_token", "refresh_token" };
    struct world *w = *state;
    struct world_tokens tokens;

    world_sit(w, "liming", "counter", 1);
    tokens = window_tokens(w, "window", STAFF_SCOPE);
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        world_partner_post(
            w, "window", "/oauth2/token",
            "grant_type=urn%%3Aietf%%3Aparams%%3Aoauth%%3Agrant-type%%3Atoken-exchange"
            "&subject_token=%s&subject_token_type=urn%%3Aietf%%3Aparams%%3Aoauth"
            "%%3Atoken-type%%3A%s&audience=hall",
            i == 1 ? tokens.id : tokens.access, types[i]);
        assert_true(w->answer.status >= 400);
    }
    world_partner_post(w, "window", "/oauth2/bc-authorize", "scope=openid&id_token_hint=%s",
                       tokens.id);
    assert_true(w->answer.status >= 400);
}

/* A citizen's token says nothing of roles, whatever its partner has registered. */
static void
the_scope_of_staff_is_granted_to_no_citizen(void **state)
{
    struct world *w = *state;

    world_partners(w,
                   "{\"partners\":[{\"client_id\":\"window\",\"client_name\":\"window\","
                   "\"channel\":\"counter\",\"redirect_uris\":[\"https://window.example/cb\"],"
                   "\"client_secret\":\"window-secret-0123456789-0123456789-0123456789\","
                   "\"grant_types\":[\"authorization_code\","
                   "\"urn:openid:params:grant-type:ciba\"],\"scope\":\"openid profile staff\"}]}");
    world_person(w, 0);
    world_partner_post(w, "window", "/oauth2/bc-authorize", "scope=staff&login_hint=%%2B86%s",
                       world_phone(0));
    assert_refused(w, &problem_scope_invalid);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        window_test(the_cookie_of_staff_opens_no_page_of_a_citizens),
        window_test(the_cookie_of_a_citizen_opens_no_page_of_staffs),
        window_test(the_token_of_staff_is_good_for_nothing_of_a_citizens),
        window_test(nothing_of_staffs_stands_for_a_person_at_the_token_endpoint),
        window_test(the_scope_of_staff_is_granted_to_no_citizen),
    };

    return world_run(tests);
}
