/* SPDX-License-Identifier: Apache-2.0 */
/* Userinfo against the attack catalogue (RT-21 to RT-25), and what it tells. */
#include <string.h>

#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "idp/session/token.h"
#include "protocols/dispatch.h"
#include "tests/world.h"

static void
ask(struct world *w, const char *token)
{
    world_send(
        w, &(struct world_call) { .target = "/oidc/userinfo",
                                  .authorization = arena_printf(w->arena, "Bearer %s", token) });
}

static void
it_tells_what_the_scope_releases(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    ask(w, tokens.access);
    assert_int_equal(w->answer.status, 200);
    assert_non_null(world_json(w, "sub"));
    assert_string_equal(world_json(w, "name"), "张三");
    assert_null(strstr(w->answer.body, "phone_number"));
    assert_null(strstr(w->answer.body, "identity_number"));
    assert_string_equal(world_header(w, "Cache-Control"), "no-store");
}

static void
two_partners_know_her_by_different_names(void **state)
{
    struct world *w = *state;
    struct world_tokens one = world_login_tokens(w, "webhall");
    struct world_tokens two = world_login_tokens(w, "hospital");
    const char *sub;

    ask(w, one.access);
    sub = world_json(w, "sub");
    ask(w, two.access);
    assert_string_not_equal(world_json(w, "sub"), sub);
}

static void
the_token_may_be_in_a_form_instead(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_form_post(w, "/oidc/userinfo", "access_token=%s", tokens.access);
    assert_int_equal(w->answer.status, 200);
    world_send(w, &(struct world_call) { .method = "POST",
                                         .target = "/oidc/userinfo",
                                         .authorization =
                                             arena_printf(w->arena, "bearer %s", tokens.access) });
    assert_int_equal(w->answer.status, 200);
}

static void
without_a_token_the_session_of_the_browser_tells_nothing(void **state)
{
    struct world *w = *state;

    world_log_in(w, 0);
    world_get(w, "/oidc/userinfo");
    assert_int_equal(w->answer.status, 401);
    assert_non_null(strstr(world_header(w, "WWW-Authenticate"), "Bearer"));
    world_send(w, &(struct world_call) { .target = "/oidc/userinfo",
                                         .authorization = world_basic(w, "webhall") });
    assert_int_equal(w->answer.status, 401);
}

static void
rt_21_a_token_in_the_address_is_refused(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_get(w, arena_printf(w->arena, "/oidc/userinfo?access_token=%s", tokens.access));
    assert_refused(w, &problem_bearer_in_query);
    assert_non_null(strstr(world_header(w, "WWW-Authenticate"), "error=\"invalid_request\""));
    assert_null(strstr(w->answer.body, tokens.access));
}

static void
rt_22_a_token_in_two_places_is_refused(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_send(w, &(struct world_call) {
                      .target = "/oidc/userinfo",
                      .form = arena_printf(w->arena, "access_token=%s", tokens.access),
                      .authorization = arena_printf(w->arena, "Bearer %s", tokens.access) });
    assert_refused(w, &problem_bearer_twice);
    assert_non_null(strstr(world_header(w, "WWW-Authenticate"), "error=\"invalid_request\""));
}

static void
assert_token_invalid(struct world *w, const char *token)
{
    ask(w, token);
    assert_refused(w, &problem_bearer_invalid);
    assert_non_null(strstr(world_header(w, "WWW-Authenticate"), "error=\"invalid_token\""));
}

static void
rt_23_other_tokens_of_ours_are_no_access_tokens(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct ctx ctx = world_ctx(w);
    const struct partner *partner = registry_find(w->services.registry, "webhall");
    const char *logout_token;

    assert_int_equal(
        logout_token_issue(&ctx, partner, subject_person(world_person(w, 0)), "s_1", &logout_token),
        OK);
    assert_token_invalid(w, tokens.id);
    assert_token_invalid(w, tokens.refresh);
    assert_token_invalid(w, logout_token);
}

