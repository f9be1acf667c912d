/* SPDX-License-Identifier: Apache-2.0 */
/* Client assertions of two partners, good ones and others, and how each is answered. */
#ifndef TESTS_PROTOCOLS_OAUTH2_ASSERTION_KIT_H
#define TESTS_PROTOCOLS_OAUTH2_ASSERTION_KIT_H

#include <inttypes.h>

#include "idp/partner/registry.h"
#include "tests/keys/kit.h"
#include "tests/store_kit.h"
#include "tests/world.h"

#define TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define SECRET "hs-secret-0123456789-0123456789-0123456789"
#define ES256_HEADER "{\"alg\":\"ES256\"}"

/* Two partners beside each other: "pk" with private_key_jwt, "hs" with client_secret_jwt. */
struct signer {
    struct world *w;
    struct signing_key key;
    int jti;
};

/* `more` are further members of both registrations, ",…". */
static inline void
signer_register(const struct signer *signer, const char *more)
{
    struct world *w = signer->w;

    world_partners(w, arena_printf(w->arena,
                                   "{\"partners\":["
                                   "{\"client_id\":\"pk\",\"client_name\":\"P\","
                                   "\"redirect_uris\":[\"https://pk.example/cb\"],"
                                   "\"token_endpoint_auth_method\":\"private_key_jwt\","
                                   "\"grant_types\":[\"client_credentials\"],"
                                   "\"jwks\":{\"keys\":[%s]}%s},"
                                   "{\"client_id\":\"hs\",\"client_name\":\"H\","
                                   "\"redirect_uris\":[\"https://hs.example/cb\"],"
                                   "\"token_endpoint_auth_method\":\"client_secret_jwt\","
                                   "\"grant_types\":[\"client_credentials\"],"
                                   "\"client_secret\":\"" SECRET "\"%s}]}",
                                   signer->key.jwk, more, more));
}

static inline struct signer
signer_registered(struct world *w, const char *more)
{
    struct signer signer = { .w = w, .key = signing_key_new(w->arena, JWS_ES256, 1) };

    signer_register(&signer, more);
    return signer;
}

static inline struct signer
signer_new(struct world *w)
{
    return signer_registered(w, "");
}

/* What an assertion says. */
struct saying {
    const char *iss;
    const char *sub; /* a JSON value, "" leaves it out */
    const char *aud; /* a JSON value */
    const char *jti;
    int64_t exp_in;   /* seconds from now */
    const char *more; /* further members, ",…" */
};

static inline struct saying
good(struct signer *signer, const char *partner_id)
{
    struct arena *arena = signer->w->arena;

    return (struct saying) { .iss = partner_id,
                             .sub = arena_printf(arena, "\"%s\"", partner_id),
                             .aud = "\"" WORLD_ISSUER "\"",
                             .jti = arena_printf(arena, "j%d", signer->jti++),
                             .exp_in = 60,
                             .more = "" };
}

static inline const char *
payload_of(struct signer *signer, const struct saying *saying)
{
    struct arena *arena = signer->w->arena;
    const char *sub = saying->sub[0] != '\0' ? arena_printf(arena, ",\"sub\":%s", saying->sub) : "";

    return arena_printf(arena, "{\"iss\":\"%s\"%s,\"aud\":%s,\"jti\":\"%s\",\"exp\":%" PRId64 "%s}",
                        saying->iss, sub, saying->aud, saying->jti,
                        world_ctx(signer->w).now + saying->exp_in, saying->more);
}

static inline void
present(struct world *w, const char *assertion, const char *more)
{
    world_audit_mark(w);
    world_form_post(w, "/oauth2/token",
                    "grant_type=client_credentials&client_assertion_type=" TYPE
                    "&client_assertion=%s%s",
                    assertion, more);
}

static inline const char *
signed_by_pk(struct signer *signer, const struct saying *saying)
{
    return token_signed(signer->w->arena, signer->key.key, JWS_ES256, ES256_HEADER,
                        payload_of(signer, saying));
}

static inline const char *
signed_by_hs(struct signer *signer, const struct saying *saying)
{
    return token_hmac(signer->w->arena, EVP_sha256(), bytes_of_text(SECRET), "{\"alg\":\"HS256\"}",
                      payload_of(signer, saying));
}

static inline void
assert_accepted(struct world *w)
{
    assert_int_equal(w->answer.status, 200);
    assert_non_null(world_json(w, "access_token"));
}

/* Refused, audited, and nothing kept. */
static inline void
assert_fails_for(struct world *w, const char *assertion, const char *more, const char *reason)
{
    int64_t spent = world_rows_of(w, "spent");

    present(w, assertion, more);
    assert_refused(w, &problem_client_unauthenticated);
    assert_audited(w, AUDIT_CLIENT_FAILED, reason);
    assert_int_equal(world_rows_of(w, "spent"), spent);
}

/* None of its claims is believed, so none is named. */
static inline void
assert_fails(struct world *w, const char *assertion, const char *more)
{
    assert_fails_for(w, assertion, more, "assertion");
}

static inline void
assert_saying_fails(struct signer *signer, const struct saying *saying, const char *reason)
{
    assert_fails_for(signer->w, signed_by_pk(signer, saying), "", reason);
    world_advance(signer->w, 61); /* past the window in which failures are capped */
}

#endif
