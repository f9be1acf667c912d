/* SPDX-License-Identifier: Apache-2.0 */
/* A second app of the same vendor is in without a page (OpenID Connect Native SSO 1.0). */
#include "tests/protocols/app_kit.h"

#define SCOPE "openid profile device_sso"

/* What pilot keeps where second can read it. */
struct sso_pair {
    const char *id_token;
    const char *secret;
    struct world_tokens tokens;
};

static struct sso_pair
pair_of_login(struct world *w, struct holder *holder)
{
    struct sso_pair pair = { .tokens = app_tokens(w, holder, "pilot", SCOPE, "") };

    pair.id_token = pair.tokens.id;
    pair.secret = world_json(w, "device_secret");
    assert_non_null(pair.secret);
    return pair;
}

static void
share(struct world *w, const struct sso_pair *pair)
{
    share_ask(w, &(struct sharing_call) {
                     .app = "second", .id_token = pair->id_token, .secret = pair->secret });
}

static void
the_second_app_gets_tokens_of_its_own_in_the_same_session(void **state)
{
    struct world *w = *state;
    struct sso_pair pair = pair_of_login(w, NULL);
    struct world_tokens tokens;

    world_consent(w, 0, "second", "openid profile phone");
    world_audit_mark(w);
    share(w, &pair);
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "issued_token_type"), TYPE_ACCESS);
    assert_string_equal(world_json(w, "token_type"), "Bearer");
    assert_string_equal(world_json(w, "scope"), "openid profile phone");
    assert_null(world_json(w, "device_secret"));
    tokens = world_tokens_of(w);
    assert_string_equal(told_in(w, tokens.id, "aud"), "second");
    assert_string_equal(told_in(w, tokens.id, "acr"), told_in(w, pair.id_token, "acr"));
    assert_non_null(tokens.refresh);
    assert_audited(w, AUDIT_GRANT_SHARED, NULL);
    assert_true(world_token_works(w, tokens.access));
}

static void
the_id_token_is_bound_to_the_device_secret(void **state)
{
    struct world *w = *state;
    struct sso_pair pair = pair_of_login(w, NULL);
    struct digest digest = digest_of_text(pair.secret);

    assert_true(text_starts(pair.secret, "ds_"));
    assert_string_equal(told_in(w, pair.id_token, "ds_hash"),
                        base64url_encode(w->arena, digest_view(&digest)));
    assert_non_null(told_in(w, pair.id_token, "sid"));
}

static void
without_the_scope_there_is_no_device_secret(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = app_tokens(w, NULL, "pilot", "openid profile", "");

    assert_null(world_json(w, "device_secret"));
    assert_null(told_in(w, tokens.id, "ds_hash"));
    assert_int_equal(world_rows_of(w, "device_secret"), 0);
}

static void
one_logout_ends_both_apps(void **state)
{
    struct world *w = *state;
    struct sso_pair pair = pair_of_login(w, NULL);
    struct world_tokens tokens;

    world_consent(w, 0, "second", "openid profile phone");
    share(w, &pair);
    tokens = world_tokens_of(w);
    world_get(w, "/");
    world_form_post(w, "/logout", "csrf=%s&decision=yes", world_hidden(w, "csrf"));
    assert_false(world_token_works(w, tokens.access));
    assert_false(world_token_works(w, pair.tokens.access));
    ask_tokens(w, "second", refresh_form(w, tokens.refresh), NULL);
    assert_refused(w, &problem_refresh_token_invalid);
    share(w, &pair);
    assert_refused(w, &problem_native_sso_invalid);
    assert_audited(w, AUDIT_EXCHANGE_REJECTED, "token");
}

static void
an_app_of_another_group_is_refused(void **state)
{
    struct world *w = *state;
    struct sso_pair pair = pair_of_login(w, NULL);
    static const char *const others[] = { "stranger", "opener" };

    for (size_t i = 0; i < 2; i++) {
        world_consent(w, 0, others[i], "openid profile");
        share_ask(w, &(struct sharing_call) {
                         .app = others[i], .id_token = pair.id_token, .secret = pair.secret });
        assert_refused(w, &problem_native_sso_not_shared);
        assert_audited(w, AUDIT_EXCHANGE_REJECTED, "group");
    }
}

