/* SPDX-License-Identifier: Apache-2.0 */
/* Introspection against the attack catalogue (RT-17 to RT-19). Signed-JWT
 * answers are not offered. */
#include <string.h>

#include "idp/base/text.h"
#include "idp/tables/person.h"
#include "tests/world.h"

#define INACTIVE "{\"active\":false}"

static void
introspect(struct world *w, const char *partner_id, const char *token)
{
    world_partner_post(w, partner_id, "/oauth2/introspect", "token=%s", token);
}

static void
the_partner_it_was_made_for_learns_what_the_token_is(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    introspect(w, "webhall", tokens.access);
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "\"active\":true"));
    assert_string_equal(world_json(w, "iss"), WORLD_ISSUER);
    assert_string_equal(world_json(w, "client_id"), "webhall");
    assert_string_equal(world_json(w, "scope"), "openid profile");
    assert_string_equal(world_json(w, "token_type"), "Bearer");
    assert_non_null(world_json(w, "sid"));
    assert_non_null(
        strstr(w->answer.body, arena_printf(w->arena, "\"exp\":%lld", (long long)WORLD_NOW + 300)));
    assert_string_equal(world_header(w, "Cache-Control"), "no-store");
}

static void
rt_17_a_partner_outside_the_audience_learns_nothing(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    introspect(w, "hospital", tokens.access);
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(w->answer.body, INACTIVE);
}

/* As in the guide: front's tokens are for the address of an API, which answers for it. */
static void
front_and_api(struct world *w)
{
    world_partners(w, "{\"partners\":[{\"client_id\":\"front\",\"client_name\":\"前\","
                      "\"redirect_uris\":[\"https://front.example/cb\"],"
                      "\"client_secret\":\"front-secret-0123456789-0123456789-0123456789\","
                      "\"id_token_signed_response_alg\":\"ES256\","
                      "\"grant_types\":[\"authorization_code\",\"client_credentials\"],"
                      "\"scope\":\"openid profile\",\"audience\":\"https://api.example.cn\"},"
                      "{\"client_id\":\"api\",\"client_name\":\"接口\","
                      "\"grant_types\":[\"client_credentials\"],"
                      "\"client_secret\":\"api-secret-0123456789-0123456789-0123456789\","
                      "\"id_token_signed_response_alg\":\"ES256\","
                      "\"resources\":\"https://api.example.cn https://more.example.cn\"},"
                      "{\"client_id\":\"other\",\"client_name\":\"别处\","
                      "\"grant_types\":[\"client_credentials\"],"
                      "\"client_secret\":\"other-secret-0123456789-0123456789-0123456789\","
                      "\"id_token_signed_response_alg\":\"ES256\","
                      "\"audience\":\"https://api.example.cn\","
                      "\"resources\":\"https://api.example.cn/deeper\"}]}");
}

static void
k2_an_api_learns_of_tokens_whose_audience_it_answers_for(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    front_and_api(w);
    tokens = world_login_tokens(w, "front");
    introspect(w, "api", tokens.access);
    assert_non_null(strstr(w->answer.body, "\"active\":true"));
    assert_string_equal(world_json(w, "client_id"), "front");
    assert_non_null(
        strstr(w->answer.body, "\"aud\":[\"" WORLD_ISSUER "\",\"https://api.example.cn\"]"));
    world_partner_post(w, "front", "/oauth2/token", "grant_type=client_credentials");
    introspect(w, "api", world_json(w, "access_token"));
    assert_non_null(strstr(w->answer.body, "\"active\":true"));
}

/* To ask for the audience itself is no right to know who else does. */
static void
rt_17_who_answers_for_something_else_learns_nothing(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    front_and_api(w);
    tokens = world_login_tokens(w, "front");
    introspect(w, "other", tokens.access);
    assert_string_equal(w->answer.body, INACTIVE);
    introspect(w, "api", tokens.id);
    assert_string_equal(w->answer.body, INACTIVE);
    world_partner_post(w, "other", "/oauth2/token", "grant_type=client_credentials");
    introspect(w, "front", world_json(w, "access_token"));
    assert_string_equal(w->answer.body, INACTIVE);
}

