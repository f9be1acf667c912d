/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DPoP from end to end (RFC 9449): SC-01 to SC-05, SC-08 to SC-12, with two partners: "spa", which is public, and
 * "webhall", which proves itself. What a header and a claim may be: tests/keys/test_dpop_proof.c,
 * tests/policies/test_dpop.c. SC-08, two headers: tests/server/engine/test_gate_headers.c.
 */
#include <pthread.h>

#include "tests/keys/kit.h"

#include "idp/base/text.h"
#include "idp/partner/registry.h"
#include "keys/secret.h"
#include "tests/world.h"

#define TOKEN_URI WORLD_ISSUER "/oauth2/token"
#define USERINFO_URI WORLD_ISSUER "/oidc/userinfo"

/* Somebody with a key. */
struct holder {
    struct world *w;
    struct signing_key key;
    int jti;
};

#define HOLDERS_MAX 64

static EVP_PKEY *keys[HOLDERS_MAX];
static size_t key_count;

static struct holder
holder_new(struct world *w)
{
    struct holder holder = { .w = w, .key = signing_key_new(w->arena, JWS_ES256, 1) };

    assert_in_range(key_count, 0, HOLDERS_MAX - 1);
    keys[key_count++] = holder.key.key;
    return holder;
}

static int
group_teardown(void **state)
{
    while (key_count > 0)
        EVP_PKEY_free(keys[--key_count]);
    return world_group_teardown(state);
}

/* What a proof is made of; texts that are NULL are left out. */
struct proving {
    const char *method;
    const char *uri;
    const char *token;
    const char *nonce;
    int64_t ago_s;
    const char *jti; /* NULL: one of its own */
};

static const char *
member(struct world *w, const char *name, const char *value)
{
    return value != NULL ? arena_printf(w->arena, ",\"%s\":\"%s\"", name, value) : "";
}

static const char *
proof_of(struct holder *holder, const struct proving *proving)
{
    struct world *w = holder->w;
    const char *ath = NULL;
    const char *jti = proving->jti;

    if (proving->token != NULL) {
        struct digest digest = digest_of_text(proving->token);

        ath = base64url_encode(w->arena, digest_view(&digest));
    }
    if (jti == NULL)
        jti = arena_printf(w->arena, "j%d", ++holder->jti);
    return token_signed(
        w->arena, holder->key.key, JWS_ES256,
        arena_printf(w->arena, "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":%s}",
                     holder->key.jwk),
        arena_printf(w->arena, "{\"jti\":\"%s\",\"htm\":\"%s\",\"htu\":\"%s\",\"iat\":%lld%s%s}",
                     jti, proving->method, proving->uri,
                     (long long)(world_ctx(w).now - proving->ago_s), member(w, "ath", ath),
                     member(w, "nonce", proving->nonce)));
}

static const char *
token_proof(struct holder *holder)
{
    return proof_of(holder, &(struct proving) { .method = "POST", .uri = TOKEN_URI });
}

static const char *
userinfo_proof(struct holder *holder, const char *token)
{
    return proof_of(holder,
                    &(struct proving) { .method = "GET", .uri = USERINFO_URI, .token = token });
}

static void
ask_tokens(struct world *w, const char *partner_id, const char *form, const char *dpop)
{
    bool is_public = registry_find(w->services.registry, partner_id)->is_public;

    world_audit_mark(w);
    world_send(
        w,
        &(struct world_call) {
            .target = "/oauth2/token",
            .form = is_public ? arena_printf(w->arena, "%s&client_id=%s", form, partner_id) : form,
            .authorization = is_public ? NULL : world_basic(w, partner_id),
            .dpop = dpop });
}

static const char *
code_form(struct world *w, const char *partner_id, const char *code)
{
    const struct partner *partner = registry_find(w->services.registry, partner_id);

    return arena_printf(
        w->arena,
        "grant_type=authorization_code&code=%s&redirect_uri=%s&code_verifier=" WORLD_VERIFIER,
        world_url(w, code), world_url(w, partner->profile.redirect_uris.at[0]));
}

static const char *
refresh_form(struct world *w, const char *token)
{
    return arena_printf(w->arena, "grant_type=refresh_token&refresh_token=%s", world_url(w, token));
}

