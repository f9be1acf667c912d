/* SPDX-License-Identifier: Apache-2.0 */
/* Holders of keys, their proofs, and requests with them, for the tests of DPoP. */
#ifndef TESTS_PROTOCOLS_HTTP_DPOP_KIT_H
#define TESTS_PROTOCOLS_HTTP_DPOP_KIT_H

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

static inline struct holder
holder_new(struct world *w)
{
    struct holder holder = { .w = w, .key = signing_key_new(w->arena, JWS_ES256, 1) };

    assert_in_range(key_count, 0, HOLDERS_MAX - 1);
    keys[key_count++] = holder.key.key;
    return holder;
}

static inline int
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

static inline const char *
member(struct world *w, const char *name, const char *value)
{
    return value != NULL ? arena_printf(w->arena, ",\"%s\":\"%s\"", name, value) : "";
}

static inline const char *
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

static inline const char *
token_proof(struct holder *holder)
{
    return proof_of(holder, &(struct proving) { .method = "POST", .uri = TOKEN_URI });
}

static inline const char *
userinfo_proof(struct holder *holder, const char *token)
{
    return proof_of(holder,
                    &(struct proving) { .method = "GET", .uri = USERINFO_URI, .token = token });
}

static inline void
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

static inline const char *
code_form(struct world *w, const char *partner_id, const char *code)
{
    const struct partner *partner = registry_find(w->services.registry, partner_id);

    return arena_printf(
        w->arena,
        "grant_type=authorization_code&code=%s&redirect_uri=%s&code_verifier=" WORLD_VERIFIER,
        world_url(w, code), world_url(w, partner->profile.redirect_uris.at[0]));
}

static inline const char *
refresh_form(struct world *w, const char *token)
{
    return arena_printf(w->arena, "grant_type=refresh_token&refresh_token=%s", world_url(w, token));
}

static inline struct world_tokens
bound_tokens(struct holder *holder, const char *partner_id)
{
    struct world *w = holder->w;

    ask_tokens(w, partner_id, code_form(w, partner_id, world_code(w, partner_id)),
               token_proof(holder));
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "token_type"), "DPoP");
    return world_tokens_of(w);
}

static inline void
ask_userinfo(struct world *w, const char *scheme, const char *token, const char *dpop)
{
    world_audit_mark(w);
    world_send(
        w, &(struct world_call) { .target = "/oidc/userinfo",
                                  .authorization = arena_printf(w->arena, "%s %s", scheme, token),
                                  .dpop = dpop });
}

static inline void
assert_challenged(struct world *w, const char *scheme, const char *code)
{
    const char *challenge = world_header(w, "WWW-Authenticate");

    assert_int_equal(w->answer.status, 401);
    assert_true(text_starts(challenge, scheme));
    assert_non_null(strstr(challenge, arena_printf(w->arena, "error=\"%s\"", code)));
}

#endif
