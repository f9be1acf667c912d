/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Client authentication by assertion: rows CA-07, CA-08 and CA-10 to CA-15 of the attack catalogue.
 * Partners' keys are registered, never fetched, so an unknown kid fetches nothing (CA-16).
 */
#include "tests/world.h"

#include <string.h>

#include "idp/partner/partner_secret.h"
#include "idp/partner/registry.h"
#include "keys/key_pair.h"
#include "tests/protocols/oauth2/assertion_kit.h"

static void
a_good_assertion_authenticates(void **state)
{
    struct world *w = *state;
    struct signer signer = signer_new(w);
    struct saying pk = good(&signer, "pk");
    struct saying hs = good(&signer, "hs");

    present(w, signed_by_pk(&signer, &pk), "");
    assert_accepted(w);
    present(w, signed_by_hs(&signer, &hs), "&client_id=hs");
    assert_accepted(w);
    EVP_PKEY_free(signer.key.key);
}

/* Each of its keys may sign when the registration names no algorithm (Registration 1.0, 2). */
static void
without_a_named_algorithm_every_registered_key_authenticates(void **state)
{
    static const struct {
        enum jws_alg alg;
        const char *header;
    } kinds[] = { { JWS_ES256, ES256_HEADER },
                  { JWS_RS256, "{\"alg\":\"RS256\"}" },
                  { JWS_EDDSA, "{\"alg\":\"EdDSA\"}" } };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct signer signer = { .w = w,
                                 .key = signing_key_new(w->arena, kinds[i].alg, 1),
                                 .jti = (int)i };
        struct saying saying = good(&signer, "pk");

        signer_register(&signer, "");
        present(w,
                token_signed(w->arena, signer.key.key, kinds[i].alg, kinds[i].header,
                             payload_of(&signer, &saying)),
                "");
        assert_accepted(w);
        EVP_PKEY_free(signer.key.key);
    }
}

static void
ca_08_a_named_algorithm_is_the_only_one(void **state)
{
    struct world *w = *state;
    struct signer signer = { .w = w, .key = signing_key_new(w->arena, JWS_ES256, 1) };
    struct signing_key other = signing_key_new(w->arena, JWS_RS256, 2);
    struct saying saying = good(&signer, "pk");

    world_partners(w, arena_printf(w->arena,
                                   "{\"partners\":[{\"client_id\":\"pk\",\"client_name\":\"P\","
                                   "\"token_endpoint_auth_method\":\"private_key_jwt\","
                                   "\"token_endpoint_auth_signing_alg\":\"ES256\","
                                   "\"grant_types\":[\"client_credentials\"],"
                                   "\"jwks\":{\"keys\":[%s,%s]}}]}",
                                   signer.key.jwk, other.jwk));
    assert_fails(w,
                 token_signed(w->arena, other.key, JWS_RS256, "{\"alg\":\"RS256\"}",
                              payload_of(&signer, &saying)),
                 "");
    present(w, signed_by_pk(&signer, &saying), "");
    assert_accepted(w);
    EVP_PKEY_free(other.key);
    EVP_PKEY_free(signer.key.key);
}

static void
an_assertion_by_either_secret_authenticates_until_the_overlap_of_a_rotation_ends(void **state)
{
    struct world *w = *state;
    struct signer signer = signer_new(w);
    struct ctx ctx = world_ctx(w);
    struct partner_rotation rotation;
    struct saying saying = good(&signer, "hs");
    const char *by_new;

    assert_int_equal(partner_secret_rotate(&ctx, "hs", 3600, &rotation), OK);
    assert_int_equal(registry_load(&ctx), OK);
    present(w, signed_by_hs(&signer, &saying), "");
    assert_accepted(w);
    world_advance(w, 3600);
    saying = good(&signer, "hs");
    assert_fails(w, signed_by_hs(&signer, &saying), "");
    by_new = token_hmac(w->arena, EVP_sha256(), bytes_of_text(rotation.secret),
                        "{\"alg\":\"HS256\"}", payload_of(&signer, &saying));
    present(w, by_new, "");
    assert_accepted(w);
    EVP_PKEY_free(signer.key.key);
}

