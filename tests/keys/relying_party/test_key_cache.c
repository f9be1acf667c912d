/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/relying_party/key_cache.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "tests/keys/relying_party/kit.h"

static const char *
access_by(struct issuer *issuer, const struct signing_key *key)
{
    return token_of(issuer, key, "at+jwt",
                    claims_with(issuer->arena, ACCESS_CLAIMS, "{\"exp\":1999999999}"));
}

static void
keys_are_kept_as_long_as_max_age_says(void **state)
{
    struct issuer *issuer = *state;

    assert_int_equal(tongxing_rp_renew(issuer->rp), TONGXING_RP_OK);
    issuer->now += 299;
    assert_int_equal(tongxing_rp_renew(issuer->rp), TONGXING_RP_OK);
    assert_int_equal(issuer->fetches, 1);
    issuer->now += 1;
    assert_int_equal(tongxing_rp_renew(issuer->rp), TONGXING_RP_OK);
    assert_int_equal(issuer->fetches, 2);
}

/* Never oftener than retry_s, at least once a day, and after 300 s when nothing is said. */
static void
an_odd_max_age_has_bounds(void **state)
{
    static const int64_t cases[][2] = {
        { -1, 300 }, { 0, 30 }, { 29, 30 }, { 31, 31 }, { 9999999, 86400 }
    };
    struct issuer *issuer = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int before;

        issuer->now += 100000;
        issuer->max_age_s = cases[i][0];
        assert_int_equal(tongxing_rp_renew(issuer->rp), TONGXING_RP_OK);
        before = issuer->fetches;
        issuer->now += cases[i][1] - 1;
        assert_int_equal(tongxing_rp_renew(issuer->rp), TONGXING_RP_OK);
        assert_int_equal(issuer->fetches, before);
        issuer->now += 1;
        assert_int_equal(tongxing_rp_renew(issuer->rp), TONGXING_RP_OK);
        assert_int_equal(issuer->fetches, before + 1);
    }
}

static void
an_unknown_kid_fetches_anew_once_in_30_seconds(void **state)
{
    struct issuer *issuer = *state;
    struct signing_key next = signing_key_new(issuer->arena, JWS_ES256, 30);
    const char *token = access_by(issuer, &next);

    assert_int_equal(check_access(issuer, access_by(issuer, &issuer->es256)), TONGXING_RP_OK);
    issuer->now += 30;
    assert_int_equal(check_access(issuer, token), TONGXING_RP_UNKNOWN_KEY);
    assert_int_equal(issuer->fetches, 2);
    issuer_publish(issuer, issuer->es256.jwk, next.jwk, issuer->eddsa.jwk);
    issuer->now += 29;
    for (int i = 0; i < 100; i++)
        assert_int_equal(check_access(issuer, token), TONGXING_RP_UNKNOWN_KEY);
    assert_int_equal(issuer->fetches, 2);
    issuer->now += 1;
    assert_int_equal(check_access(issuer, token), TONGXING_RP_OK);
    assert_int_equal(issuer->fetches, 3);
    EVP_PKEY_free(next.key);
}

static void
a_token_without_kid_names_no_key(void **state)
{
    struct issuer *issuer = *state;

    assert_int_equal(check_id(issuer, token_signed(issuer->arena, issuer->es256.key, JWS_ES256,
                                                   "{\"alg\":\"ES256\"}", ID_CLAIMS)),
                     TONGXING_RP_UNKNOWN_KEY);
}

static void
jw_29_a_fetch_that_fails_leaves_the_old_keys(void **state)
{
    static const char *const broken[] = { "",
                                          "{",
                                          "{\"keys\":[]}",
                                          "{\"keys\":7}",
                                          "[]",
                                          "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}",
                                          "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\"}]}" };
    struct issuer *issuer = *state;
    const char *token = access_by(issuer, &issuer->es256);

    assert_int_equal(check_access(issuer, token), TONGXING_RP_OK);
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        issuer->set = broken[i];
        issuer->now += 300;
        assert_int_equal(check_access(issuer, token), TONGXING_RP_OK);
        assert_int_equal(issuer->fetches, 2 + i);
    }
    issuer->unreachable = true;
    issuer->now = NOW + 86400;
    assert_int_equal(check_access(issuer, token), TONGXING_RP_OK);
}

static void
keys_that_could_not_be_renewed_for_a_day_are_not_used(void **state)
{
    struct issuer *issuer = *state;
    const char *token = token_of(issuer, &issuer->es256, "JWT",
                                 claims_with(issuer->arena, ID_CLAIMS, "{\"exp\":1999999999}"));

    assert_int_equal(check_id(issuer, token), TONGXING_RP_OK);
    issuer->unreachable = true;
    issuer->now += 86401;
    assert_int_equal(check_id(issuer, token), TONGXING_RP_KEYS_UNREACHABLE);
    assert_int_equal(tongxing_rp_renew(issuer->rp), TONGXING_RP_KEYS_UNREACHABLE);
    issuer->unreachable = false;
    issuer->now += 30;
    assert_int_equal(check_id(issuer, token), TONGXING_RP_OK);
}