static struct world_tokens
bound_tokens(struct holder *holder, const char *partner_id)
{
    struct world *w = holder->w;

    ask_tokens(w, partner_id, code_form(w, partner_id, world_code(w, partner_id)),
               token_proof(holder));
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "token_type"), "DPoP");
    return world_tokens_of(w);
}

static void
ask_userinfo(struct world *w, const char *scheme, const char *token, const char *dpop)
{
    world_audit_mark(w);
    world_send(
        w, &(struct world_call) { .target = "/oidc/userinfo",
                                  .authorization = arena_printf(w->arena, "%s %s", scheme, token),
                                  .dpop = dpop });
}

static void
assert_challenged(struct world *w, const char *scheme, const char *code)
{
    const char *challenge = world_header(w, "WWW-Authenticate");

    assert_int_equal(w->answer.status, 401);
    assert_true(text_starts(challenge, scheme));
    assert_non_null(strstr(challenge, arena_printf(w->arena, "error=\"%s\"", code)));
}

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
a_partner_for_itself_gets_a_bound_token_too(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);

    ask_tokens(w, "webhall", "grant_type=client_credentials", token_proof(&holder));
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "token_type"), "DPoP");
}

static void
sc_01_a_proof_is_good_once(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    const char *proof = token_proof(&holder);
    struct world_tokens tokens = bound_tokens(&holder, "spa");

    ask_tokens(w, "webhall", "grant_type=client_credentials", proof);
    assert_int_equal(w->answer.status, 200);
    ask_tokens(w, "webhall", "grant_type=client_credentials", proof);
    assert_refused(w, &problem_dpop_proof_invalid);
    assert_audited(w, AUDIT_PROOF_REJECTED, "replayed");
    proof = userinfo_proof(&holder, tokens.access);
    ask_userinfo(w, "DPoP", tokens.access, proof);
    assert_int_equal(w->answer.status, 200);
    ask_userinfo(w, "DPoP", tokens.access, proof);
    assert_refused(w, &problem_bearer_proof_invalid);
    assert_challenged(w, "DPoP algs=\"ES256 EdDSA\", ", "invalid_dpop_proof");
}

/* One jti of two keys is two. */
static void
nobody_uses_up_the_proof_of_another(void **state)
{
    struct world *w = *state;
    struct holder one = holder_new(w);
    struct holder other = holder_new(w);
    const struct proving proving = { .method = "POST", .uri = TOKEN_URI, .jti = "same" };

    ask_tokens(w, "webhall", "grant_type=client_credentials", proof_of(&one, &proving));
    assert_int_equal(w->answer.status, 200);
    ask_tokens(w, "webhall", "grant_type=client_credentials", proof_of(&other, &proving));
    assert_int_equal(w->answer.status, 200);
}

#define CALLERS 16

struct caller {
    struct world *w;
    const struct world_call *call;
    pthread_barrier_t *barrier;
    int status;
};

static void *
caller_run(void *state)
{
    struct caller *caller = state;
    struct arena *arena = arena_new(4 << 20);
    struct store *store = store_open(caller->w->services.database);
    struct world_answer answer;

    pthread_barrier_wait(caller->barrier);
    world_perform(caller->w, store, arena, caller->call, &answer);
    caller->status = answer.status;
    store_close(store);
    arena_free(arena);
    return NULL;
}

/* SC-02: each caller has a connection of its own, as nodes have. */
static void
sc_02_of_many_that_use_a_proof_at_once_one_is_served(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    const struct world_call call = { .target = "/oauth2/token",
                                     .form = "grant_type=client_credentials",
                                     .authorization = world_basic(w, "webhall"),
                                     .dpop = token_proof(&holder) };
    pthread_barrier_t barrier;
    struct caller callers[CALLERS];
    pthread_t threads[CALLERS];
    int served = 0;

    pthread_barrier_init(&barrier, NULL, CALLERS);
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (struct caller) { w, &call, &barrier, 0 };
        assert_int_equal(pthread_create(&threads[i], NULL, caller_run, &callers[i]), 0);
    }
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(threads[i], NULL);
        served += callers[i].status == 200;
        assert_true(callers[i].status == 200 || callers[i].status == 400);
    }
    pthread_barrier_destroy(&barrier);
    assert_int_equal(served, 1);
}

