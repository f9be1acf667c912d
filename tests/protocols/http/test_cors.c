/* SPDX-License-Identifier: Apache-2.0 */
/* Which pages of others may read our answers; S2 and B10 are the inputs that no browser client survived. */
#include "protocols/http/cors.h"

#include <string.h>

#include "idp/base/text.h"
#include "protocols/dispatch.h"
#include "tests/world.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define SPA "https://spa.example"
#define WEBHALL "https://app.example"

static const char *
allowed(const struct world *w)
{
    return world_header(w, "Access-Control-Allow-Origin");
}

static void
assert_closed(const struct world *w)
{
    assert_null(allowed(w));
    assert_null(world_header(w, "Access-Control-Expose-Headers"));
    assert_null(world_header(w, "Access-Control-Allow-Methods"));
    assert_null(world_header(w, "Access-Control-Allow-Headers"));
    assert_null(world_header(w, "Access-Control-Allow-Credentials"));
}

static void
assert_open_to(const struct world *w, const char *origin)
{
    assert_string_equal(allowed(w), origin);
    assert_null(world_header(w, "Access-Control-Allow-Credentials"));
    if (!text_eq(origin, "*"))
        assert_string_equal(world_header(w, "Vary"), "Origin");
}

static void
preflight(struct world *w, const char *path, const char *method, const char *origin)
{
    world_send(w, &(struct world_call) {
                      .method = "OPTIONS", .target = path, .origin = origin, .asks_for = method });
}

/* A request for a token that is refused once the partner is known. */
static void
ask_token(struct world *w, const char *client_id, const char *origin)
{
    const char *form =
        arena_printf(w->arena, "grant_type=authorization_code&code=x&client_id=%s", client_id);

    world_send(w,
               &(struct world_call) { .target = "/oauth2/token", .form = form, .origin = origin });
}

static void
ask_userinfo(struct world *w, const char *token, const char *origin)
{
    world_send(w,
               &(struct world_call) { .target = "/oidc/userinfo",
                                      .authorization = arena_printf(w->arena, "Bearer %s", token),
                                      .origin = origin });
}

/* The table decides, and nothing else does: every route is asked by a partner's page. */
static void
ca_27_only_routes_that_say_so_answer_an_origin(void **state)
{
    struct world *w = *state;
    size_t open = 0;

    for (const struct route *route = public_routes; route->method != NULL; route++) {
        const char *form = text_eq(route->method, "POST") ? "a=1" : NULL;

        preflight(w, route->path, route->method, SPA);
        assert_int_equal(w->answer.status, route->cors != CORS_NONE ? 204 : 405);
        for (int asked = 0; asked < 2; asked++) {
            if (route->cors == CORS_NONE)
                assert_closed(w);
            else
                assert_open_to(w, route->cors == CORS_ANY ? "*" : SPA);
            world_send(w,
                       &(struct world_call) { .target = route->path, .form = form, .origin = SPA });
        }
        open += route->cors != CORS_NONE;
    }
    assert_int_equal(open, 9);
}

static void
s2_a_preflight_tells_what_the_page_may_send(void **state)
{
    struct world *w = *state;

    preflight(w, "/oauth2/token", "POST", SPA);
    assert_int_equal(w->answer.status, 204);
    assert_int_equal(strlen(w->answer.body), 0);
    assert_open_to(w, SPA);
    assert_string_equal(world_header(w, "Access-Control-Allow-Methods"), "POST");
    assert_string_equal(world_header(w, "Access-Control-Allow-Headers"),
                        "Authorization, Content-Type, DPoP");
    assert_string_equal(world_header(w, "Access-Control-Max-Age"), "7200");
    assert_string_equal(world_header(w, "X-Content-Type-Options"), "nosniff");
    preflight(w, "/oidc/userinfo", "GET", WEBHALL);
    assert_open_to(w, WEBHALL);
    assert_string_equal(world_header(w, "Access-Control-Allow-Methods"), "GET, HEAD, POST");
}