static void
without_any_keys_a_token_is_not_judged(void **state)
{
    struct issuer *issuer = *state;
    const char *token = access_by(issuer, &issuer->es256);

    issuer->unreachable = true;
    assert_int_equal(check_access(issuer, token), TONGXING_RP_KEYS_UNREACHABLE);
    issuer->unreachable = false;
    issuer->now += 29;
    assert_int_equal(check_access(issuer, token), TONGXING_RP_KEYS_UNREACHABLE);
    assert_int_equal(issuer->fetches, 1);
    issuer->now += 1;
    assert_int_equal(check_access(issuer, token), TONGXING_RP_OK);
}

static void
a_clock_that_is_set_back_stops_no_fetch(void **state)
{
    struct issuer *issuer = *state;
    struct signing_key next = signing_key_new(issuer->arena, JWS_ES256, 31);

    assert_int_equal(tongxing_rp_renew(issuer->rp), TONGXING_RP_OK);
    issuer->now = 1000;
    issuer_publish(issuer, next.jwk, issuer->rs256.jwk, issuer->eddsa.jwk);
    check_access(issuer, access_by(issuer, &next));
    assert_int_equal(issuer->fetches, 2);
    EVP_PKEY_free(next.key);
}

/* RFC 7517, 5: what is not understood is no reason to do without the rest. */
static void
keys_of_no_use_are_passed_over(void **state)
{
    struct issuer *issuer = *state;

    issuer_publish(issuer, "{\"kty\":\"EC\",\"crv\":\"SM2\",\"x\":\"AA\",\"y\":\"AA\"}", "null",
                   issuer->es256.jwk);
    assert_int_equal(check_access(issuer, access_by(issuer, &issuer->es256)), TONGXING_RP_OK);
}

/* The same name for keys of two kinds. */
static void
a_kid_is_of_one_algorithm(void **state)
{
    struct issuer *issuer = *state;
    const char *header =
        arena_printf(issuer->arena, "{\"alg\":\"RS256\",\"kid\":\"%s\"}", issuer->es256.kid);

    assert_int_equal(check_id(issuer, token_signed(issuer->arena, issuer->rs256.key, JWS_RS256,
                                                   header, ID_CLAIMS)),
                     TONGXING_RP_UNKNOWN_KEY);
}

/* A fetch that hangs until it is let go. */
static atomic_bool fetching;
static atomic_bool go_on;

static int
slow_fetch(void *user, struct tongxing_rp_fetch *fetch)
{
    int result = issuer_fetch(user, fetch);

    if (((struct issuer *)user)->fetches == 2) {
        atomic_store(&fetching, true);
        while (!atomic_load(&go_on))
            sched_yield();
    }
    return result;
}

static void *
renew(void *state)
{
    assert_int_equal(tongxing_rp_renew(((struct issuer *)state)->rp), TONGXING_RP_OK);
    return NULL;
}

static void
others_go_on_with_the_old_keys_while_one_fetches(void **state)
{
    struct issuer *issuer = *state;
    struct tongxing_rp_config config = issuer_config(issuer);
    const char *token = access_by(issuer, &issuer->es256);
    pthread_t thread;

    tongxing_rp_close(issuer->rp);
    config.fetch = slow_fetch;
    assert_int_equal(tongxing_rp_open(&config, &issuer->rp), TONGXING_RP_OK);
    assert_int_equal(check_access(issuer, token), TONGXING_RP_OK);
    issuer->now += 300;
    assert_int_equal(pthread_create(&thread, NULL, renew, issuer), 0);
    while (!atomic_load(&fetching))
        sched_yield();
    assert_int_equal(check_access(issuer, token), TONGXING_RP_OK);
    assert_int_equal(check_access(issuer, access_by(issuer, &issuer->rs256)), TONGXING_RP_OK);
    atomic_store(&go_on, true);
    pthread_join(thread, NULL);
    assert_int_equal(issuer->fetches, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        RP_TEST(keys_are_kept_as_long_as_max_age_says),
        RP_TEST(an_odd_max_age_has_bounds),
        RP_TEST(an_unknown_kid_fetches_anew_once_in_30_seconds),
        RP_TEST(a_token_without_kid_names_no_key),
        RP_TEST(jw_29_a_fetch_that_fails_leaves_the_old_keys),
        RP_TEST(keys_that_could_not_be_renewed_for_a_day_are_not_used),
        RP_TEST(without_any_keys_a_token_is_not_judged),
        RP_TEST(a_clock_that_is_set_back_stops_no_fetch),
        RP_TEST(keys_of_no_use_are_passed_over),
        RP_TEST(a_kid_is_of_one_algorithm),
        RP_TEST(others_go_on_with_the_old_keys_while_one_fetches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