static void
sc_03_a_proof_for_another_request_is_refused(void **state)
{
    static const struct proving wrong[] = {
        { .method = "GET", .uri = TOKEN_URI },
        { .method = "POST", .uri = "https://other.example/oauth2/token" },
        { .method = "POST", .uri = USERINFO_URI },
    };
    struct world *w = *state;
    struct holder holder = holder_new(w);

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        int64_t spent = world_rows_of(w, "spent");

        ask_tokens(w, "webhall", "grant_type=client_credentials", proof_of(&holder, &wrong[i]));
        assert_refused(w, &problem_dpop_proof_invalid);
        assert_audited(w, AUDIT_PROOF_REJECTED, i == 0 ? "htm" : "htu");
        assert_int_equal(world_rows_of(w, "spent"), spent);
    }
    ask_tokens(
        w, "webhall", "grant_type=client_credentials",
        proof_of(&holder, &(struct proving) { .method = "POST", .uri = TOKEN_URI "?a=b#c" }));
    assert_int_equal(w->answer.status, 200);
}

static void
sc_04_a_proof_of_another_hour_is_refused(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);

    for (int64_t ago_s = -3600; ago_s <= 3600; ago_s += 7200) {
        ask_tokens(w, "webhall", "grant_type=client_credentials",
                   proof_of(&holder, &(struct proving) {
                                         .method = "POST", .uri = TOKEN_URI, .ago_s = ago_s }));
        assert_refused(w, &problem_dpop_proof_invalid);
        assert_audited(w, AUDIT_PROOF_REJECTED, "iat");
    }
}

/* What cannot be read is no proof, and no reason to go on without one. */
static void
sc_07_what_is_no_proof_is_refused(void **state)
{
    static const char *const texts[] = { "", "x", "a.b.c" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        ask_tokens(w, "webhall", "grant_type=client_credentials", texts[i]);
        assert_refused(w, &problem_dpop_proof_invalid);
        assert_audited(w, AUDIT_PROOF_REJECTED, "form");
    }
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

static const char *
code_for_key(struct world *w, const char *partner_id, const char *thumbprint)
{
    world_log_in(w, 0);
    world_consent(w, 0, partner_id, "openid profile");
    world_authorize(w, partner_id, arena_printf(w->arena, "&dpop_jkt=%s", thumbprint));
    assert_non_null(world_location_param(w, "code"));
    return world_location_param(w, "code");
}

static void
sc_12_a_code_for_a_key_is_good_with_that_key(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct holder thief = holder_new(w);
    const char *code = code_for_key(w, "webhall", holder.key.kid);

    ask_tokens(w, "webhall", code_form(w, "webhall", code), token_proof(&holder));
    assert_int_equal(w->answer.status, 200);
    code = code_for_key(w, "webhall", holder.key.kid);
    ask_tokens(w, "webhall", code_form(w, "webhall", code), token_proof(&thief));
    assert_refused(w, &problem_code_invalid);
    assert_audited(w, AUDIT_CODE_REJECTED, "dpop");
    ask_tokens(w, "webhall", code_form(w, "webhall", code), token_proof(&holder));
    assert_refused(w, &problem_code_invalid); /* it is burnt */
    code = code_for_key(w, "webhall", holder.key.kid);
    ask_tokens(w, "webhall", code_form(w, "webhall", code), NULL);
    assert_refused(w, &problem_code_invalid);
}

static void
a_key_that_is_no_thumbprint_is_told_to_the_partner(void **state)
{
    struct world *w = *state;

    world_authorize(w, "webhall", "&dpop_jkt=short");
    assert_refused_by_redirect(w, "webhall", &problem_dpop_key_malformed);
}

static void
a_partner_that_registered_it_gets_no_token_without_a_proof(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);

    world_partners(w, "{\"partners\":[{\"client_id\":\"webhall\",\"client_name\":\"网上办事大厅\","
                      "\"redirect_uris\":[\"https://app.example/cb\"],"
                      "\"grant_types\":[\"client_credentials\"],"
                      "\"dpop_bound_access_tokens\":true,"
                      "\"client_secret\":\"webhall-secret-0123456789-0123456789-0123456789\"}]}");
    ask_tokens(w, "webhall", "grant_type=client_credentials", NULL);
    assert_refused(w, &problem_dpop_missing);
    ask_tokens(w, "webhall", "grant_type=client_credentials", token_proof(&holder));
    assert_int_equal(w->answer.status, 200);
}

/* --- SC-05: with [dpop] nonce --- */