static void
neither_half_of_the_pair_is_worth_anything_alone(void **state)
{
    struct world *w = *state;
    struct sso_pair before = pair_of_login(w, NULL);
    struct sso_pair pair;

    world_consent(w, 0, "second", "openid profile phone");
    pair = pair_of_login(w, NULL);
    assert_string_not_equal(pair.secret, before.secret);
    share(w, &(struct sso_pair) { .id_token = pair.id_token, .secret = "ds_guessed" });
    assert_refused(w, &problem_native_sso_invalid);
    assert_audited(w, AUDIT_EXCHANGE_REJECTED, "secret");
    share(w, &(struct sso_pair) { .id_token = before.id_token, .secret = pair.secret });
    assert_refused(w, &problem_native_sso_invalid);
    share(w, &(struct sso_pair) { .id_token = before.id_token, .secret = before.secret });
    assert_refused(w, &problem_native_sso_invalid); /* replaced */
    share(w, &(struct sso_pair) { .id_token = "x.y.z", .secret = pair.secret });
    assert_refused(w, &problem_native_sso_invalid);
    share(w, &(struct sso_pair) { .id_token = pair.tokens.access, .secret = pair.secret });
    assert_refused(w, &problem_native_sso_invalid);
    share(w, &pair);
    assert_int_equal(w->answer.status, 200);
}

static void
another_persons_secret_does_not_go_with_her_id_token(void **state)
{
    struct world *w = *state;
    struct sso_pair first = pair_of_login(w, NULL);
    struct sso_pair second;

    world_log_in(w, 1);
    world_consent(w, 1, "pilot", SCOPE);
    second = pair_of_login(w, NULL);
    world_consent(w, 0, "second", "openid profile phone");
    share(w, &(struct sso_pair) { .id_token = first.id_token, .secret = second.secret });
    assert_refused(w, &problem_native_sso_invalid);
}

static void
an_id_token_that_has_expired_still_names_the_session(void **state)
{
    struct world *w = *state;
    struct sso_pair pair;

    ((struct settings *)&w->settings)->life.id_token_s = 60;
    pair = pair_of_login(w, NULL);
    world_consent(w, 0, "second", "openid profile phone");
    world_advance(w, 61);
    share(w, &pair);
    assert_int_equal(w->answer.status, 200);
}

static void
whoever_revokes_the_first_apps_tokens_ends_the_sharing(void **state)
{
    struct world *w = *state;
    struct sso_pair pair = pair_of_login(w, NULL);

    world_consent(w, 0, "second", "openid profile phone");
    world_form_post(w, "/oauth2/revoke", "client_id=pilot&token=%s", pair.tokens.refresh);
    assert_int_equal(w->answer.status, 200);
    share(w, &pair);
    assert_refused(w, &problem_native_sso_invalid);
}

static void
a_person_who_has_not_agreed_is_sent_through_the_browser_once(void **state)
{
    struct world *w = *state;
    struct sso_pair pair = pair_of_login(w, NULL);

    share(w, &pair);
    assert_refused(w, &problem_native_sso_consent);
    assert_string_equal(world_json(w, "error"), "interaction_required");
    assert_audited(w, AUDIT_EXCHANGE_REJECTED, "consent");
    world_consent(w, 0, "second", "openid profile");
    share(w, &pair); /* its registration has phone, too */
    assert_refused(w, &problem_native_sso_consent);
    share_ask(w, &(struct sharing_call) { .app = "second",
                                          .id_token = pair.id_token,
                                          .secret = pair.secret,
                                          .more = "&scope=openid+profile" });
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "scope"), "openid profile");
}

static void
its_registration_bounds_what_it_gets(void **state)
{
    struct world *w = *state;
    struct sso_pair pair = pair_of_login(w, NULL);

    world_consent(w, 0, "second", "openid profile phone");
    share_ask(w, &(struct sharing_call) {
                     .app = "second",
                     .id_token = pair.id_token,
                     .secret = pair.secret,
                     .more = "&scope=openid+identity_number+offline_access+device_sso" });
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "scope"), "openid");
    share_ask(w, &(struct sharing_call) { .app = "second",
                                          .id_token = pair.id_token,
                                          .secret = pair.secret,
                                          .more = "&scope=profile" });
    assert_refused(w, &problem_scope_openid_missing);
}

