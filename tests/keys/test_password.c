/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/keys/kit.h"

#include <sodium.h>

#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "keys/password.h"

static const struct key32 pepper = { { 5, 6, 7 } };
static const struct password_cost cheap = { crypto_pwhash_argon2id_OPSLIMIT_MIN,
                                            crypto_pwhash_argon2id_MEMLIMIT_MIN };

static const char *
hashed(struct arena *arena, const char *password)
{
    const char *phc;

    assert_int_equal(password_hash(&cheap, arena, &pepper, password, &phc), OK);
    return phc;
}

static void
the_right_password_fits_and_no_other(void **state)
{
    static const char *const wrong[] = { "", "correct hors", "correct horse ", "Correct horse" };
    const char *phc = hashed(*state, "correct horse");

    assert_int_equal(password_verify(&cheap, &pepper, phc, "correct horse"), OK);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(password_verify(&cheap, &pepper, phc, wrong[i]), ERR_FORGED);
}

/* B14: one keyboard sends é as one character, another as two, and a blank may be a wide one. */
static void
b14_a_password_is_the_same_on_every_keyboard(void **state)
{
    static const char *const spellings[] = { "ré sumé 通行", "ré　sumé 通行" };
    int64_t runs;

    for (size_t i = 0; i < 4; i++) {
        const char *phc = hashed(*state, spellings[i % 2]);

        assert_int_equal(password_verify(&cheap, &pepper, phc, spellings[i / 2]), OK);
        assert_int_equal(password_verify(&cheap, &pepper, phc, "resume 通行"), ERR_FORGED);
    }
    runs = metric_read(METRIC_HASH_RUNS);
    assert_int_equal(password_verify(&cheap, &pepper, NULL, spellings[1]), ERR_FORGED);
    assert_int_equal(metric_read(METRIC_HASH_RUNS), runs + 2); /* as for a person we know */
}

/* The PHC string of one set before, when it was hashed as typed. */
static void
a_password_set_as_typed_still_fits(void **state)
{
    static const char typed[] = "résumé";
    struct digest digest = digest_keyed(&pepper, bytes_of_text(typed));
    char peppered[64];
    char phc[crypto_pwhash_STRBYTES];

    (void)state;
    sodium_bin2base64(peppered, sizeof(peppered), digest.bytes, sizeof(digest.bytes),
                      sodium_base64_VARIANT_ORIGINAL);
    assert_int_equal(crypto_pwhash_str_alg(phc, peppered, strlen(peppered), cheap.operations,
                                           cheap.memory_bytes, crypto_pwhash_ALG_ARGON2ID13),
                     0);
    assert_int_equal(password_verify(&cheap, &pepper, phc, typed), OK);
    assert_int_equal(password_verify(&cheap, &pepper, phc, "résumé"), ERR_FORGED);
}

static void
a_password_that_has_no_such_form_is_taken_as_typed(void **state)
{
    static const char typed[] = "👨‍👩 family ";

    assert_int_equal(password_verify(&cheap, &pepper, hashed(*state, typed), typed), OK);
}

static void
two_hashes_of_one_password_differ(void **state)
{
    assert_string_not_equal(hashed(*state, "same"), hashed(*state, "same"));
}

static void
without_the_pepper_the_password_does_not_fit(void **state)
{
    static const struct key32 other = { { 5, 6, 8 } };
    const char *phc = hashed(*state, "correct horse");

    assert_int_equal(password_verify(&cheap, &other, phc, "correct horse"), ERR_FORGED);
    assert_int_not_equal(crypto_pwhash_str_verify(phc, "correct horse", 13), 0);
}

static void
an_unknown_person_costs_a_hash_and_is_refused(void **state)
{
    int64_t runs = metric_read(METRIC_HASH_RUNS);

    (void)state;
    assert_int_equal(password_verify(&cheap, &pepper, NULL, "anything"), ERR_FORGED);
    assert_int_equal(metric_read(METRIC_HASH_RUNS), runs + 1);
}

/* Salt and hash as long as they must be. */
#define END "$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static void
a_text_that_is_no_argon2id_hash_costs_a_hash_and_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "plain",
        "$argon2i$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAA",
        "$argon2id$v=19$m=19456,t=2,p=1$"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=8",
        "$argon2id$v=19$m=x,t=1,p=1" END,
        "$argon2id$v=19$m=0,t=1,p=1" END,
        "$argon2id$v=19$m=99999999999,t=1,p=1" END,
        "$argon2id$v=19$m=8,p=1,t=1" END,
        "$argon2id$v=19$m=8,t=,p=1" END,
        "$argon2id$v=19$m=8,t=-1,p=1" END,
        "$argon2id$v=19$m=8,t=4294967296,p=1" END,
        "$argon2id$v=19$m=8,t=1,p=2" END,
        "$argon2id$v=16$m=8,t=1,p=1" END,
        "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
        "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAA!$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=8,t=1,p=1" END "$",
    };
    int64_t runs = metric_read(METRIC_HASH_RUNS);

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_int_equal(password_verify(&cheap, &pepper, texts[i], "x"), ERR_FORGED);
    assert_int_equal(metric_read(METRIC_HASH_RUNS),
                     runs + (int64_t)(sizeof(texts) / sizeof(texts[0])));
    assert_int_equal(password_verify(&cheap, &pepper, "$argon2id$nonsense", "x"), ERR_FORGED);
}

static void
a_hash_of_other_cost_still_verifies_but_wants_a_rehash(void **state)
{
    const char *phc;

    assert_int_equal(password_hash(&password_cost, *state, &pepper, "x", &phc), OK);
    assert_true(text_starts(phc, "$argon2id$v=19$m=19456,t=2,p=1$"));
    assert_false(password_needs_rehash(&password_cost, phc));
    assert_int_equal(password_verify(&cheap, &pepper, phc, "x"), OK);
    assert_int_equal(password_verify(&password_cost, &pepper, hashed(*state, "y"), "y"), OK);
    assert_true(password_needs_rehash(&password_cost, hashed(*state, "y")));
    assert_true(password_needs_rehash(&password_cost, "no hash"));
}

/* Nobody is told that her password is wrong because the machine had no memory. */
static void
without_memory_it_is_unavailable_and_not_wrong(void **state)
{
    static const struct password_cost vast = { 1, SIZE_MAX / 4096 };
    const char *good = hashed(*state, "x");
    const char *phc = "unset";

    assert_int_equal(password_hash(&vast, *state, &pepper, "x", &phc), ERR_UNAVAILABLE);
    assert_string_equal(phc, "unset");
    assert_int_equal(password_verify(&cheap, &pepper, good, "x"), OK);
    /* 953 GiB, which no machine here gives to anybody. */
    assert_int_equal(password_verify(&cheap, &pepper,
                                     "$argon2id$v=19$m=999999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA"
                                     "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                     "x"),
                     ERR_UNAVAILABLE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_right_password_fits_and_no_other),
        TEST(b14_a_password_is_the_same_on_every_keyboard),
        TEST(a_password_set_as_typed_still_fits),
        TEST(a_password_that_has_no_such_form_is_taken_as_typed),
        TEST(two_hashes_of_one_password_differ),
        TEST(without_the_pepper_the_password_does_not_fit),
        TEST(an_unknown_person_costs_a_hash_and_is_refused),
        TEST(a_text_that_is_no_argon2id_hash_costs_a_hash_and_is_refused),
        TEST(a_hash_of_other_cost_still_verifies_but_wants_a_rehash),
        TEST(without_memory_it_is_unavailable_and_not_wrong),
    };

    return cmocka_run_group_tests_name("password", tests, NULL, NULL);
}