/* Registered as a resource before the issuer was given that name: it opens nothing. */
static void
rt_17_nobody_answers_for_the_issuer(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    world_partners(w, "{\"partners\":[{\"client_id\":\"webhall\",\"client_name\":\"前\","
                      "\"redirect_uris\":[\"https://app.example/cb\"],"
                      "\"client_secret\":\"webhall-secret-0123456789-0123456789-0123456789\","
                      "\"scope\":\"openid profile\"},"
                      "{\"client_id\":\"api\",\"client_name\":\"接口\","
                      "\"grant_types\":[\"client_credentials\"],"
                      "\"client_secret\":\"api-secret-0123456789-0123456789-0123456789\","
                      "\"resources\":\"https://later.example.cn\"}]}");
    w->settings.server.issuer = "https://later.example.cn";
    tokens = world_login_tokens(w, "webhall");
    introspect(w, "api", tokens.access);
    assert_string_equal(w->answer.body, INACTIVE);
    w->settings.server.issuer = WORLD_ISSUER;
}

static void
rt_18_nobody_asks_without_proving_who_he_is(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *form = arena_printf(w->arena, "token=%s", tokens.access);

    world_send(w, &(struct world_call) { .target = "/oauth2/introspect", .form = form });
    assert_refused(w, &problem_client_unauthenticated);
    world_send(w, &(struct world_call) { .target = "/oauth2/introspect",
                                         .form = form,
                                         .authorization = "Basic d2ViaGFsbDp3cm9uZw==" });
    assert_refused(w, &problem_client_unauthenticated);
    /* The browser's session counts for nothing here. */
    world_send(
        w, &(struct world_call) { .target = "/oauth2/introspect",
                                  .form = arena_printf(w->arena, "%s&client_id=webhall", form) });
    assert_refused(w, &problem_client_unauthenticated);
}

static void
rt_18_a_public_client_proves_nothing_and_may_not_ask(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "spa");

    introspect(w, "spa", tokens.access);
    assert_refused(w, &problem_client_unauthenticated);
}

static void
rt_19_an_expired_token_is_not_active(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_advance(w, 299);
    introspect(w, "webhall", tokens.access);
    assert_non_null(strstr(w->answer.body, "\"active\":true"));
    world_advance(w, 1);
    introspect(w, "webhall", tokens.access);
    assert_string_equal(w->answer.body, INACTIVE);
}

static void
rt_19_what_is_no_access_token_is_not_active(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    char *large = arena_alloc(w->arena, 8193);
    const char *const wrong[] = { "nonsense", "a.b.c", "...", tokens.id, large };

    memset(large, 'a', 8192);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        introspect(w, "webhall", wrong[i]);
        assert_int_equal(w->answer.status, 200);
        assert_string_equal(w->answer.body, INACTIVE);
    }
    introspect(w, "webhall", "");
    assert_refused(w, &problem_token_missing);
}

static void
rt_19_a_revoked_token_is_not_active_and_its_siblings_are(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct world_tokens other = world_login_tokens(w, "webhall");

    world_partner_post(w, "webhall", "/oauth2/revoke", "token=%s", tokens.access);
    introspect(w, "webhall", tokens.access);
    assert_string_equal(w->answer.body, INACTIVE);
    introspect(w, "webhall", other.access);
    assert_non_null(strstr(w->answer.body, "\"active\":true"));
}

/* --- Refresh tokens --- */