static void
the_audience_is_the_issuer(void **state)
{
    struct world *w = *state;
    struct sso_pair pair = pair_of_login(w, NULL);

    ask_tokens(w, "second",
               arena_printf(w->arena,
                            EXCHANGE_FORM "&subject_token=%s&subject_token_type=%s&actor_token=%s"
                                          "&actor_token_type=%s&audience=hall",
                            pair.id_token, TYPE_ID, pair.secret, TYPE_SECRET),
               NULL);
    assert_refused(w, &problem_exchange_target_invalid);
    share_ask(w, &(struct sharing_call) { .app = "second",
                                          .id_token = pair.id_token,
                                          .secret = pair.secret,
                                          .more = "&resource=https://hall.example/" });
    assert_refused(w, &problem_exchange_target_invalid);
}

/* RFC 9449: a thief of the pair makes no bearer tokens of what was bound. */
static void
of_a_login_bound_to_a_key_come_bound_tokens_only(void **state)
{
    struct world *w = *state;
    struct holder first = holder_new(w);
    struct holder second = holder_new(w);
    struct sso_pair pair = pair_of_login(w, &first);

    world_consent(w, 0, "second", "openid profile phone");
    share(w, &pair);
    assert_refused(w, &problem_exchange_key_missing);
    assert_audited(w, AUDIT_EXCHANGE_REJECTED, "key");
    share_ask(w, &(struct sharing_call) { .app = "second",
                                          .id_token = pair.id_token,
                                          .secret = pair.secret,
                                          .holder = &second });
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "token_type"), "DPoP");
    /* And its refresh token is bound to its own key. */
    ask_tokens(w, "second", refresh_form(w, world_tokens_of(w).refresh), token_proof(&first));
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
a_device_secret_that_is_presented_stays(void **state)
{
    struct world *w = *state;
    struct sso_pair pair = pair_of_login(w, NULL);
    struct world_tokens tokens = app_tokens(
        w, NULL, "pilot", SCOPE, arena_printf(w->arena, "&device_secret=%s", pair.secret));

    assert_string_equal(world_json(w, "device_secret"), pair.secret);
    assert_int_equal(world_rows_of(w, "device_secret"), 1);
    /* A refresh renews the ID token of the pair, if the secret comes along. */
    ask_tokens(
        w, "pilot",
        arena_printf(w->arena, "%s&device_secret=%s", refresh_form(w, tokens.refresh), pair.secret),
        NULL);
    assert_string_equal(told_in(w, world_tokens_of(w).id, "ds_hash"),
                        told_in(w, pair.id_token, "ds_hash"));
    ask_tokens(w, "pilot", refresh_form(w, world_tokens_of(w).refresh), NULL);
    assert_null(world_json(w, "device_secret"));
    assert_null(told_in(w, world_tokens_of(w).id, "ds_hash"));
    app_tokens(w, NULL, "pilot", SCOPE, "&device_secret=ds_foreign");
    assert_string_not_equal(world_json(w, "device_secret"), "ds_foreign");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        apps_test(the_second_app_gets_tokens_of_its_own_in_the_same_session),
        apps_test(the_id_token_is_bound_to_the_device_secret),
        apps_test(without_the_scope_there_is_no_device_secret),
        apps_test(one_logout_ends_both_apps),
        apps_test(an_app_of_another_group_is_refused),
        apps_test(neither_half_of_the_pair_is_worth_anything_alone),
        apps_test(another_persons_secret_does_not_go_with_her_id_token),
        apps_test(an_id_token_that_has_expired_still_names_the_session),
        apps_test(whoever_revokes_the_first_apps_tokens_ends_the_sharing),
        apps_test(a_person_who_has_not_agreed_is_sent_through_the_browser_once),
        apps_test(its_registration_bounds_what_it_gets),
        apps_test(the_audience_is_the_issuer),
        apps_test(of_a_login_bound_to_a_key_come_bound_tokens_only),
        apps_test(a_device_secret_that_is_presented_stays),
    };

    return cmocka_run_group_tests(tests, world_group_setup, group_teardown);
}
