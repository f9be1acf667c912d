/* SPDX-License-Identifier: Apache-2.0 */
/* DPoP where tokens are used and refreshed (RFC 9449, 5 and 7): SC-09 to SC-11. */
#include "tests/protocols/http/dpop_kit.h"

static void
a_token_is_bound_to_the_key_and_good_with_a_proof(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct world_tokens tokens = bound_tokens(&holder, "spa");

    ask_userinfo(w, "DPoP", tokens.access, userinfo_proof(&holder, tokens.access));
    assert_int_equal(w->answer.status, 200);
    assert_non_null(world_json(w, "sub"));
    ask_userinfo(w, "dpop", tokens.access, userinfo_proof(&holder, tokens.access));
    assert_int_equal(w->answer.status, 200);
}

static void
introspection_tells_the_key(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct world_tokens tokens = bound_tokens(&holder, "webhall");

    world_partner_post(w, "webhall", "/oauth2/introspect", "token=%s", tokens.access);
    assert_string_equal(world_json(w, "token_type"), "DPoP");
    assert_non_null(
        strstr(w->answer.body, arena_printf(w->arena, "\"cnf\":{\"jkt\":\"%s\"}", holder.key.kid)));
    tokens = world_login_tokens(w, "webhall");
    world_partner_post(w, "webhall", "/oauth2/introspect", "token=%s", tokens.access);
    assert_string_equal(world_json(w, "token_type"), "Bearer");
    assert_null(strstr(w->answer.body, "cnf"));
}

static void
sc_09_a_proof_must_be_of_the_token_and_by_its_key(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct holder thief = holder_new(w);
    struct world_tokens tokens = bound_tokens(&holder, "spa");

    ask_userinfo(w, "DPoP", tokens.access, NULL);
    assert_challenged(w, "DPoP algs", "invalid_dpop_proof");
    ask_userinfo(w, "DPoP", tokens.access, userinfo_proof(&holder, NULL));
    assert_refused(w, &problem_bearer_proof_invalid);
    assert_audited(w, AUDIT_PROOF_REJECTED, "ath");
    ask_userinfo(w, "DPoP", tokens.access, userinfo_proof(&holder, tokens.refresh));
    assert_refused(w, &problem_bearer_proof_invalid);
    ask_userinfo(w, "DPoP", tokens.access, userinfo_proof(&thief, tokens.access));
    assert_refused(w, &problem_bearer_proof_invalid);
    assert_audited(w, AUDIT_PROOF_REJECTED, "key");
}

static void
sc_10_a_bound_token_is_none_for_the_bearer(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct world_tokens tokens = bound_tokens(&holder, "spa");

    ask_userinfo(w, "Bearer", tokens.access, NULL);
    assert_refused(w, &problem_bearer_bound);
    assert_challenged(w, "DPoP algs=\"ES256 EdDSA\", ", "invalid_token");
    ask_userinfo(w, "Bearer", tokens.access, userinfo_proof(&holder, tokens.access));
    assert_refused(w, &problem_bearer_bound);
    world_form_post(w, "/oidc/userinfo", "access_token=%s", tokens.access);
    assert_refused(w, &problem_bearer_bound);
}

static void
a_token_without_a_key_is_for_the_bearer(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    ask_userinfo(w, "DPoP", tokens.access, userinfo_proof(&holder, tokens.access));
    assert_refused(w, &problem_bearer_unbound);
    assert_challenged(w, "Bearer ", "invalid_token");
}

static void
sc_11_a_public_partner_refreshes_with_the_key_it_began_with(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct holder thief = holder_new(w);
    struct world_tokens tokens = bound_tokens(&holder, "spa");
    struct world_tokens next;

    ask_tokens(w, "spa", refresh_form(w, tokens.refresh), token_proof(&thief));
    assert_refused(w, &problem_refresh_token_invalid);
    assert_audited(w, AUDIT_REFRESH_REJECTED, "dpop");
    ask_tokens(w, "spa", refresh_form(w, tokens.refresh), NULL);
    assert_refused(w, &problem_refresh_token_invalid);
    ask_tokens(w, "spa", refresh_form(w, tokens.refresh), token_proof(&holder));
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "token_type"), "DPoP");
    next = world_tokens_of(w);
    /* RT-03: the family dies of no token that was stolen without its key. */
    ask_tokens(w, "spa", refresh_form(w, tokens.refresh), token_proof(&thief));
    assert_refused(w, &problem_refresh_token_invalid);
    ask_userinfo(w, "DPoP", next.access, userinfo_proof(&holder, next.access));
    assert_int_equal(w->answer.status, 200);
}

static void
who_has_the_key_may_repeat_a_refresh(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct world_tokens tokens = bound_tokens(&holder, "spa");

    ((struct settings *)&w->settings)->life.public_refresh_retry = false;
    for (int i = 0; i < 2; i++) {
        ask_tokens(w, "spa", refresh_form(w, tokens.refresh), token_proof(&holder));
        assert_int_equal(w->answer.status, 200);
    }
}

/* RFC 9449, 5: its refresh tokens are bound to it, not to a key. */
static void
a_partner_that_proves_itself_may_change_its_key(void **state)
{
    struct world *w = *state;
    struct holder before = holder_new(w);
    struct holder after = holder_new(w);
    struct world_tokens tokens = bound_tokens(&before, "webhall");

    ask_tokens(w, "webhall", refresh_form(w, tokens.refresh), token_proof(&after));
    assert_int_equal(w->answer.status, 200);
    tokens = world_tokens_of(w);
    ask_userinfo(w, "DPoP", tokens.access, userinfo_proof(&after, tokens.access));
    assert_int_equal(w->answer.status, 200);
    ask_tokens(w, "webhall", refresh_form(w, tokens.refresh), NULL);
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "token_type"), "Bearer");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_token_is_bound_to_the_key_and_good_with_a_proof),
        world_test(introspection_tells_the_key),
        world_test(sc_09_a_proof_must_be_of_the_token_and_by_its_key),
        world_test(sc_10_a_bound_token_is_none_for_the_bearer),
        world_test(a_token_without_a_key_is_for_the_bearer),
        world_test(sc_11_a_public_partner_refreshes_with_the_key_it_began_with),
        world_test(who_has_the_key_may_repeat_a_refresh),
        world_test(a_partner_that_proves_itself_may_change_its_key),
    };

    return cmocka_run_group_tests(tests, world_group_setup, group_teardown);
}
