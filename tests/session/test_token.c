/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens as such: what is ours, of which kind, for how long, and whom they name. */
#include <string.h>

#include "idp/base/json.h"
#include "idp/base/metrics.h"
#include "idp/base/pack.h"
#include "idp/partner/registry.h"
#include "idp/session/fresh.h"
#include "idp/session/revocation.h"
#include "idp/session/token.h"
#include "keys/jws.h"
#include "keys/seal.h"
#include "tests/keys/kit.h"
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
    assert_int_equal(opened(w, token, &access), OK); /* checked before, and remembered */
    assert_int_equal(metric_read(METRIC_TOKENS_FRESH_HITS), hits + 2);
}

static void
what_was_checked_once_is_forged_with_one_byte_changed(void **state)
{
    struct world *w = *state;
    char *token = arena_text(w->arena, access_token(w, "g_1"));
    struct access access;

    assert_int_equal(opened(w, token, &access), OK);
    token[strlen(token) - 10] ^= 1;
    assert_int_equal(opened(w, token, &access), ERR_FORGED);
    assert_int_equal(opened(w, token, &access), ERR_FORGED);
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

#define TYPED_JWT                                                                                  \
    "{\"partners\":[{\"client_id\":\"webhall\",\"client_name\":\"W\","                             \
    "\"redirect_uris\":[\"https://app.example/cb\"],\"scope\":\"openid profile\","                 \
    "\"client_secret\":\"webhall-secret-0123456789-0123456789-0123456789\","                       \
    "\"id_token_signed_response_alg\":\"ES256\",\"access_token_typ\":\"JWT\"}]}"

static const char *
typ_of(struct world *w, const char *token)
{
    struct jws jws;

    assert_int_equal(jws_read(w->arena, token, &jws), OK);
    return jws.typ;
}

/* Where both kinds are typed JWT, and made by one key, neither passes for the other. */
static void
k1_access_tokens_typed_jwt_and_id_tokens_are_still_told_apart(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct world_tokens tokens;
    struct access access;
    struct hint hint;

    world_partners(w, TYPED_JWT);
    tokens = world_login_tokens(w, "webhall");
    assert_string_equal(typ_of(w, tokens.access), "JWT");
    assert_string_equal(typ_of(w, tokens.id), "JWT");
    assert_int_equal(access_token_open(&ctx, tokens.access, &access), OK);
    assert_string_equal(access.client_id, "webhall");
    assert_int_equal(id_token_hint_open(&ctx, tokens.id, &hint), OK);
    assert_int_equal(access_token_open(&ctx, tokens.id, &access), ERR_FORGED);
    assert_int_equal(id_token_hint_open(&ctx, tokens.access, &hint), ERR_FORGED);
}

static void
k1_no_id_token_gets_in_where_an_access_token_is_asked_for(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens;

    world_partners(w, TYPED_JWT);
    tokens = world_login_tokens(w, "webhall");
    assert_true(world_token_works(w, tokens.access));
    world_send(w, &(struct world_call) { .target = "/oidc/userinfo",
                                         .authorization =
                                             arena_printf(w->arena, "Bearer %s", tokens.id) });
    assert_refused(w, &problem_bearer_invalid);
    world_partner_post(w, "webhall", "/oauth2/introspect", "token=%s", tokens.id);
    assert_string_equal(w->answer.body, "{\"active\":false}");
    world_authorize(w, "webhall",
                    arena_printf(w->arena, "&prompt=none&id_token_hint=%s", tokens.access));
    assert_refused_by_redirect(w, "webhall", &problem_hint_invalid);
    world_get(w, arena_printf(w->arena, "/oidc/logout?id_token_hint=%s", tokens.access));
    assert_null(world_header(w, "Location"));
    assert_true(world_token_works(w, tokens.access)); /* asked first: nothing has ended */
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

/* --- Layouts of refresh tokens (docs/adr/0015) --- */

/* As the program sealed it before there were layouts, under the key 1, 2, 3 … with serial 7. */
#define TOKEN_OF_BEFORE                                                                            \
    "rt_AQAAAAejEon7xim92hVzu13NeCgZw3fU1oVjet9jmEq4r8N2LbSSTiOAu-2sInQzF15oBRQWPBguLX-MBy6YEih9"  \
    "rOWZj7xmY0upsg_MoHBujSRvaWSRng"
#define PLAIN_OF_BEFORE "\0\x18g_3kTmJ0aWb2Q1x5uYfV8sZw\0\7webhall\0\0\0\0\0\0\0\51"

struct sealing {
    struct seal_key key;
    struct seal_keys keys;
    struct keyring ring;
    struct ctx ctx;
};

static void
sealing_begin(struct world *w, struct sealing *out)
{
    *out = (struct sealing) { .key.serial = 7, .ctx = world_ctx(w) };
    for (size_t i = 0; i < sizeof(out->key.key.bytes); i++)
        out->key.key.bytes[i] = (uint8_t)(i + 1);
    out->ring = *out->ctx.keys;
    out->ring.seal = (struct seal_keys) { &out->key, 1 };
    out->ctx.keys = &out->ring;
}

/* What is in a refresh token that is issued now. */
static struct bytes
plain_of_issued(struct sealing *sealing)
{
    const struct refresh refresh = { "g_3kTmJ0aWb2Q1x5uYfV8sZw", "webhall", 41 };
    struct ctx *ctx = &sealing->ctx;
    struct bytes plain;
    const char *token;

    assert_int_equal(refresh_token_issue(ctx, &refresh, &token), OK);
    assert_int_equal(
        seal_text_open(&ctx->keys->seal, ctx->arena, "refresh.1", token + strlen("rt_"), &plain),
        OK);
    return plain;
}

static void
a_refresh_token_from_before_there_were_layouts_still_opens(void **state)
{
    struct sealing sealing;
    struct refresh refresh;

    sealing_begin(*state, &sealing);
    assert_int_equal(refresh_token_open(&sealing.ctx, TOKEN_OF_BEFORE, &refresh), OK);
    assert_string_equal(refresh.grant_id, "g_3kTmJ0aWb2Q1x5uYfV8sZw");
    assert_string_equal(refresh.partner_id, "webhall");
    assert_int_equal(refresh.generation, 41);
}

static void
told_so_a_refresh_token_is_written_as_before(void **state)
{
    struct world *w = *state;
    struct sealing sealing;
    struct bytes plain;

    sealing_begin(w, &sealing);
    w->settings.upgrade.sealed_layout = 0;
    plain = plain_of_issued(&sealing);
    assert_int_equal(plain.size, sizeof(PLAIN_OF_BEFORE) - 1);
    assert_memory_equal(plain.at, PLAIN_OF_BEFORE, plain.size);
}

static void
untold_a_refresh_token_is_written_in_the_newest_layout(void **state)
{
    struct sealing sealing;
    struct bytes plain;

    sealing_begin(*state, &sealing);
    plain = plain_of_issued(&sealing);
    assert_int_equal(plain.at[0], PACK_LAYOUT);
}

static void
a_refresh_token_of_a_newer_layout_is_refused(void **state)
{
    static const char newer[] = "\xff" PLAIN_OF_BEFORE "more";
    struct sealing sealing;
    struct ctx *ctx = &sealing.ctx;
    struct refresh refresh;
    const char *text;

    sealing_begin(*state, &sealing);
    assert_int_equal(seal_text(&ctx->keys->seal, ctx->env, ctx->arena, "refresh.1",
                               bytes_of(newer, sizeof(newer) - 1), &text),
                     OK);
    assert_int_equal(refresh_token_open(ctx, arena_printf(ctx->arena, "rt_%s", text), &refresh),
                     ERR_FORGED);
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
    assert_int_equal(
        logout_token_issue(&ctx, partner_of(w, "webhall"), subject_person("p_1"), "s_1", &token),
        ERR_UNAVAILABLE);
}

/* Z6; the rest of it is tests/session/test_stop.c. */
static void
z6_a_token_of_before_the_partner_came_back_is_dead_and_its_hint_is_not(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct partner *webhall = (struct partner *)partner_of(w, "webhall");
    struct identity identity = { .subject = { SUBJECT_PERSON, "p_1" },
                                 .sid = "s_1",
                                 .grant_id = "g_1",
                                 .nonce = "",
                                 .acr = "",
                                 .amr = "pwd" };
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

/* The same words, under a key that our keyring does not have, and under the name of one that it has. */
static void
a_token_signed_by_a_key_that_is_not_ours_is_refused(void **state)
{
    struct world *w = *state;
    const char *token = access_token(w, "g_1");
    struct signing_key foreign = signing_key_new(w->arena, JWS_ES256, UINT64_MAX);
    struct access access;
    struct jws ours;

    assert_int_equal(jws_read(w->arena, token, &ours), OK);
    for (int i = 0; i < 2; i++) {
        struct buf forged = buf_new(w->arena, 1024);

        assert_int_equal(jws_sign(&foreign, ours.typ, ours.payload, &forged), OK);
        assert_int_equal(opened(w, forged.at, &access), ERR_FORGED);
        foreign.kid = ours.kid;
    }
    EVP_PKEY_free(foreign.key);
}

static void
released_claims_stand_beside_our_own_in_the_id_token(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct identity identity = {
        .subject = { SUBJECT_PERSON, "p_1" }, .sid = "s_1", .nonce = "n", .acr = "", .amr = "pwd"
    };
    const char *token;
    struct jws jws;
    const char *name;

    identity.claims = "{\"name\":\"张三\",\"phone_number_verified\":true}";
    assert_int_equal(id_token_issue(&ctx, partner_of(w, "webhall"), &identity, &token), OK);
    assert_int_equal(jws_read(w->arena, token, &jws), OK);
    assert_int_equal(member_text(json_read(w->arena, jws.payload), "name", 64, &name), OK);
    assert_string_equal(name, "张三");
    assert_int_equal(member_text(json_read(w->arena, jws.payload), "nonce", 64, &name), OK);
    assert_string_equal(name, "n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(an_access_token_is_read_back_as_it_was_made),
        world_test(a_token_seen_as_fresh_costs_no_signature_and_one_unknown_does),
        world_test(what_was_checked_once_is_forged_with_one_byte_changed),
        world_test(a_fresh_token_is_revoked_and_expires_like_any_other),
        world_test(a_token_of_another_issuer_under_our_keys_is_not_ours),
        world_test(each_kind_of_token_opens_as_its_own_kind_only),
        world_test(k1_access_tokens_typed_jwt_and_id_tokens_are_still_told_apart),
        world_test(k1_no_id_token_gets_in_where_an_access_token_is_asked_for),
        world_test(a_code_is_no_refresh_token_although_sealed_alike),
        world_test(a_refresh_token_from_before_there_were_layouts_still_opens),
        world_test(told_so_a_refresh_token_is_written_as_before),
        world_test(untold_a_refresh_token_is_written_in_the_newest_layout),
        world_test(a_refresh_token_of_a_newer_layout_is_refused),
        world_test(subjects_and_sessions_are_pairwise),
        world_test(without_randomness_no_token_is_made),
        world_test(z6_a_token_of_before_the_partner_came_back_is_dead_and_its_hint_is_not),
        world_test(a_token_signed_by_a_key_that_is_not_ours_is_refused),
        world_test(released_claims_stand_beside_our_own_in_the_id_token),
    };

    return world_run(tests);
}