static void
ca_07_a_secret_does_not_replace_the_assertion(void **state)
{
    struct world *w = *state;
    struct signer signer = signer_new(w);
    struct saying saying = good(&signer, "hs");

    world_form_post(w, "/oauth2/token",
                    "grant_type=client_credentials&client_id=pk&client_secret=" SECRET);
    assert_refused(w, &problem_client_unauthenticated);
    world_audit_mark(w);
    world_form_post(w, "/oauth2/token",
                    "grant_type=client_credentials&client_id=hs&client_secret=" SECRET);
    assert_refused(w, &problem_client_unauthenticated);
    assert_audited(w, AUDIT_CLIENT_FAILED, "method");
    present(w, signed_by_hs(&signer, &saying), "&client_secret=" SECRET);
    assert_refused(w, &problem_client_two_methods);
    EVP_PKEY_free(signer.key.key);
}

static void
ca_08_another_algorithm_is_refused(void **state)
{
    struct world *w = *state;
    struct signer signer = signer_new(w);
    struct saying pk = good(&signer, "pk");
    struct saying hs = good(&signer, "hs");
    const char *payload = payload_of(&signer, &pk);
    const char *pem;
    const char *none = signing_input(w->arena, "{\"alg\":\"none\"}", payload);

    assert_int_equal(key_to_public_pem(w->arena, signer.key.key, &pem), OK);
    assert_fails_for(w, arena_printf(w->arena, "%s.", none), "", "form");
    assert_fails_for(w, arena_printf(w->arena, "%s.AA", none), "&client_id=pk", "form");
    assert_fails(
        w, token_hmac(w->arena, EVP_sha256(), bytes_of_text(pem), "{\"alg\":\"HS256\"}", payload),
        "");
    assert_fails(w,
                 token_hmac(w->arena, EVP_sha256(), bytes_of_text(signer.key.jwk),
                            "{\"alg\":\"HS256\"}", payload),
                 "");
    assert_fails(
        w,
        token_signed(w->arena, signer.key.key, JWS_ES256, ES256_HEADER, payload_of(&signer, &hs)),
        "");
    assert_fails_for(w,
                     token_hmac(w->arena, EVP_sha512(), bytes_of_text(SECRET),
                                "{\"alg\":\"HS512\"}", payload_of(&signer, &hs)),
                     "", "form");
    EVP_PKEY_free(signer.key.key);
}

static void
a_foreign_key_is_refused_even_when_the_header_brings_it_along(void **state)
{
    struct world *w = *state;
    struct signer signer = signer_new(w);
    struct signing_key foreign = signing_key_new(w->arena, JWS_ES256, 2);
    struct saying saying = good(&signer, "pk");
    const char *payload = payload_of(&signer, &saying);
    const char *header = arena_printf(w->arena, "{\"alg\":\"ES256\",\"jwk\":%s}", foreign.jwk);

    assert_fails(w, token_signed(w->arena, foreign.key, JWS_ES256, ES256_HEADER, payload), "");
    assert_fails(w, token_signed(w->arena, foreign.key, JWS_ES256, header, payload), "");
    EVP_PKEY_free(foreign.key);
    EVP_PKEY_free(signer.key.key);
}

static void
times_may_have_fractions_that_let_nothing_live_longer(void **state)
{
    struct signer signer = signer_new(*state);
    struct saying ended = good(&signer, "pk");
    struct saying live = good(&signer, "pk");

    ended.exp_in = 0;
    ended.more = ".5"; /* right behind exp */
    assert_saying_fails(&signer, &ended, "assertion_exp");
    live.exp_in = 360;
    live.more = ".5,\"iat\":1767225600.25,\"nbf\":1767225660.9";
    present(*state, signed_by_pk(&signer, &live), "");
    assert_accepted(*state);
    EVP_PKEY_free(signer.key.key);
}

static void
ca_10_an_assertion_is_good_once(void **state)
{
    struct world *w = *state;
    struct signer signer = signer_new(w);
    struct saying pk = good(&signer, "pk");
    struct saying hs = good(&signer, "hs");
    const char *assertion = signed_by_pk(&signer, &pk);

    hs.jti = pk.jti; /* another partner's ids are its own */
    present(w, assertion, "");
    assert_accepted(w);
    assert_fails_for(w, assertion, "", "assertion_replayed");
    assert_fails_for(w, signed_by_pk(&signer, &pk), "",
                     "assertion_replayed"); /* another signature, the same jti */
    present(w, signed_by_hs(&signer, &hs), "");
    assert_accepted(w);
    EVP_PKEY_free(signer.key.key);
}

