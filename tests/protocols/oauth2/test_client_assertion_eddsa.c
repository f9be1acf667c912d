/* SPDX-License-Identifier: Apache-2.0 */
/* Assertions signed with EdDSA, which libjwt does not know: they are checked another way, and must be refused for the
 * same reasons. */
#include "tests/world.h"

#include <inttypes.h>

#include "idp/partner/registry.h"
#include "tests/keys/kit.h"

#define TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define HEADER "{\"alg\":\"EdDSA\"}"

/* "ed", and the key it registered. */
static struct signing_key
partner_with_key(struct world *w)
{
    struct signing_key key = signing_key_new(w->arena, JWS_EDDSA, 1);

    world_partners(w, arena_printf(w->arena,
                                   "{\"partners\":[{\"client_id\":\"ed\",\"client_name\":\"E\","
                                   "\"redirect_uris\":[\"https://ed.example/cb\"],"
                                   "\"token_endpoint_auth_method\":\"private_key_jwt\","
                                   "\"token_endpoint_auth_signing_alg\":\"EdDSA\","
                                   "\"grant_types\":[\"client_credentials\"],"
                                   "\"jwks\":{\"keys\":[%s]}}]}",
                                   key.jwk));
    return key;
}

static const char *
payload(struct world *w, const char *audience)
{
    return arena_printf(w->arena,
                        "{\"iss\":\"ed\",\"sub\":\"ed\",\"aud\":\"%s\",\"jti\":\"j1\","
                        "\"exp\":%" PRId64 "}",
                        audience, WORLD_NOW + 60);
}

static void
present(struct world *w, const char *assertion)
{
    world_form_post(w, "/oauth2/token",
                    "grant_type=client_credentials&client_assertion_type=" TYPE
                    "&client_assertion=%s",
                    assertion);
}

static void
assert_fails(struct world *w, const char *assertion)
{
    int64_t spent = world_rows_of(w, "spent");

    world_audit_mark(w);
    present(w, assertion);
    assert_refused(w, &problem_client_unauthenticated);
    assert_audited(w, AUDIT_CLIENT_FAILED, NULL);
    assert_int_equal(world_rows_of(w, "spent"), spent);
}

static void
a_good_assertion_authenticates_once(void **state)
{
    struct world *w = *state;
    struct signing_key key = partner_with_key(w);
    const char *assertion =
        token_signed(w->arena, key.key, JWS_EDDSA, HEADER, payload(w, WORLD_ISSUER));

    present(w, assertion);
    assert_int_equal(w->answer.status, 200);
    assert_non_null(world_json(w, "access_token"));
    assert_fails(w, assertion);
    EVP_PKEY_free(key.key);
}

static void
a_foreign_key_a_missing_signature_and_another_audience_are_refused(void **state)
{
    struct world *w = *state;
    struct signing_key key = partner_with_key(w);
    struct signing_key foreign = signing_key_new(w->arena, JWS_EDDSA, 2);
    const char *good = payload(w, WORLD_ISSUER);

    assert_fails(w, token_signed(w->arena, foreign.key, JWS_EDDSA, HEADER, good));
    assert_fails(
        w, with_signature(w->arena, signing_input(w->arena, HEADER, good), bytes_of_text("")));
    assert_fails(
        w, token_signed(w->arena, key.key, JWS_EDDSA, HEADER, payload(w, "https://other.example")));
    EVP_PKEY_free(key.key);
    EVP_PKEY_free(foreign.key);
}

/* The record of the key says the algorithm. */
static void
a_header_of_another_algorithm_is_refused(void **state)
{
    struct world *w = *state;
    struct signing_key key = partner_with_key(w);
    const char *good = payload(w, WORLD_ISSUER);

    assert_fails(w, token_signed(w->arena, key.key, JWS_EDDSA, "{\"alg\":\"ES256\"}", good));
    assert_fails(w, token_signed(w->arena, key.key, JWS_EDDSA, "{\"alg\":\"none\"}", good));
    assert_fails(
        w, token_hmac(w->arena, EVP_sha256(), bytes_of_text(key.jwk), "{\"alg\":\"HS256\"}", good));
    EVP_PKEY_free(key.key);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_good_assertion_authenticates_once),
        world_test(a_foreign_key_a_missing_signature_and_another_audience_are_refused),
        world_test(a_header_of_another_algorithm_is_refused),
    };

    return world_run(tests);
}
