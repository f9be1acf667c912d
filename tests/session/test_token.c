/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens as such: what is ours, of which kind, for how long, and whom they name. */
#include <string.h>

#include "idp/base/metrics.h"
#include "idp/partner/registry.h"
#include "idp/session/revocation.h"
#include "idp/session/token.h"
#include "tests/world.h"

static const struct partner *
partner_of(struct world *w, const char *id)
{
    return registry_find(w->services.registry, id);
}

static const char *
access_token(struct world *w, const char *grant_id)
{
    struct ctx ctx = world_ctx(w);
    struct access access = { .sub = "x",
                             .client_id = "webhall",
                             .audience = "https://id.example https://api.example",
                             .scope = "openid",
                             .grant_id = grant_id };
    const char *token;

    assert_int_equal(access_token_issue(&ctx, partner_of(w, "webhall"), &access, &token), OK);
    return token;
}

static enum err
opened(struct world *w, const char *token, struct access *out)
{
    struct ctx ctx = world_ctx(w);

    return access_token_open(&ctx, token, out);
}

static void
an_access_token_is_read_back_as_it_was_made(void **state)
{
    struct world *w = *state;
    struct access access;

    assert_int_equal(opened(w, access_token(w, "g_1"), &access), OK);
    assert_string_equal(access.sub, "x");
    assert_string_equal(access.client_id, "webhall");
    assert_string_equal(access.audience, "https://id.example https://api.example");
    assert_string_equal(access.grant_id, "g_1");
    assert_int_equal(access.issued_at, WORLD_NOW);
    assert_int_equal(access.expires_at, WORLD_NOW + 300);
    assert_int_equal(access.auth_time, 0);
    assert_true(strlen(access.jti) >= 22);
}

static void
a_token_seen_as_fresh_costs_no_signature_and_one_unknown_does(void **state)
{
    struct world *w = *state;
    const char *token = access_token(w, "g_1");
    int64_t hits = metric_read(METRIC_TOKENS_FRESH_HITS);
    struct access access;

    assert_int_equal(opened(w, token, &access), OK);
    assert_int_equal(metric_read(METRIC_TOKENS_FRESH_HITS), hits + 1);
    fresh_free(w->services.fresh); /* as on another node */
    w->services.fresh = fresh_new();
    assert_int_equal(opened(w, token, &access), OK);
    assert_int_equal(metric_read(METRIC_TOKENS_FRESH_HITS), hits + 1);
}

static void
a_fresh_token_is_revoked_and_expires_like_any_other(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *one = access_token(w, "g_1");
    const char *two = access_token(w, "g_2");
    struct access access;

    assert_int_equal(revocation_make(&ctx, "g_1"), OK);
    assert_int_equal(opened(w, one, &access), ERR_EXPIRED);
    assert_int_equal(opened(w, two, &access), OK);
    world_advance(w, 300);
    assert_int_equal(opened(w, two, &access), ERR_EXPIRED);
}

static void
a_token_of_another_issuer_under_our_keys_is_not_ours(void **state)
{
    struct world *w = *state;
    struct access access;
    const char *token;

    w->settings.server.issuer = "https://other.example";
    token = access_token(w, "g_1");
    w->settings.server.issuer = WORLD_ISSUER;
    assert_int_equal(opened(w, token, &access), ERR_FORGED);
}

static void
each_kind_of_token_opens_as_its_own_kind_only(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct refresh refresh;
    struct access access;
    struct hint hint;

    assert_int_equal(access_token_open(&ctx, tokens.id, &access), ERR_FORGED);
    assert_int_equal(access_token_open(&ctx, tokens.refresh, &access), ERR_FORGED);
    assert_int_equal(id_token_hint_open(&ctx, tokens.access, &hint), ERR_FORGED);
    assert_int_equal(refresh_token_open(&ctx, tokens.access, &refresh), ERR_FORGED);
    assert_int_equal(id_token_hint_open(&ctx, tokens.id, &hint), OK);
    assert_string_equal(hint.audience, "webhall");
    assert_int_equal(refresh_token_open(&ctx, tokens.refresh, &refresh), OK);
    assert_string_equal(refresh.partner_id, "webhall");
    assert_int_equal(refresh.generation, 1);
}

