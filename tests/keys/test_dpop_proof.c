/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/dpop_proof.h"
#include "tests/keys/kit.h"

#include "tests/keys/vectors.h"

/* RFC 9449, figures 1 and 5. */
#define RFC9449_PROOF                                                                              \
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNo" \
    "UklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERW" \
    "clUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh" \
    "0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8" \
    "v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg"
#define RFC9449_THUMBPRINT "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"

#define CLAIMS "{\"jti\":\"j\"}"

static void
the_example_of_the_rfc_holds(void **state)
{
    struct dpop_proof proof;
    const char *htu;

    assert_int_equal(dpop_proof_open(*state, RFC9449_PROOF, &proof), OK);
    assert_string_equal(proof.thumbprint, RFC9449_THUMBPRINT);
    assert_int_equal(member_text(proof.claims, "htu", 100, &htu), OK);
    assert_string_equal(htu, "https://server.example.com/token");
}

static void
a_proof_with_an_edwards_key_holds(void **state)
{
    struct arena *arena = *state;
    struct signing_key key = signing_key_new(arena, JWS_EDDSA, 1);
    struct dpop_proof proof;

    assert_int_equal(dpop_proof_open(arena,
                                     token_signed(arena, key.key, JWS_EDDSA,
                                                  arena_printf(arena,
                                                               "{\"typ\":\"dpop+jwt\",\"alg\":"
                                                               "\"EdDSA\",\"jwk\":%s}",
                                                               key.jwk),
                                                  CLAIMS),
                                     &proof),
                     OK);
    assert_string_equal(proof.thumbprint, key.kid);
    EVP_PKEY_free(key.key);
}

static enum err
opened(struct arena *arena, EVP_PKEY *key, enum jws_alg alg, const char *header)
{
    struct dpop_proof proof;

    return dpop_proof_open(arena, token_signed(arena, key, alg, header, CLAIMS), &proof);
}

/* SC-06, SC-07: "%s" stands for the public key. */
static void
sc_06_a_header_that_is_not_a_proofs_is_refused(void **state)
{
    static const char *const headers[] = {
        "{\"alg\":\"ES256\",\"jwk\":%s}",
        "{\"typ\":\"JWT\",\"alg\":\"ES256\",\"jwk\":%s}",
        "{\"typ\":\"DPOP+JWT\",\"alg\":\"ES256\",\"jwk\":%s}",
        "{\"typ\":\"dpop+jwt\",\"jwk\":%s}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"none\",\"jwk\":%s}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"HS256\",\"jwk\":%s}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"RS256\",\"jwk\":%s}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"PS256\",\"jwk\":%s}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\"}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":\"k\"}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{}}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":%s,\"jwk\":%s}",
        "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"crit\":[\"jwk\"],\"jwk\":%s}",
    };
    struct arena *arena = *state;
    struct signing_key key = signing_key_new(arena, JWS_ES256, 1);

    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        const char *at = strstr(headers[i], "%s");
        const char *header = at == NULL ? headers[i]
                                        : arena_printf(arena, "%.*s%s%s", (int)(at - headers[i]),
                                                       headers[i], key.jwk, strchr(at, 's') + 1);

        if (opened(arena, key.key, JWS_ES256, header) != ERR_INVALID)
            fail_msg("%s", header);
    }
    EVP_PKEY_free(key.key);
}

static void
sc_06_a_private_key_in_the_header_is_refused(void **state)
{
    struct arena *arena = *state;
    struct signing_key key = signing_key_new(arena, JWS_ES256, 1);
    const char *private_jwk =
        arena_printf(arena, "%.*s,\"d\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\"}",
                     (int)strlen(key.jwk) - 1, key.jwk);

    assert_int_equal(
        opened(arena, key.key, JWS_ES256,
               arena_printf(arena, "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":%s}",
                            private_jwk)),
        ERR_INVALID);
    EVP_PKEY_free(key.key);
}

static void
sc_07_a_signature_by_another_key_does_not_hold(void **state)
{
    struct arena *arena = *state;
    struct signing_key key = signing_key_new(arena, JWS_ES256, 1);
    struct signing_key other = signing_key_new(arena, JWS_ES256, 2);

    assert_int_equal(
        opened(arena, other.key, JWS_ES256,
               arena_printf(arena, "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":%s}", key.jwk)),
        ERR_FORGED);
    EVP_PKEY_free(key.key);
    EVP_PKEY_free(other.key);
}

static void
what_is_no_token_at_all_is_refused(void **state)
{
    static const char *const texts[] = {
        "", ".", "a.b", "a.b.c", RFC8037_TOKEN, RFC9449_PROOF ".x"
    };
    struct dpop_proof proof;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_int_equal(dpop_proof_open(*state, texts[i], &proof), ERR_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_example_of_the_rfc_holds),
        TEST(a_proof_with_an_edwards_key_holds),
        TEST(sc_06_a_header_that_is_not_a_proofs_is_refused),
        TEST(sc_06_a_private_key_in_the_header_is_refused),
        TEST(sc_07_a_signature_by_another_key_does_not_hold),
        TEST(what_is_no_token_at_all_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