static void
a_forger_cannot_use_up_an_id(void **state)
{
    struct world *w = *state;
    struct signer signer = signer_new(w);
    struct signing_key foreign = signing_key_new(w->arena, JWS_ES256, 2);
    struct saying saying = good(&signer, "pk");

    assert_fails(
        w,
        token_signed(w->arena, foreign.key, JWS_ES256, ES256_HEADER, payload_of(&signer, &saying)),
        "");
    present(w, signed_by_pk(&signer, &saying), "");
    assert_accepted(w);
    EVP_PKEY_free(foreign.key);
    EVP_PKEY_free(signer.key.key);
}

struct assertion_crowd {
    struct world *w;
    struct world_call call;
};

static enum err
authenticate(struct store *st, int thread, void *state)
{
    struct assertion_crowd *crowd = state;
    struct arena *arena = arena_new((size_t)4 << 20);
    struct world_answer answer;

    (void)thread;
    world_perform(crowd->w, st, arena, &crowd->call, &answer);
    arena_free(arena);
    return answer.status == 200                           ? OK
           : answer.status == 401 || answer.status == 429 ? ERR_CONFLICT
                                                          : ERR_INTERNAL;
}

static void
ca_11_of_64_at_once_one_is_authenticated(void **state)
{
    struct world *w = *state;
    struct signer signer = signer_new(w);
    struct saying saying = good(&signer, "pk");
    struct assertion_crowd crowd = { .w = w };
    enum err outcomes[KIT_THREADS_MAX];

    crowd.call = (struct world_call) {
        .target = "/oauth2/token",
        .form = arena_printf(w->arena,
                             "grant_type=client_credentials&client_assertion_type=" TYPE
                             "&client_assertion=%s",
                             signed_by_pk(&signer, &saying)),
    };
    kit_race(w->services.database, KIT_THREADS_MAX, authenticate, &crowd, outcomes);
    assert_int_equal(kit_count(outcomes, KIT_THREADS_MAX, OK), 1);
    assert_int_equal(kit_count(outcomes, KIT_THREADS_MAX, ERR_CONFLICT), KIT_THREADS_MAX - 1);
    EVP_PKEY_free(signer.key.key);
}

static void
ca_13_an_assertion_lives_for_minutes_not_hours(void **state)
{
    static const int64_t lives[] = { 86400, 3600, 361, 0, -1, -300 };
    struct world *w = *state;
    struct signer signer = signer_new(w);

    for (size_t i = 0; i < sizeof(lives) / sizeof(lives[0]); i++) {
        struct saying saying = good(&signer, "pk");

        saying.exp_in = lives[i];
        assert_saying_fails(&signer, &saying, "assertion_exp");
    }
    EVP_PKEY_free(signer.key.key);
}

static const char *
claim_in(struct world *w, const char *name, int64_t seconds)
{
    return arena_printf(w->arena, ",\"%s\":%" PRId64, name, world_ctx(w).now + seconds);
}

static void
ca_14_clocks_may_differ_a_little(void **state)
{
    static const char *const names[] = { "iat", "nbf" };
    struct world *w = *state;
    struct signer signer = signer_new(w);

    for (size_t i = 0; i < 2; i++) {
        struct saying early = good(&signer, "pk");
        struct saying slightly = good(&signer, "pk");

        early.more = claim_in(w, names[i], 61);
        assert_saying_fails(&signer, &early, arena_printf(w->arena, "assertion_%s", names[i]));
        slightly.more = claim_in(w, names[i], 8);
        present(w, signed_by_pk(&signer, &slightly), "");
        assert_accepted(w);
    }
    EVP_PKEY_free(signer.key.key);
}

static void
an_issue_time_long_past_is_refused(void **state)
{
    struct world *w = *state;
    struct signer signer = signer_new(w);
    struct saying saying = good(&signer, "pk");

    saying.more = claim_in(w, "iat", -361);
    assert_saying_fails(&signer, &saying, "assertion_iat");
    EVP_PKEY_free(signer.key.key);
}