static void
want_nonces(struct world *w)
{
    w->settings.dpop.nonce = true;
}

static int
setup_with_nonces(void **state)
{
    return world_setup_adjusted(state, want_nonces);
}

static const char *
with_nonce(struct holder *holder, const char *nonce)
{
    return proof_of(holder,
                    &(struct proving) { .method = "POST", .uri = TOKEN_URI, .nonce = nonce });
}

static void
sc_05_a_nonce_is_asked_for_and_good_for_some_minutes(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    const char *nonce;

    ask_tokens(w, "webhall", "grant_type=client_credentials", token_proof(&holder));
    assert_refused(w, &problem_dpop_nonce);
    assert_audited(w, AUDIT_PROOF_REJECTED, "nonce");
    nonce = arena_text(w->arena, world_header(w, "DPoP-Nonce"));
    ask_tokens(w, "webhall", "grant_type=client_credentials", with_nonce(&holder, nonce));
    assert_int_equal(w->answer.status, 200);
    assert_non_null(world_header(w, "DPoP-Nonce"));
    world_advance(w, 150);
    ask_tokens(w, "webhall", "grant_type=client_credentials", with_nonce(&holder, nonce));
    assert_int_equal(w->answer.status, 200);
    assert_string_not_equal(world_header(w, "DPoP-Nonce"), nonce);
    world_advance(w, 150);
    ask_tokens(w, "webhall", "grant_type=client_credentials", with_nonce(&holder, nonce));
    assert_refused(w, &problem_dpop_nonce);
    ask_tokens(w, "webhall", "grant_type=client_credentials", with_nonce(&holder, "foreign"));
    assert_refused(w, &problem_dpop_nonce);
}

static void
sc_05_where_a_token_is_used_too(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct world_tokens tokens;
    const char *nonce;

    ask_tokens(w, "webhall", "grant_type=client_credentials", token_proof(&holder));
    nonce = arena_text(w->arena, world_header(w, "DPoP-Nonce"));
    ask_tokens(w, "webhall", code_form(w, "webhall", world_code(w, "webhall")),
               with_nonce(&holder, nonce));
    tokens = world_tokens_of(w);
    ask_userinfo(w, "DPoP", tokens.access, userinfo_proof(&holder, tokens.access));
    assert_refused(w, &problem_bearer_nonce);
    assert_challenged(w, "DPoP algs", "use_dpop_nonce");
    ask_userinfo(w, "DPoP", tokens.access,
                 proof_of(&holder, &(struct proving) { .method = "GET",
                                                       .uri = USERINFO_URI,
                                                       .token = tokens.access,
                                                       .nonce = nonce }));
    assert_int_equal(w->answer.status, 200);
}

#define with_nonces(name) cmocka_unit_test_setup_teardown(name, setup_with_nonces, world_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_token_is_bound_to_the_key_and_good_with_a_proof),
        world_test(introspection_tells_the_key),
        world_test(a_partner_for_itself_gets_a_bound_token_too),
        world_test(sc_01_a_proof_is_good_once),
        world_test(nobody_uses_up_the_proof_of_another),
        world_test(sc_02_of_many_that_use_a_proof_at_once_one_is_served),
        world_test(sc_03_a_proof_for_another_request_is_refused),
        world_test(sc_04_a_proof_of_another_hour_is_refused),
        world_test(sc_07_what_is_no_proof_is_refused),
        world_test(sc_09_a_proof_must_be_of_the_token_and_by_its_key),
        world_test(sc_10_a_bound_token_is_none_for_the_bearer),
        world_test(a_token_without_a_key_is_for_the_bearer),
        world_test(sc_11_a_public_partner_refreshes_with_the_key_it_began_with),
        world_test(who_has_the_key_may_repeat_a_refresh),
        world_test(a_partner_that_proves_itself_may_change_its_key),
        world_test(sc_12_a_code_for_a_key_is_good_with_that_key),
        world_test(a_key_that_is_no_thumbprint_is_told_to_the_partner),
        world_test(a_partner_that_registered_it_gets_no_token_without_a_proof),
        with_nonces(sc_05_a_nonce_is_asked_for_and_good_for_some_minutes),
        with_nonces(sc_05_where_a_token_is_used_too),
    };

    return cmocka_run_group_tests(tests, world_group_setup, group_teardown);
}
