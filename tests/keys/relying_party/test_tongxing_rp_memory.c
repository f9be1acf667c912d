/* SPDX-License-Identifier: Apache-2.0 */
/* The libraries below run out of memory at any one moment; the sanitizer sees what is lost. */
#include "tests/keys/relying_party/kit.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <stdlib.h>

static int left = INT_MAX; /* allocations until the one that fails */

static bool
fails_now(void)
{
    return left != INT_MAX && left-- == 0;
}

static void *
crypto_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return fails_now() ? NULL : malloc(size);
}

static void *
crypto_realloc(void *at, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return fails_now() ? NULL : realloc(at, size);
}

static void
crypto_free(void *at, const char *file, int line)
{
    (void)file;
    (void)line;
    free(at);
}

static void *
jansson_malloc(size_t size)
{
    return fails_now() ? NULL : malloc(size);
}

/* With the n-th allocation from now failing; true when there was no n-th. */
static bool
check_failing_at(struct issuer *issuer, int n, const char *token,
                 enum tongxing_rp_result (*check)(struct issuer *issuer, const char *token),
                 enum tongxing_rp_result *out)
{
    bool came_through;

    left = n;
    *out = check(issuer, token);
    came_through = left != INT_MAX && left >= 0;
    left = INT_MAX;
    return came_through;
}

static void
without_memory_no_token_is_taken_wrongly_and_a_good_one_is_taken_later(void **state)
{
    struct issuer *issuer = *state;
    const char *good = token_of(issuer, &issuer->es256, "at+jwt", ACCESS_CLAIMS);
    char *forged = arena_text(issuer->arena, good);
    char *changed;
    enum tongxing_rp_result result;
    int n = 0;

    changed = forged + strlen(forged) - 20;
    *changed = *changed == 'A' ? 'B' : 'A'; /* still base64url, or it would not even be read */
    assert_int_equal(check_id(issuer, token_of(issuer, &issuer->es256, "JWT", ID_CLAIMS)),
                     TONGXING_RP_OK);
    while (!check_failing_at(issuer, n, forged, check_access, &result)) {
        assert_int_not_equal(result, TONGXING_RP_OK);
        n++;
    }
    assert_in_range(n, 20, 2000);
    for (n = 0; !check_failing_at(issuer, n, good, check_access, &result); n++) {
        struct tongxing_rp_config config = issuer_config(issuer);

        tongxing_rp_close(issuer->rp); /* or it would be remembered */
        assert_int_equal(tongxing_rp_open(&config, &issuer->rp), TONGXING_RP_OK);
        assert_int_equal(tongxing_rp_renew(issuer->rp), TONGXING_RP_OK);
    }
    assert_int_equal(check_access(issuer, good), TONGXING_RP_OK);
}

static void
keys_that_could_not_be_read_for_want_of_memory_are_read_later(void **state)
{
    struct issuer *issuer = *state;
    const char *token = token_of(issuer, &issuer->rs256, "JWT", ID_CLAIMS);
    enum tongxing_rp_result result;
    int n = 0;

    while (!check_failing_at(issuer, n, token, check_id, &result)) {
        issuer->now += 30;
        n += 7; /* reading a set takes hundreds of them */
    }
    issuer->now = NOW;
    assert_int_equal(check_id(issuer, token), TONGXING_RP_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        RP_TEST(without_memory_no_token_is_taken_wrongly_and_a_good_one_is_taken_later),
        RP_TEST(keys_that_could_not_be_read_for_want_of_memory_are_read_later),
    };

    if (CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free) != 1)
        return 1;
    json_set_alloc_funcs(jansson_malloc, free);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