static void
ca_15_issuer_and_subject_are_the_partner(void **state)
{
    static const char *const subjects[] = { "\"hs\"", "", "null", "[\"pk\"]", "\"\"" };
    struct world *w = *state;
    struct signer signer = signer_new(w);
    struct saying saying;

    for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
        saying = good(&signer, "pk");
        saying.sub = subjects[i];
        assert_saying_fails(&signer, &saying, "assertion_sub");
    }
    saying = good(&signer, "pk");
    saying.iss = "hs";
    assert_saying_fails(&signer, &saying, "assertion"); /* looked for under the keys of "hs" */
    saying = good(&signer, "pk");
    assert_fails_for(w, signed_by_pk(&signer, &saying), "&client_id=hs", "unknown");
    EVP_PKEY_free(signer.key.key);
}

static void
an_id_is_needed_and_bounded(void **state)
{
    struct world *w = *state;
    struct signer signer = signer_new(w);
    struct saying saying = good(&signer, "pk");
    char *jti = arena_alloc(w->arena, 257);

    memset(jti, 'j', 256);
    saying.jti = jti;
    assert_saying_fails(&signer, &saying, "assertion_jti");
    saying.jti = "";
    assert_saying_fails(&signer, &saying, "assertion_jti");
    EVP_PKEY_free(signer.key.key);
}

static void
ca_16_an_unknown_kid_is_refused(void **state)
{
    struct world *w = *state;
    struct signer signer = signer_new(w);
    struct saying saying = good(&signer, "pk");
    const char *payload = payload_of(&signer, &saying);

    assert_fails(w,
                 token_signed(w->arena, signer.key.key, JWS_ES256,
                              "{\"alg\":\"ES256\",\"kid\":\"unknown\"}", payload),
                 "");
    present(
        w,
        token_signed(w->arena, signer.key.key, JWS_ES256,
                     arena_printf(w->arena, "{\"alg\":\"ES256\",\"kid\":\"%s\"}", signer.key.kid),
                     payload),
        "");
    assert_accepted(w);
    EVP_PKEY_free(signer.key.key);
}

static void
the_type_of_the_assertion_must_be_named(void **state)
{
    struct world *w = *state;
    struct signer signer = signer_new(w);
    struct saying saying = good(&signer, "pk");

    world_form_post(w, "/oauth2/token", "grant_type=client_credentials&client_assertion=%s",
                    signed_by_pk(&signer, &saying));
    assert_refused(w, &problem_client_unauthenticated);
    world_form_post(w, "/oauth2/token",
                    "grant_type=client_credentials&client_assertion_type=saml&client_assertion=%s",
                    signed_by_pk(&signer, &saying));
    assert_refused(w, &problem_client_unauthenticated);
    EVP_PKEY_free(signer.key.key);
}

static void
what_is_no_token_is_refused(void **state)
{
    static const char *const tokens[] = { "x", "a.b.c", "....", "e30.e30.AA" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++)
        assert_fails_for(w, tokens[i], "", "form");
    assert_fails_for(w, "", "", "form");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_good_assertion_authenticates),
        world_test(without_a_named_algorithm_every_registered_key_authenticates),
        world_test(ca_08_a_named_algorithm_is_the_only_one),
        world_test(
            an_assertion_by_either_secret_authenticates_until_the_overlap_of_a_rotation_ends),
        world_test(ca_07_a_secret_does_not_replace_the_assertion),
        world_test(ca_08_another_algorithm_is_refused),
        world_test(a_foreign_key_is_refused_even_when_the_header_brings_it_along),
        world_test(times_may_have_fractions_that_let_nothing_live_longer),
        world_test(ca_10_an_assertion_is_good_once),
        world_test(a_forger_cannot_use_up_an_id),
        world_test(ca_11_of_64_at_once_one_is_authenticated),
        world_test(ca_13_an_assertion_lives_for_minutes_not_hours),
        world_test(ca_14_clocks_may_differ_a_little),
        world_test(an_issue_time_long_past_is_refused),
        world_test(ca_15_issuer_and_subject_are_the_partner),
        world_test(an_id_is_needed_and_bounded),
        world_test(ca_16_an_unknown_kid_is_refused),
        world_test(the_type_of_the_assertion_must_be_named),
        world_test(what_is_no_token_is_refused),
    };

    return world_run(tests);
}