static void
rt_24_a_token_without_openid_is_not_enough(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_partner_post(w, "webhall", "/oauth2/token",
                       "grant_type=refresh_token&refresh_token=%s&scope=profile", tokens.refresh);
    ask(w, world_json(w, "access_token"));
    assert_int_equal(w->answer.status, 403);
    assert_non_null(strstr(world_header(w, "WWW-Authenticate"), "error=\"insufficient_scope\""));
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=client_credentials");
    ask(w, world_json(w, "access_token"));
    assert_int_equal(w->answer.status, 403);
}

static void
rt_25_a_token_cut_short_or_extended_is_invalid(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    size_t size = strlen(tokens.access);

    for (size_t cut = 1; cut < size; cut += 7)
        assert_token_invalid(w, arena_copy(w->arena, tokens.access, size - cut));
    assert_token_invalid(w, arena_printf(w->arena, "%sA", tokens.access));
    assert_token_invalid(w, arena_printf(w->arena, "%s.", tokens.access));
    assert_token_invalid(w, arena_printf(w->arena, "A%s", tokens.access));
    ask(w, tokens.access);
    assert_int_equal(w->answer.status, 200);
}

static void
an_expired_token_is_invalid(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_advance(w, 300);
    assert_token_invalid(w, tokens.access);
}

static void
the_token_of_a_partner_that_was_removed_is_invalid(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_partners(w, "{\"partners\":[]}");
    assert_token_invalid(w, tokens.access);
}

static void
a_request_that_goes_on_to_a_worker_opens_its_token_once(void **state)
{
    struct world *w = *state;
    const char *token = world_login_tokens(w, "webhall").access;
    struct ctx ctx = ctx_new(&w->services, w->arena, NULL);
    struct request rq = {
        .ctx = &ctx,
        .arena = w->arena,
        .now = ctx.now,
        .method = "GET",
        .path = "/oidc/userinfo",
        .headers.authorization = arena_printf(w->arena, "Bearer %s", token),
    };
    int64_t opened = metric_read(METRIC_TOKENS_FRESH_HITS);

    assert_true(dispatch_route(public_routes, &rq));
    assert_int_equal(dispatch_run(&rq), DISPATCH_ON_WORKER);
    ctx.store = w->store;
    assert_int_equal(dispatch_run(&rq), DISPATCH_ANSWERED);
    assert_int_equal(rq.response.status, 200);
    assert_int_equal(metric_read(METRIC_TOKENS_FRESH_HITS), opened + 1);
}

static void
k5_an_empty_token_beside_a_right_one_is_absent(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *bearer = arena_printf(w->arena, "Bearer %s", tokens.access);

    world_send(w, &(struct world_call) { .target = "/oidc/userinfo?access_token=",
                                         .authorization = bearer });
    assert_int_equal(w->answer.status, 200);
    world_send(w,
               &(struct world_call) {
                   .target = "/oidc/userinfo", .form = "access_token=", .authorization = bearer });
    assert_int_equal(w->answer.status, 200);
    world_send(w, &(struct world_call) { .target = "/oidc/userinfo", .form = "access_token=" });
    assert_refused(w, &problem_bearer_missing);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(it_tells_what_the_scope_releases),
        world_test(two_partners_know_her_by_different_names),
        world_test(the_token_may_be_in_a_form_instead),
        world_test(without_a_token_the_session_of_the_browser_tells_nothing),
        world_test(rt_21_a_token_in_the_address_is_refused),
        world_test(rt_22_a_token_in_two_places_is_refused),
        world_test(rt_23_other_tokens_of_ours_are_no_access_tokens),
        world_test(rt_24_a_token_without_openid_is_not_enough),
        world_test(rt_25_a_token_cut_short_or_extended_is_invalid),
        world_test(an_expired_token_is_invalid),
        world_test(the_token_of_a_partner_that_was_removed_is_invalid),
        world_test(a_request_that_goes_on_to_a_worker_opens_its_token_once),
        world_test(k5_an_empty_token_beside_a_right_one_is_absent),
    };

    return world_run(tests);
}
