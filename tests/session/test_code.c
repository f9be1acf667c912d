/* SPDX-License-Identifier: Apache-2.0 */
/* Codes as the session layer sees them; the rows CD-… go through the endpoint, in oauth2/grants. */
#include "tests/world.h"

#include <string.h>

#include "idp/session/grant.h"

static const struct authz request = {
    .partner_id = "webhall",
    .redirect_uri = "https://app.example/cb",
    .response_mode = "query",
    .scope = "openid profile",
    .state = "s",
    .nonce = "n",
    .code_challenge = WORLD_CHALLENGE,
    .prompt = "",
    .acr_values = "",
    .claims = "",
    .login_hint = "",
    .hint_sub = "",
    .max_age = -1,
};

static struct session
session_of(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    struct session session;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile offline_access");
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    return session;
}

static const char *
issue(struct world *w, const char *scope)
{
    struct ctx ctx = world_ctx(w);
    struct session session = session_of(w);
    struct authz authz = request;
    const char *code;

    authz.scope = scope;
    assert_int_equal(code_issue(&ctx, &authz, &session, &code), OK);
    return code;
}

static const struct problem *
redeem(struct world *w, const char *code, struct stored_grant *grant)
{
    struct ctx ctx = world_ctx(w);
    const char *nonce = NULL;
    struct redemption redemption = { .partner = registry_find(w->services.registry, "webhall"),
                                     .code = code,
                                     .redirect_uri = "https://app.example/cb",
                                     .code_verifier = WORLD_VERIFIER };
    const struct problem *problem = code_redeem(&ctx, &redemption, grant, &nonce);

    if (problem == NULL)
        assert_string_equal(nonce, "n");
    return problem;
}

static void
a_grant_is_what_the_code_was_issued_for(void **state)
{
    struct world *w = *state;
    struct session session = session_of(w);
    struct stored_grant grant;

    assert_null(redeem(w, issue(w, "openid profile"), &grant));
    assert_string_equal(grant.person_id, session.row.person_id);
    assert_string_equal(grant.partner_id, "webhall");
    assert_string_equal(grant.scope, "openid profile");
    assert_string_equal(grant.amr, "pwd");
    assert_int_equal(grant.auth_time, session.row.auth_time);
    assert_int_equal(grant.generation, 1);
}

static void
a_grant_ends_with_its_session(void **state)
{
    struct world *w = *state;
    struct session session = session_of(w);
    struct stored_grant grant;

    assert_null(redeem(w, issue(w, "openid profile"), &grant));
    assert_int_equal(grant.offline, 0);
    assert_int_equal(grant.expires_at, session.row.expires_at);
}

static void
an_offline_grant_outlives_the_session(void **state)
{
    struct world *w = *state;
    struct stored_grant grant;

    assert_null(redeem(w, issue(w, "openid offline_access"), &grant));
    assert_int_equal(grant.offline, 1);
    assert_int_equal(grant.expires_at, WORLD_NOW + w->settings.life.grant_s);
}

static void
nothing_is_stored_before_a_code_is_redeemed(void **state)
{
    struct world *w = *state;
    struct session session = session_of(w);
    struct ctx ctx = world_ctx(w);
    int64_t rows = world_rows(w);
    const char *code;

    assert_int_equal(code_issue(&ctx, &request, &session, &code), OK);
    assert_int_equal(world_rows(w), rows);
    assert_null(strstr(code, "webhall"));
}

static void
two_codes_of_one_request_differ(void **state)
{
    struct world *w = *state;

    assert_string_not_equal(issue(w, "openid"), issue(w, "openid"));
}

static void
without_randomness_there_is_no_code(void **state)
{
    struct world *w = *state;
    struct session session = session_of(w);
    struct ctx ctx = world_ctx(w);
    const char *code;

    w->random_fails = true;
    assert_int_equal(code_issue(&ctx, &request, &session, &code), ERR_UNAVAILABLE);
}

static void
without_randomness_a_code_is_not_burnt(void **state)
{
    struct world *w = *state;
    const char *code = issue(w, "openid");
    struct stored_grant grant;

    w->random_fails = true;
    assert_ptr_equal(redeem(w, code, &grant), &problem_try_again);
    w->random_fails = false;
    assert_null(redeem(w, code, &grant));
}

static void
a_replay_long_after_still_ends_the_grant(void **state)
{
    struct world *w = *state;
    const char *code = issue(w, "openid offline_access");
    struct stored_grant grant;
    struct stored_grant after;

    assert_null(redeem(w, code, &grant));
    world_advance(w, 3000);
    assert_ptr_equal(redeem(w, code, &after), &problem_code_invalid);
    assert_int_equal(store_grant_load(w->store, w->arena, grant.grant_id, &after), OK);
    assert_int_equal(after.ended_at, WORLD_NOW + 3000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_grant_is_what_the_code_was_issued_for),
        world_test(a_grant_ends_with_its_session),
        world_test(an_offline_grant_outlives_the_session),
        world_test(nothing_is_stored_before_a_code_is_redeemed),
        world_test(two_codes_of_one_request_differ),
        world_test(without_randomness_there_is_no_code),
        world_test(without_randomness_a_code_is_not_burnt),
        world_test(a_replay_long_after_still_ends_the_grant),
    };

    return world_run(tests);
}
