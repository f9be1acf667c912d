/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Refresh tokens against the attack catalogue (RT-01 to RT-10). Races stand in
 * tests/session/test_grant.c. RT-03: a client that proves itself may repeat its last request, a
 * public one as the setting says (docs/adr/0025).
 */
#include <string.h>

#include "idp/base/text.h"
#include "idp/tables/consent.h"
#include "idp/tables/person.h"
#include "keys/jws.h"
#include "tests/world.h"

static void
refresh(struct world *w, const char *partner_id, const char *token)
{
    world_partner_post(w, partner_id, "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       token);
}

static struct world_tokens
refreshed(struct world *w, const char *partner_id, const char *token)
{
    refresh(w, partner_id, token);
    assert_int_equal(w->answer.status, 200);
    return world_tokens_of(w);
}

/* Tokens of person 0 for a scope of webhall's. */
static struct world_tokens
tokens_for_scope(struct world *w, const char *scope)
{
    world_log_in(w, 0);
    world_consent(w, 0, "webhall", scope);
    world_get(w, arena_printf(w->arena,
                              "/oauth2/authorize?client_id=webhall&response_type=code&state=st-1"
                              "&redirect_uri=https%%3A%%2F%%2Fapp.example%%2Fcb&scope=%s&nonce=n-1"
                              "&code_challenge=" WORLD_CHALLENGE "&code_challenge_method=S256",
                              world_url(w, scope)));
    assert_int_equal(w->answer.status, 303);
    world_redeem(w, "webhall", world_location_param(w, "code"));
    assert_int_equal(w->answer.status, 200);
    return world_tokens_of(w);
}

static void
rt_01_a_rotated_token_that_comes_back_ends_the_family(void **state)
{
    struct world *w = *state;
    struct world_tokens first = world_login_tokens(w, "webhall");
    struct world_tokens second = refreshed(w, "webhall", first.refresh);

    world_advance(w, 11);
    world_audit_mark(w);
    refresh(w, "webhall", first.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    assert_audited(w, AUDIT_REFRESH_REPLAYED, NULL);
    assert_audited(w, AUDIT_GRANT_ENDED, "replay");
    assert_false(world_token_works(w, first.access));
    assert_false(world_token_works(w, second.access));
    refresh(w, "webhall", second.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
rt_01_a_token_two_generations_old_ends_the_family_at_once(void **state)
{
    struct world *w = *state;
    struct world_tokens first = world_login_tokens(w, "webhall");
    struct world_tokens second = refreshed(w, "webhall", first.refresh);
    struct world_tokens third = refreshed(w, "webhall", second.refresh);

    refresh(w, "webhall", first.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    refresh(w, "webhall", third.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
rt_03_a_proven_client_may_repeat_its_last_refresh_for_ten_seconds(void **state)
{
    struct world *w = *state;
    struct world_tokens first = world_login_tokens(w, "webhall");
    struct world_tokens second = refreshed(w, "webhall", first.refresh);
    struct world_tokens again;
    struct world_tokens third;

    world_advance(w, 10);
    world_audit_mark(w);
    again = refreshed(w, "webhall", first.refresh);
    assert_int_equal(world_audit_count(w, AUDIT_REFRESH_REPLAYED), 0);
    assert_true(world_token_works(w, again.access));
    /* Both hold the same generation: either goes on, and the other is then
     * a repeat of the last one. */
    third = refreshed(w, "webhall", second.refresh);
    (void)refreshed(w, "webhall", again.refresh);
    assert_true(world_token_works(w, third.access));
}

static void
rt_03_a_repeat_does_not_prolong_the_time_for_repeats(void **state)
{
    struct world *w = *state;
    struct world_tokens first = world_login_tokens(w, "webhall");

    (void)refreshed(w, "webhall", first.refresh);
    world_advance(w, 9);
    (void)refreshed(w, "webhall", first.refresh);
    world_advance(w, 2);
    refresh(w, "webhall", first.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
without_public_retry(struct world *w)
{
    w->settings.life.public_refresh_retry = false;
}

static int
setup_without_public_retry(void **state)
{
    return world_setup_adjusted(state, without_public_retry);
}

/* S5: two tabs refresh at once, or an answer got lost. */
static void
rt_03_s5_a_public_client_may_repeat_its_last_refresh_for_ten_seconds(void **state)
{
    struct world *w = *state;
    struct world_tokens first = world_login_tokens(w, "spa");
    struct world_tokens second = refreshed(w, "spa", first.refresh);
    struct world_tokens again;

    world_advance(w, 10);
    world_audit_mark(w);
    again = refreshed(w, "spa", first.refresh);
    assert_int_equal(world_audit_count(w, AUDIT_REFRESH_REPLAYED), 0);
    assert_true(world_token_works(w, second.access));
    assert_true(world_token_works(w, again.access));
    (void)refreshed(w, "spa", second.refresh);
    (void)refreshed(w, "spa", again.refresh);
}

static void
rt_03_behind_ten_seconds_a_public_clients_repeat_ends_the_family(void **state)
{
    struct world *w = *state;
    struct world_tokens first = world_login_tokens(w, "spa");
    struct world_tokens second = refreshed(w, "spa", first.refresh);

    world_advance(w, 11);
    world_audit_mark(w);
    refresh(w, "spa", first.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    assert_audited(w, AUDIT_REFRESH_REPLAYED, NULL);
    refresh(w, "spa", second.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
rt_03_by_setting_a_public_client_may_repeat_nothing_and_a_proven_one_may(void **state)
{
    struct world *w = *state;
    struct world_tokens proven = world_login_tokens(w, "webhall");
    struct world_tokens first = world_login_tokens(w, "spa");
    struct world_tokens second = refreshed(w, "spa", first.refresh);

    world_audit_mark(w);
    refresh(w, "spa", first.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    assert_audited(w, AUDIT_REFRESH_REPLAYED, NULL);
    refresh(w, "spa", second.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    assert_false(world_token_works(w, second.access));
    (void)refreshed(w, "webhall", proven.refresh);
    (void)refreshed(w, "webhall", proven.refresh);
}

static void
rt_04_another_clients_token_is_refused_and_its_family_ends(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "hospital");

    world_audit_mark(w);
    refresh(w, "bank", tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    assert_audited(w, AUDIT_REFRESH_REJECTED, "client");
    assert_false(world_token_works(w, tokens.access));
    refresh(w, "hospital", tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
rt_05_a_confidential_client_must_prove_itself(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_send(w, &(struct world_call) { .target = "/oauth2/token",
                                         .form = arena_printf(w->arena,
                                                              "grant_type=refresh_token"
                                                              "&client_id=webhall&refresh_token=%s",
                                                              tokens.refresh) });
    assert_refused(w, &problem_client_unauthenticated);
    (void)refreshed(w, "webhall", tokens.refresh);
}

static void
rt_06_a_wider_scope_is_refused_and_the_family_goes_on(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_partner_post(w, "webhall", "/oauth2/token",
                       "grant_type=refresh_token&refresh_token=%s&scope=openid+profile+phone",
                       tokens.refresh);
    assert_refused(w, &problem_scope_too_wide);
    world_advance(w, 60);
    (void)refreshed(w, "webhall", tokens.refresh);
}

static void
rt_06_a_narrower_scope_holds_for_one_access_token_only(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_partner_post(w, "webhall", "/oauth2/token",
                       "grant_type=refresh_token&refresh_token=%s&scope=openid", tokens.refresh);
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "scope"), "openid");
    tokens = world_tokens_of(w);
    assert_true(world_token_works(w, tokens.access));
    assert_null(world_json(w, "name"));
    refresh(w, "webhall", tokens.refresh);
    assert_string_equal(world_json(w, "scope"), "openid profile");
}

/* What was left out when the grant began is left out here too: clients repeat what they have asked
 * for. */
static void
rt_06_what_a_partner_may_never_have_is_left_out(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_partner_post(w, "webhall", "/oauth2/token",
                       "grant_type=refresh_token&refresh_token=%s&scope=openid+email+nonsense",
                       tokens.refresh);
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "scope"), "openid");
    tokens = world_tokens_of(w);
    world_partner_post(w, "webhall", "/oauth2/token",
                       "grant_type=refresh_token&refresh_token=%s&scope=email", tokens.refresh);
    assert_refused(w, &problem_scope_invalid);
    (void)refreshed(w, "webhall", tokens.refresh);
}

static void
rt_07_a_disabled_persons_token_is_refused(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    assert_int_equal(store_person_set_state(w->store, world_person(w, 0), PERSON_DISABLED, w->now),
                     OK);
    world_audit_mark(w);
    refresh(w, "webhall", tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    assert_audited(w, AUDIT_REFRESH_REJECTED, "person");
    assert_false(world_token_works(w, tokens.access));
}

static void
consents_withdraw(struct world *w, const char *person_id)
{
    struct ctx ctx = world_ctx(w);
    struct consent_subject subject = { person_id, "partner", "webhall" };
    struct stored_consent given;

    assert_int_equal(store_consent_find(ctx.store, ctx.arena, &subject, &given), OK);
    assert_int_equal(store_consent_withdraw(ctx.store, &given, "c_aside", ctx.now), OK);
}

static void
rt_08_after_consent_is_withdrawn_the_token_is_refused(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    consents_withdraw(w, world_person(w, 0));
    world_audit_mark(w);
    refresh(w, "webhall", tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    assert_audited(w, AUDIT_REFRESH_REJECTED, "consent");
    /* Agreeing anew does not bring it back. */
    world_consent(w, 0, "webhall", "openid profile");
    refresh(w, "webhall", tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
rt_09_daily_use_does_not_carry_a_grant_past_its_end(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = tokens_for_scope(w, "openid offline_access");

    for (int64_t day = 1; day < w->settings.life.grant_s / 86400; day++) {
        world_advance(w, 86400);
        tokens = refreshed(w, "webhall", tokens.refresh);
    }
    world_advance(w, 86400 - 1);
    tokens = refreshed(w, "webhall", tokens.refresh);
    world_advance(w, 1);
    refresh(w, "webhall", tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
rt_09_without_offline_access_a_grant_ends_with_its_session(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    world_advance(w, w->settings.life.session_absolute_s - 1);
    tokens = refreshed(w, "webhall", tokens.refresh);
    world_advance(w, 1);
    refresh(w, "webhall", tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
}

#define WITHOUT_OFFLINE                                                                               \
    "{\"partners\":[{\"client_id\":\"webhall\",\"client_name\":\"网上办事大厅\",\"client_name#" \
    "en\":\"Web "                                                                                     \
    "hall\",\"channel\":\"web\",\"redirect_uris\":[\"https://app.example/cb\"],"                      \
    "\"token_endpoint_auth_method\":\"client_secret_basic\","                                         \
    "\"grant_types\":[\"authorization_code\",\"refresh_token\"],"                                     \
    "\"scope\":\"openid profile\"}]}"

static void
rt_10_taking_offline_access_from_a_partner_ends_its_offline_grants(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = tokens_for_scope(w, "openid offline_access");

    world_partners(w, WITHOUT_OFFLINE);
    refresh(w, "webhall", tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    assert_false(world_token_works(w, tokens.access));
}

static void
rt_10_not_even_a_repeat_gets_an_offline_grant_past_that(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = tokens_for_scope(w, "openid offline_access");

    (void)refreshed(w, "webhall", tokens.refresh);
    world_partners(w, WITHOUT_OFFLINE);
    refresh(w, "webhall", tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
an_ended_session_takes_its_grants_along_but_not_offline_ones(void **state)
{
    struct world *w = *state;
    struct world_tokens offline = tokens_for_scope(w, "openid offline_access");
    struct world_tokens online = world_login_tokens(w, "hospital");
    struct ctx ctx = world_ctx(w);
    struct session session;

    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &session), OK);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    refresh(w, "hospital", online.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
    assert_false(world_token_works(w, online.access));
    (void)refreshed(w, "webhall", offline.refresh);
}

static void
a_refreshed_id_token_is_about_the_same_login(void **state)
{
    struct world *w = *state;
    struct world_tokens first = world_login_tokens(w, "webhall");
    struct world_tokens second;
    struct jws one;
    struct jws two;

    world_advance(w, 100);
    second = refreshed(w, "webhall", first.refresh);
    assert_int_equal(jws_read(w->arena, first.id, &one), OK);
    assert_int_equal(jws_read(w->arena, second.id, &two), OK);
    assert_non_null(strstr((const char *)one.payload.at, "\"nonce\":\"n-1\""));
    assert_null(strstr((const char *)two.payload.at, "\"nonce\""));
    assert_non_null(strstr((const char *)two.payload.at,
                           arena_printf(w->arena, "\"auth_time\":%lld", (long long)WORLD_NOW)));
}

static void
a_refresh_adds_no_row(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    int64_t rows = world_rows(w);
    int64_t audits = world_rows_of(w, "audit");

    (void)refreshed(w, "webhall", tokens.refresh);
    assert_int_equal(world_rows(w), rows);
    assert_int_equal(world_rows_of(w, "audit"), audits);
}

static void
what_is_no_refresh_token_of_ours_is_refused(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    size_t size = strlen(tokens.refresh);
    const char *const wrong[] = { "nonsense",
                                  "rt_",
                                  tokens.access,
                                  tokens.id,
                                  arena_copy(w->arena, tokens.refresh, size - 1),
                                  arena_printf(w->arena, "%sA", tokens.refresh) };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        refresh(w, "webhall", wrong[i]);
        assert_refused(w, &problem_refresh_token_invalid);
    }
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token");
    assert_refused(w, &problem_refresh_token_missing);
    (void)refreshed(w, "webhall", tokens.refresh);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(rt_01_a_rotated_token_that_comes_back_ends_the_family),
        world_test(rt_01_a_token_two_generations_old_ends_the_family_at_once),
        world_test(rt_03_a_proven_client_may_repeat_its_last_refresh_for_ten_seconds),
        world_test(rt_03_a_repeat_does_not_prolong_the_time_for_repeats),
        world_test(rt_03_s5_a_public_client_may_repeat_its_last_refresh_for_ten_seconds),
        world_test(rt_03_behind_ten_seconds_a_public_clients_repeat_ends_the_family),
        cmocka_unit_test_setup_teardown(
            rt_03_by_setting_a_public_client_may_repeat_nothing_and_a_proven_one_may,
            setup_without_public_retry, world_teardown),
        world_test(rt_04_another_clients_token_is_refused_and_its_family_ends),
        world_test(rt_05_a_confidential_client_must_prove_itself),
        world_test(rt_06_a_wider_scope_is_refused_and_the_family_goes_on),
        world_test(rt_06_what_a_partner_may_never_have_is_left_out),
        world_test(rt_06_a_narrower_scope_holds_for_one_access_token_only),
        world_test(rt_07_a_disabled_persons_token_is_refused),
        world_test(rt_08_after_consent_is_withdrawn_the_token_is_refused),
        world_test(rt_09_daily_use_does_not_carry_a_grant_past_its_end),
        world_test(rt_09_without_offline_access_a_grant_ends_with_its_session),
        world_test(rt_10_taking_offline_access_from_a_partner_ends_its_offline_grants),
        world_test(rt_10_not_even_a_repeat_gets_an_offline_grant_past_that),
        world_test(an_ended_session_takes_its_grants_along_but_not_offline_ones),
        world_test(a_refreshed_id_token_is_about_the_same_login),
        world_test(a_refresh_adds_no_row),
        world_test(what_is_no_refresh_token_of_ours_is_refused),
    };

    return world_run(tests);
}
