/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/policies/kit.h"

#include "policies/signing_alg.h"

/* Discovery and registration show them in this order, the usual one first. */
static void
key_pairs_and_secrets_have_their_own_algorithms(void **state)
{
    (void)state;
    assert_string_equal(ALGS_OF_KEYS, "ES256 RS256 EdDSA");
    assert_string_equal(ALGS_OF_SECRETS, "HS256");
    assert_string_equal(ALGS_OF_ASSERTIONS, "ES256 RS256 EdDSA HS256");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_pairs_and_secrets_have_their_own_algorithms),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
