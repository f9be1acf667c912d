/* SPDX-License-Identifier: Apache-2.0 */
/* For whom a client assertion is meant: CA-09 and JW-22 of the attack catalogue, ADR 0027. */
#include "tests/world.h"

#include "tests/protocols/oauth2/assertion_kit.h"

#define TOKEN_ENDPOINT WORLD_ISSUER "/oauth2/token"

/* S22: the official suite and most libraries name the token endpoint, some in a list. */
static void
the_audience_is_the_issuer_or_the_token_endpoint(void **state)
{
    static const char *const audiences[] = {
        "\"" WORLD_ISSUER "\"",
        "[\"" WORLD_ISSUER "\"]",
        "\"" TOKEN_ENDPOINT "\"",
        "[\"" TOKEN_ENDPOINT "\"]",
    };
    struct world *w = *state;
    struct signer signer = signer_new(w);

    for (size_t i = 0; i < sizeof(audiences) / sizeof(audiences[0]); i++) {
        struct saying pk = good(&signer, "pk");
        struct saying hs = good(&signer, "hs");

        pk.aud = hs.aud = audiences[i];
        present(w, signed_by_pk(&signer, &pk), "");
        assert_accepted(w);
        present(w, signed_by_hs(&signer, &hs), "");
        assert_accepted(w);
    }
    EVP_PKEY_free(signer.key.key);
}

static void
ca_09_jw_22_no_other_audience_is_taken_and_none_among_others(void **state)
{
    static const char *const audiences[] = {
        "\"" WORLD_ISSUER "/oauth2/par\"",
        "\"" WORLD_ISSUER "/\"",
        "\"" TOKEN_ENDPOINT "/\"",
        "\"" TOKEN_ENDPOINT "?x\"",
        "\"https://evil.test/oauth2/token\"",
        "[\"" WORLD_ISSUER "\",\"https://evil.test\"]",
        "[\"" WORLD_ISSUER "\",\"" TOKEN_ENDPOINT "\"]",
        "[[\"" WORLD_ISSUER "\"]]",
        "[]",
        "{\"0\":\"" WORLD_ISSUER "\"}",
        "\"\"",
        "null",
        "1",
    };
    struct world *w = *state;
    struct signer signer = signer_new(w);

    for (size_t i = 0; i < sizeof(audiences) / sizeof(audiences[0]); i++) {
        struct saying saying = good(&signer, "pk");

        saying.aud = audiences[i];
        assert_saying_fails(&signer, &saying, "assertion_aud");
    }
    EVP_PKEY_free(signer.key.key);
}

/* FAPI 2.0 Security Profile, 5.3.2.1. */
static void
ca_09_a_partner_registered_so_names_the_issuer_alone(void **state)
{
    struct world *w = *state;
    struct signer signer = signer_registered(w, ",\"assertion_audience\":\"issuer\"");
    struct saying pk = good(&signer, "pk");
    struct saying hs = good(&signer, "hs");

    pk.aud = hs.aud = "\"" TOKEN_ENDPOINT "\"";
    assert_fails_for(w, signed_by_pk(&signer, &pk), "", "assertion_aud");
    assert_fails_for(w, signed_by_hs(&signer, &hs), "", "assertion_aud");
    pk.aud = hs.aud = "\"" WORLD_ISSUER "\"";
    present(w, signed_by_pk(&signer, &pk), "");
    assert_accepted(w);
    present(w, signed_by_hs(&signer, &hs), "");
    assert_accepted(w);
    EVP_PKEY_free(signer.key.key);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_audience_is_the_issuer_or_the_token_endpoint),
        world_test(ca_09_jw_22_no_other_audience_is_taken_and_none_among_others),
        world_test(ca_09_a_partner_registered_so_names_the_issuer_alone),
    };

    return world_run(tests);
}