static void
a_code_is_no_refresh_token_although_sealed_alike(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct refresh refresh;
    const char *code = arena_printf(w->arena, "rt_%s", world_code(w, "webhall"));

    assert_int_equal(refresh_token_open(&ctx, code, &refresh), ERR_FORGED);
}

static void
subjects_and_sessions_are_pairwise(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct partner *webhall = partner_of(w, "webhall");
    const struct partner *bank = partner_of(w, "bank");

    assert_string_equal(subject_for(&ctx, webhall, "p_1"), subject_for(&ctx, webhall, "p_1"));
    assert_string_not_equal(subject_for(&ctx, webhall, "p_1"), subject_for(&ctx, bank, "p_1"));
    assert_string_not_equal(subject_for(&ctx, webhall, "p_1"), subject_for(&ctx, webhall, "p_2"));
    assert_string_not_equal(session_id_for(&ctx, webhall, "s_1"),
                            session_id_for(&ctx, bank, "s_1"));
    assert_string_not_equal(session_id_for(&ctx, webhall, "x"), subject_for(&ctx, webhall, "x"));
    assert_null(strstr(subject_for(&ctx, webhall, "p_1"), "p_1"));
}

static void
without_randomness_no_token_is_made(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct access access = { .sub = "x", .client_id = "webhall", .audience = "a" };
    struct refresh refresh = { "g_1", "webhall", 1 };
    const char *token;

    w->random_fails = true;
    assert_int_equal(access_token_issue(&ctx, partner_of(w, "webhall"), &access, &token),
                     ERR_UNAVAILABLE);
    assert_int_equal(refresh_token_issue(&ctx, &refresh, &token), ERR_UNAVAILABLE);
    assert_int_equal(logout_token_issue(&ctx, partner_of(w, "webhall"), "p_1", "s_1", &token),
                     ERR_UNAVAILABLE);
}

/* Z6; the rest of it is tests/session/test_stop.c. */
static void
z6_a_token_of_before_the_partner_came_back_is_dead_and_its_hint_is_not(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct partner *webhall = (struct partner *)partner_of(w, "webhall");
    struct identity identity = {
        .person_id = "p_1", .sid = "s_1", .grant_id = "g_1", .nonce = "", .acr = "", .amr = "pwd"
    };
    const char *access = access_token(w, "g_1");
    const char *id_token;
    struct access opened_access;
    struct hint hint;

    assert_int_equal(id_token_issue(&ctx, webhall, &identity, &id_token), OK);
    assert_int_equal(opened(w, access, &opened_access), OK);
    webhall->since = WORLD_NOW + 1;
    assert_int_equal(opened(w, access, &opened_access), ERR_EXPIRED);
    assert_int_equal(id_token_hint_open(&ctx, id_token, &hint), OK);
    assert_string_equal(hint.grant_id, "g_1");
    assert_string_equal(hint.audience, "webhall");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(an_access_token_is_read_back_as_it_was_made),
        world_test(a_token_seen_as_fresh_costs_no_signature_and_one_unknown_does),
        world_test(a_fresh_token_is_revoked_and_expires_like_any_other),
        world_test(a_token_of_another_issuer_under_our_keys_is_not_ours),
        world_test(each_kind_of_token_opens_as_its_own_kind_only),
        world_test(a_code_is_no_refresh_token_although_sealed_alike),
        world_test(subjects_and_sessions_are_pairwise),
        world_test(without_randomness_no_token_is_made),
        world_test(z6_a_token_of_before_the_partner_came_back_is_dead_and_its_hint_is_not),
    };

    return world_run(tests);
}