static void
metadata_and_keys_are_open_to_any_page(void **state)
{
    static const char *const paths[] = { "/.well-known/openid-configuration",
                                         "/.well-known/oauth-authorization-server",
                                         "/oauth2/jwks" };
    struct world *w = *state;

    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        preflight(w, paths[i], "GET", "https://anybody.example");
        assert_int_equal(w->answer.status, 204);
        assert_open_to(w, "*");
        assert_string_equal(world_header(w, "Access-Control-Allow-Headers"), "*");
        world_send(w, &(struct world_call) { .target = paths[i], .origin = "null" });
        assert_int_equal(w->answer.status, 200);
        assert_open_to(w, "*");
    }
}

static void
ca_27_an_origin_that_only_resembles_a_partners_reads_nothing(void **state)
{
    static const char *const strangers[] = {
        "https://evil.example",
        "null",
        "",
        "*",
        SPA ".evil.example",
        SPA "/",
        SPA ":443",
        SPA ":8443",
        SPA " " WEBHALL,
        "https://evil" /* joined to the next */ "spa.example",
        "https://x.spa.example",
        "https://SPA.example",
        "http://spa.example",
        "https://spa.exampl",
        "spa.example",
    };
    struct world *w = *state;

    for (size_t i = 0; i < COUNT_OF(strangers); i++) {
        preflight(w, "/oauth2/token", "POST", strangers[i]);
        assert_int_equal(w->answer.status, 204);
        assert_closed(w);
        ask_token(w, "spa", strangers[i]);
        assert_refused(w, &problem_code_invalid);
        assert_closed(w);
        assert_string_equal(world_header(w, "Vary"), "Origin");
        ask_token(w, "nobody", strangers[i]);
        assert_closed(w);
        ask_userinfo(w, "x", strangers[i]);
        assert_closed(w);
    }
}

static void
options_that_is_no_preflight_of_a_route_is_405(void **state)
{
    struct world *w = *state;

    preflight(w, "/oauth2/token", "POST", NULL);
    assert_refused(w, &problem_method_not_allowed);
    preflight(w, "/oauth2/token", NULL, SPA);
    assert_refused(w, &problem_method_not_allowed);
    preflight(w, "/oauth2/token", "DELETE", SPA);
    assert_refused(w, &problem_method_not_allowed);
    assert_closed(w);
    preflight(w, "/oauth2/introspect", "POST", SPA);
    assert_refused(w, &problem_method_not_allowed);
    preflight(w, "/nowhere", "POST", SPA);
    assert_refused(w, &problem_not_found);
}

/* A partner's page reads why it was refused; that of another partner does not. */
static void
s2_the_token_endpoint_answers_the_page_of_its_partner(void **state)
{
    struct world *w = *state;

    ask_token(w, "spa", SPA);
    assert_refused(w, &problem_code_invalid);
    assert_open_to(w, SPA);
    assert_string_equal(world_header(w, "Access-Control-Expose-Headers"),
                        "DPoP-Nonce, Retry-After, WWW-Authenticate, X-Request-Id");
    ask_token(w, "spa", WEBHALL);
    assert_refused(w, &problem_code_invalid);
    assert_closed(w);
}

static void
before_the_partner_is_known_any_partners_page_reads_the_refusal(void **state)
{
    struct world *w = *state;

    ask_token(w, "nobody", WEBHALL);
    assert_refused(w, &problem_client_unauthenticated);
    assert_open_to(w, WEBHALL);
    world_send(w, &(struct world_call) {
                      .target = "/oauth2/token", .form = "a=1&a=1", .origin = WEBHALL });
    assert_refused(w, &problem_parameter_repeated);
    assert_open_to(w, WEBHALL);
}

