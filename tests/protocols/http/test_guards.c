/* SPDX-License-Identifier: Apache-2.0 */
#include "protocols/http/guards.h"

#include <jansson.h>

#include "idp/base/text.h"
#include "protocols/dispatch.h"
#include "protocols/http/respond.h"
#include "tests/world.h"

static const char *seen; /* by the endpoint that ran; NULL: none did */

static const struct problem *
endpoint_json(struct request *rq)
{
    seen = json_string_value(json_object_get(rq->json, "name"));
    return respond_empty(rq, 200);
}

static const struct problem *
endpoint_session(struct request *rq)
{
    seen = rq->session->live ? rq->session->row.subject.id : "nobody";
    return respond_empty(rq, 200);
}

static const struct problem *
endpoint_form(struct request *rq)
{
    seen = "form";
    return respond_empty(rq, 200);
}

static const struct route routes[] = {
    { "PUT", "/json", endpoint_json, RUN_INLINE, REFUSE_TEXT, GUARD_JSON_BODY, NULL, CORS_NONE },
    { "GET", "/session", endpoint_session, RUN_ON_WORKER, REFUSE_TEXT, GUARD_SESSION, NULL,
      CORS_NONE },
    { "POST", "/own", endpoint_form, RUN_ON_WORKER, REFUSE_TEXT, GUARD_SAME_ORIGIN, NULL,
      CORS_NONE },
    { 0 },
};

/* The status of the answer. */
static int
ask(struct world *w, const char *method, const char *path, const struct request *more)
{
    struct ctx ctx = world_ctx(w);
    struct request rq = *more;

    seen = NULL;
    rq.ctx = &ctx;
    rq.arena = w->arena;
    rq.now = ctx.now;
    rq.method = method;
    rq.path = path;
    assert_true(dispatch_route(routes, &rq));
    assert_int_equal(dispatch_run(&rq), DISPATCH_ANSWERED);
    return rq.response.status;
}

static int
put(struct world *w, const char *type, const char *body)
{
    return ask(w, "PUT", "/json",
               &(struct request) { .headers.content_type = type, .body = bytes_of_text(body) });
}

static void
a_body_of_json_is_read_before_the_endpoint_runs(void **state)
{
    static const char *const types[] = { "application/json", "Application/JSON",
                                         "application/json; charset=utf-8",
                                         "application/json\t;x=y" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        assert_int_equal(put(w, types[i], "{\"name\":\"张三\"}"), 200);
        assert_string_equal(seen, "张三");
    }
}

static void
a_body_that_is_not_one_object_of_json_is_400(void **state)
{
    static const struct {
        const char *type;
        const char *body;
    } cases[] = {
        { NULL, "{}" },
        { "text/json", "{}" },
        { "application/jsonp", "{}" },
        { "application/x-www-form-urlencoded", "{}" },
        { "application/json", "" },
        { "application/json", "[]" },
        { "application/json", "1" },
        { "application/json", "{\"name\":\"a\"" },
        { "application/json", "{\"name\":\"a\",\"name\":\"b\"}" },
        { "application/json", "{} {}" },
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(put(w, cases[i].type, cases[i].body), problem_json_body.status);
        assert_null(seen);
    }
}

static void
a_form_of_another_origin_is_refused_and_audited(void **state)
{
    static const struct {
        const char *origin;
        int status;
    } cases[] = {
        { NULL, 200 },
        { "https://id.example", 200 },
        { "null", 403 },
        { "", 403 },
        { "https://id.example.evil.example", 403 },
        { "https://id.exampl", 403 },
        { "http://id.example", 403 },
        { "https://id.example:8443", 403 },
        { "https:", 403 },
        { "https:/", 403 },
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct request more = { .headers.origin = cases[i].origin };

        world_audit_mark(w);
        assert_int_equal(ask(w, "POST", "/own", &more), cases[i].status);
        if (cases[i].status == 403)
            assert_audited(w, AUDIT_LOGIN_REJECTED, "csrf");
    }
}