static void
refresh(struct world *w, const char *partner_id, const char *token)
{
    world_partner_post(w, partner_id, "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       token);
}

static void
a_refresh_token_is_told_to_its_owner_and_nothing_changes(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *sub;
    const char *sid;

    introspect(w, "webhall", tokens.access);
    sub = world_json(w, "sub");
    sid = world_json(w, "sid");
    introspect(w, "webhall", tokens.refresh);
    assert_int_equal(w->answer.status, 200);
    assert_non_null(strstr(w->answer.body, "\"active\":true"));
    assert_string_equal(world_json(w, "iss"), WORLD_ISSUER);
    assert_string_equal(world_json(w, "client_id"), "webhall");
    assert_string_equal(world_json(w, "scope"), "openid profile");
    assert_string_equal(world_json(w, "sub"), sub);
    assert_string_equal(world_json(w, "sid"), sid);
    assert_null(strstr(w->answer.body, "token_type")); /* it is no Bearer token */
    assert_null(strstr(w->answer.body, "\"aud\""));
    assert_non_null(strstr(w->answer.body,
                           arena_printf(w->arena, "\"exp\":%lld", (long long)WORLD_NOW + 43200)));
    assert_string_equal(world_header(w, "Cache-Control"), "no-store");
    refresh(w, "webhall", tokens.refresh);
    assert_int_equal(w->answer.status, 200);
}

static void
rt_17_another_partners_refresh_token_is_not_active_and_lives_on(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    introspect(w, "hospital", tokens.refresh);
    assert_string_equal(w->answer.body, INACTIVE);
    introspect(w, "webhall", tokens.refresh);
    assert_non_null(strstr(w->answer.body, "\"active\":true"));
}

static void
rt_19_a_refresh_token_that_would_not_be_taken_is_not_active(void **state)
{
    struct world *w = *state;
    struct world_tokens rotated = world_login_tokens(w, "webhall");
    struct world_tokens revoked;
    struct world_tokens old;

    refresh(w, "webhall", rotated.refresh);
    introspect(w, "webhall", rotated.refresh);
    assert_string_equal(w->answer.body, INACTIVE);
    assert_int_equal(world_audit_count(w, AUDIT_REFRESH_REPLAYED), 0); /* asked about is not used */
    revoked = world_login_tokens(w, "webhall");
    world_partner_post(w, "webhall", "/oauth2/revoke", "token=%s", revoked.refresh);
    introspect(w, "webhall", revoked.refresh);
    assert_string_equal(w->answer.body, INACTIVE);
    old = world_login_tokens(w, "webhall");
    world_advance(w, w->settings.life.session_absolute_s);
    introspect(w, "webhall", old.refresh);
    assert_string_equal(w->answer.body, INACTIVE);
}

static void
rt_19_a_refresh_token_of_somebody_stopped_is_not_active(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    assert_int_equal(store_person_set_state(w->store, world_person(w, 0), PERSON_DISABLED, w->now),
                     OK);
    introspect(w, "webhall", tokens.refresh);
    assert_string_equal(w->answer.body, INACTIVE);
}

static void
rt_11_revoking_one_partners_grant_leaves_the_others_alone(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct world_tokens other = world_login_tokens(w, "hospital");

    world_partner_post(w, "webhall", "/oauth2/revoke", "token=%s", tokens.refresh);
    introspect(w, "webhall", tokens.access);
    assert_string_equal(w->answer.body, INACTIVE);
    introspect(w, "hospital", other.access);
    assert_non_null(strstr(w->answer.body, "\"active\":true"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_partner_it_was_made_for_learns_what_the_token_is),
        world_test(rt_17_a_partner_outside_the_audience_learns_nothing),
        world_test(k2_an_api_learns_of_tokens_whose_audience_it_answers_for),
        world_test(rt_17_who_answers_for_something_else_learns_nothing),
        world_test(rt_17_nobody_answers_for_the_issuer),
        world_test(rt_18_nobody_asks_without_proving_who_he_is),
        world_test(rt_18_a_public_client_proves_nothing_and_may_not_ask),
        world_test(rt_19_an_expired_token_is_not_active),
        world_test(rt_19_what_is_no_access_token_is_not_active),
        world_test(rt_19_a_revoked_token_is_not_active_and_its_siblings_are),
        world_test(a_refresh_token_is_told_to_its_owner_and_nothing_changes),
        world_test(rt_17_another_partners_refresh_token_is_not_active_and_lives_on),
        world_test(rt_19_a_refresh_token_that_would_not_be_taken_is_not_active),
        world_test(rt_19_a_refresh_token_of_somebody_stopped_is_not_active),
        world_test(rt_11_revoking_one_partners_grant_leaves_the_others_alone),
    };

    return world_run(tests);
}