static void
tokens_are_read_by_the_page_of_their_partner_alone(void **state)
{
    static const char *const origins[] = { WEBHALL, SPA };
    struct world *w = *state;

    for (size_t i = 0; i < COUNT_OF(origins); i++) {
        const char *code = world_code(w, "webhall");
        const char *form = arena_printf(w->arena,
                                        "grant_type=authorization_code&code=%s&code_verifier=%s"
                                        "&redirect_uri=https%%3A%%2F%%2Fapp.example%%2Fcb",
                                        code, WORLD_VERIFIER);

        world_send(w, &(struct world_call) { .target = "/oauth2/token",
                                             .form = form,
                                             .authorization = world_basic(w, "webhall"),
                                             .origin = origins[i] });
        assert_int_equal(w->answer.status, 200);
        assert_true(i == 0 ? text_eq(allowed(w), WEBHALL) : allowed(w) == NULL);
    }
}

static void
userinfo_and_revocation_go_by_the_partner_of_the_token(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "spa");

    ask_userinfo(w, tokens.access, SPA);
    assert_int_equal(w->answer.status, 200);
    assert_open_to(w, SPA);
    ask_userinfo(w, tokens.access, WEBHALL);
    assert_int_equal(w->answer.status, 200);
    assert_closed(w);
    ask_userinfo(w, "x", WEBHALL);
    assert_refused(w, &problem_bearer_invalid);
    assert_open_to(w, WEBHALL);
    world_send(w, &(struct world_call) {
                      .target = "/oauth2/revoke",
                      .form = arena_printf(w->arena, "client_id=spa&token=%s", tokens.refresh),
                      .origin = SPA });
    assert_int_equal(w->answer.status, 200);
    assert_open_to(w, SPA);
}

static void
origins_that_are_registered_replace_those_of_the_redirects(void **state)
{
    struct world *w = *state;

    world_partners(w, "{\"partners\":[{\"client_id\":\"spa\",\"client_name\":\"SPA\","
                      "\"token_endpoint_auth_method\":\"none\","
                      "\"redirect_uris\":[\"https://spa.example/cb\"],"
                      "\"web_origins\":[\"https://ui.example:8443\",\"http://localhost:3000\"]}]}");
    ask_token(w, "spa", "https://ui.example:8443");
    assert_open_to(w, "https://ui.example:8443");
    preflight(w, "/oauth2/token", "POST", "http://localhost:3000");
    assert_open_to(w, "http://localhost:3000");
    ask_token(w, "spa", SPA);
    assert_closed(w);
    preflight(w, "/oauth2/token", "POST", SPA);
    assert_closed(w);
}

static void
without_an_origin_nothing_is_added(void **state)
{
    struct world *w = *state;

    ask_token(w, "spa", NULL);
    assert_closed(w);
    assert_null(world_header(w, "Vary"));
    ask_userinfo(w, "x", NULL);
    assert_closed(w);
    assert_null(world_header(w, "Vary"));
}

static void
a_refusal_of_the_engine_is_read_too(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct request rq = { .ctx = &ctx,
                          .arena = w->arena,
                          .method = "POST",
                          .path = "/oauth2/token",
                          .headers = { .origin = SPA } };

    assert_true(dispatch_route(public_routes, &rq));
    dispatch_refuse(&rq, &problem_try_again);
    assert_int_equal(rq.response.status, 503);
    for (size_t i = 0; i < rq.response.header_count; i++)
        if (text_eq(rq.response.headers[i].name, "Access-Control-Allow-Origin"))
            return;
    fail_msg("a page cannot read that it should try again");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(ca_27_only_routes_that_say_so_answer_an_origin),
        world_test(s2_a_preflight_tells_what_the_page_may_send),
        world_test(metadata_and_keys_are_open_to_any_page),
        world_test(ca_27_an_origin_that_only_resembles_a_partners_reads_nothing),
        world_test(options_that_is_no_preflight_of_a_route_is_405),
        world_test(s2_the_token_endpoint_answers_the_page_of_its_partner),
        world_test(before_the_partner_is_known_any_partners_page_reads_the_refusal),
        world_test(tokens_are_read_by_the_page_of_their_partner_alone),
        world_test(userinfo_and_revocation_go_by_the_partner_of_the_token),
        world_test(origins_that_are_registered_replace_those_of_the_redirects),
        world_test(without_an_origin_nothing_is_added),
        world_test(a_refusal_of_the_engine_is_read_too),
    };

    return world_run(tests);
}
