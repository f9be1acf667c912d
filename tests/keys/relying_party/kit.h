/* SPDX-License-Identifier: Apache-2.0 */
/* An issuer in memory and an application that trusts it: keys, their set, a stopped clock. */
#ifndef TESTS_KEYS_RELYING_PARTY_KIT_H
#define TESTS_KEYS_RELYING_PARTY_KIT_H

#include "tests/keys/kit.h"

#include "idp/base/buf.h"
#include "keys/relying_party/tongxing_rp.h"
#include <jansson.h>

#define ISSUER "https://login.example.gov.cn"
#define NOW 1795311300

struct issuer {
    struct arena *arena;
    struct signing_key es256;
    struct signing_key rs256;
    struct signing_key eddsa;
    struct tongxing_rp *rp;
    const char *set; /* what is fetched */
    int64_t max_age_s;
    int64_t now;
    int fetches;
    bool unreachable;
};

static inline int
issuer_fetch(void *user, struct tongxing_rp_fetch *fetch)
{
    struct issuer *issuer = user;

    issuer->fetches++;
    assert_string_equal(fetch->url, ISSUER "/oauth2/jwks");
    assert_int_equal(fetch->max_age_s, -1);
    if (issuer->unreachable)
        return 1;
    fetch->size = strlen(issuer->set);
    assert_true(fetch->size <= fetch->room);
    memcpy(fetch->body, issuer->set, fetch->size);
    fetch->max_age_s = issuer->max_age_s;
    return 0;
}

static inline int64_t
issuer_clock(void *user)
{
    return ((struct issuer *)user)->now;
}

static inline struct tongxing_rp_config
issuer_config(struct issuer *issuer)
{
    return (struct tongxing_rp_config) {
        .issuer = ISSUER,
        .jwks_url = ISSUER "/oauth2/jwks",
        .client_id = "hospital",
        .resource = "https://api.hospital.example",
        .algorithms = "ES256 RS256 EdDSA",
        .fetch = issuer_fetch,
        .now = issuer_clock,
        .user = issuer,
    };
}

static inline void
issuer_publish(struct issuer *issuer, const char *first, const char *second, const char *third)
{
    issuer->set = arena_printf(issuer->arena, "{\"keys\":[%s,%s,%s]}", first, second, third);
}

static inline int
issuer_setup(void **state)
{
    struct arena *arena = arena_new(64 << 20);
    struct issuer *issuer = arena_alloc(arena, sizeof(*issuer));
    struct tongxing_rp_config config = issuer_config(issuer);

    issuer->arena = arena;
    issuer->now = NOW;
    issuer->max_age_s = 300;
    issuer->es256 = signing_key_new(arena, JWS_ES256, 1);
    issuer->rs256 = signing_key_new(arena, JWS_RS256, 2);
    issuer->eddsa = signing_key_new(arena, JWS_EDDSA, 3);
    issuer_publish(issuer, issuer->es256.jwk, issuer->rs256.jwk, issuer->eddsa.jwk);
    assert_int_equal(tongxing_rp_open(&config, &issuer->rp), TONGXING_RP_OK);
    *state = issuer;
    return 0;
}

static inline int
issuer_teardown(void **state)
{
    struct issuer *issuer = *state;

    tongxing_rp_close(issuer->rp);
    EVP_PKEY_free(issuer->es256.key);
    EVP_PKEY_free(issuer->rs256.key);
    EVP_PKEY_free(issuer->eddsa.key);
    arena_free(issuer->arena);
    return 0;
}

#define RP_TEST(name) cmocka_unit_test_setup_teardown(name, issuer_setup, issuer_teardown)

/* The members of an object over those of another: {"a":1,"b":2} with {"b":null,"c":3} is
 * {"a":1,"c":3}. */
static inline const char *
claims_with(struct arena *arena, const char *claims, const char *changes)
{
    json_t *whole = json_loads(claims, 0, NULL);
    json_t *change = json_loads(changes, JSON_ALLOW_NUL, NULL);
    const char *name;
    json_t *value;
    char *text;
    const char *copy;

    assert_non_null(whole);
    assert_non_null(change);
    json_object_foreach(change, name, value)
    {
        if (json_is_null(value))
            json_object_del(whole, name);
        else
            json_object_set(whole, name, value);
    }
    text = json_dumps(whole, 0);
    copy = arena_text(arena, text);
    free(text);
    json_decref(whole);
    json_decref(change);
    return copy;
}

#define ID_CLAIMS                                                                                  \
    "{\"iss\":\"" ISSUER "\",\"iat\":1795311295,\"exp\":1795311595,\"aud\":\"hospital\","          \
    "\"sub\":\"n9sg9kjG\",\"sid\":\"2VBr_vQ8\",\"auth_time\":1795311200,\"nonce\":\"jVyveIVD\","   \
    "\"acr\":\"urn:hrss:acr:l2\",\"amr\":[\"sms\"]}"
#define ACCESS_CLAIMS                                                                              \
    "{\"iss\":\"" ISSUER "\",\"iat\":1795311295,\"exp\":1795311595,"                               \
    "\"aud\":[\"" ISSUER "\",\"https://api.hospital.example\"],\"sub\":\"n9sg9kjG\","              \
    "\"client_id\":\"front\",\"jti\":\"V2RBO06P\",\"scope\":\"openid realname\"}"
#define LOGOUT_CLAIMS                                                                              \
    "{\"iss\":\"" ISSUER "\",\"iat\":1795311295,\"exp\":1795311415,\"aud\":\"hospital\","          \
    "\"jti\":\"X8nyDkGK\",\"sub\":\"n9sg9kjG\",\"sid\":\"2VBr_vQ8\","                              \
    "\"events\":{\"http://schemas.openid.net/event/backchannel-logout\":{}}}"

static inline const char *
token_of(struct issuer *issuer, const struct signing_key *key, const char *typ, const char *claims)
{
    const char *header =
        arena_printf(issuer->arena, "{\"alg\":\"%s\",\"typ\":\"%s\",\"kid\":\"%s\"}",
                     jws_alg_name(key->alg), typ, key->kid);

    return token_signed(issuer->arena, key->key, key->alg, header, claims);
}

static inline enum tongxing_rp_result
check_id(struct issuer *issuer, const char *token)
{
    const struct tongxing_rp_login login = { .nonce = "jVyveIVD" };
    struct tongxing_rp_token *checked = NULL;
    enum tongxing_rp_result result = tongxing_rp_check_id(issuer->rp, token, &login, &checked);

    assert_int_equal(result == TONGXING_RP_OK, checked != NULL);
    tongxing_rp_release(checked);
    return result;
}

static inline enum tongxing_rp_result
check_access(struct issuer *issuer, const char *token)
{
    const struct tongxing_rp_access access = { .scope = "realname", .client_id = "front" };
    struct tongxing_rp_token *checked = NULL;
    enum tongxing_rp_result result = tongxing_rp_check_access(issuer->rp, token, &access, &checked);

    assert_int_equal(result == TONGXING_RP_OK, checked != NULL);
    tongxing_rp_release(checked);
    return result;
}

static inline enum tongxing_rp_result
check_logout(struct issuer *issuer, const char *token)
{
    struct tongxing_rp_token *checked = NULL;
    enum tongxing_rp_result result = tongxing_rp_check_logout(issuer->rp, token, &checked);

    assert_int_equal(result == TONGXING_RP_OK, checked != NULL);
    tongxing_rp_release(checked);
    return result;
}

#endif