static void
an_issuer_with_a_path_has_the_origin_without_it(void **state)
{
    struct world *w = *state;

    w->settings.server.issuer = "https://id.example/realm";
    assert_int_equal(
        ask(w, "POST", "/own", &(struct request) { .headers.origin = "https://id.example" }), 200);
}

static void
the_session_of_the_browsers_cookie_is_loaded(void **state)
{
    struct world *w = *state;
    const char *cookie;

    assert_int_equal(ask(w, "GET", "/session", &(struct request) { 0 }), 200);
    assert_string_equal(seen, "nobody");
    world_log_in(w, 0);
    cookie = arena_printf(w->arena, "__Host-session=%s", world_cookie(w, "__Host-session"));
    assert_int_equal(ask(w, "GET", "/session", &(struct request) { .headers.cookie = cookie }),
                     200);
    assert_string_equal(seen, world_person(w, 0));
    cookie = arena_printf(w->arena, "%sx", cookie);
    assert_int_equal(ask(w, "GET", "/session", &(struct request) { .headers.cookie = cookie }),
                     200);
    assert_string_equal(seen, "nobody");
}

/* --- Going on to a worker: what was done before is not done again --- */

static struct request
token_request(struct world *w, struct ctx *ctx, const char *partner_id, const char *form)
{
    return (struct request) {
        .ctx = ctx,
        .arena = w->arena,
        .now = ctx->now,
        .method = "POST",
        .path = "/oauth2/token",
        .headers.authorization = world_basic(w, partner_id),
        .headers.content_type = "application/x-www-form-urlencoded",
        .body = bytes_of_text(form),
    };
}

static void
assert_goes_on(struct request *rq)
{
    struct store *store = rq->ctx->store;

    rq->ctx->store = NULL;
    assert_true(dispatch_route(public_routes, rq));
    assert_int_equal(dispatch_run(rq), DISPATCH_ON_WORKER);
    rq->ctx->store = store;
}

static void
a_partner_is_authenticated_once(void **state)
{
    struct world *w = *state;
    const char *form = arena_printf(w->arena, "grant_type=refresh_token&refresh_token=%s",
                                    world_login_tokens(w, "webhall").refresh);
    struct ctx ctx = world_ctx(w);
    struct request rq = token_request(w, &ctx, "webhall", form);

    assert_goes_on(&rq);
    rq.headers.authorization = "Basic nobody";
    rq.headers.content_type = "text/plain";
    assert_int_equal(dispatch_run(&rq), DISPATCH_ANSWERED);
    assert_int_equal(rq.response.status, 200);
}

static void
a_failed_authentication_is_counted_once_and_on_a_worker(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct request rq = token_request(w, &ctx, "nobody", "grant_type=client_credentials");

    world_audit_mark(w);
    assert_goes_on(&rq);
    assert_int_equal(world_audit_count(w, AUDIT_CLIENT_FAILED), 0);
    assert_int_equal(dispatch_run(&rq), DISPATCH_ANSWERED);
    assert_int_equal(rq.response.status, 401);
    assert_audited(w, AUDIT_CLIENT_FAILED, "unknown");
}

static void
what_needs_no_store_is_answered_where_it_came_in(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct request rq = token_request(w, &ctx, "hospital", "grant_type=client_credentials");

    ctx.store = NULL;
    assert_true(dispatch_route(public_routes, &rq));
    assert_int_equal(dispatch_run(&rq), DISPATCH_ANSWERED);
    assert_int_not_equal(rq.response.status, 500);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_body_of_json_is_read_before_the_endpoint_runs),
        world_test(a_body_that_is_not_one_object_of_json_is_400),
        world_test(a_form_of_another_origin_is_refused_and_audited),
        world_test(an_issuer_with_a_path_has_the_origin_without_it),
        world_test(the_session_of_the_browsers_cookie_is_loaded),
        world_test(a_partner_is_authenticated_once),
        world_test(a_failed_authentication_is_counted_once_and_on_a_worker),
        world_test(what_needs_no_store_is_answered_where_it_came_in),
    };

    return world_run(tests);
}
