/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/keys/kit.h"

#include "idp/base/log.h"
#include "idp/base/text.h"
#include "keys/keyring.h"

#define ROWS 8

static const struct key32 kek = { { 1, 2, 3 } };

enum {
    OF_SEAL,
    OF_DATA,
    OF_INDEX,
    OF_PEPPER,
    OF_PAIRWISE,
    SIGNS,
    ANNOUNCED,
    RETIRED
};

static struct key_row
row_new(struct arena *arena, enum key_purpose purpose, enum jws_alg alg, enum key_state state)
{
    struct key_row row;

    assert_int_equal(key_row_new(&kek, env_machine(), arena, purpose, alg, &row), OK);
    row.state = state;
    return row;
}

/* What a running house has: one of each, and three signing keys in three states. */
static struct key_row *
house(struct arena *arena)
{
    struct key_row *rows = arena_alloc(arena, 16 * sizeof(*rows));

    for (enum key_purpose purpose = KEY_SEAL; purpose <= KEY_PAIRWISE; purpose++)
        rows[purpose - KEY_SEAL] = row_new(arena, purpose, JWS_NONE, KEY_SIGNING);
    rows[SIGNS] = row_new(arena, KEY_SIGN, JWS_ES256, KEY_SIGNING);
    rows[ANNOUNCED] = row_new(arena, KEY_SIGN, JWS_ES256, KEY_ANNOUNCED);
    rows[RETIRED] = row_new(arena, KEY_SIGN, JWS_EDDSA, KEY_VERIFY_ONLY);
    return rows;
}

static struct keyring *
opened(const struct key_row *rows, size_t count)
{
    struct keyring *ring;

    assert_int_equal(keyring_open(&kek, rows, count, &ring), OK);
    return ring;
}

static enum err
refusal(const struct key32 *key, const struct key_row *rows, size_t count)
{
    struct keyring *ring = NULL;
    enum err err = keyring_open(key, rows, count, &ring);

    assert_null(ring);
    return err;
}

static void
a_new_row_says_what_it_is(void **state)
{
    struct key_row sign;
    struct key_row data;

    assert_int_equal(key_row_new(&kek, env_machine(), *state, KEY_SIGN, JWS_ES256, &sign), OK);
    assert_int_equal(key_row_new(&kek, env_machine(), *state, KEY_DATA, JWS_NONE, &data), OK);
    assert_string_equal(sign.alg, "ES256");
    assert_int_equal(sign.state, KEY_ANNOUNCED);
    assert_int_equal(strlen(sign.key_id), 43);
    assert_string_equal(data.alg, "");
    assert_int_equal(data.state, KEY_SIGNING);
    assert_true(text_starts(data.key_id, "k_"));
    assert_int_equal(data.serial, 1);
    assert_int_equal(data.next_at, 0);
    assert_true(data.created_at > 1700000000);
}

static void
without_randomness_no_key_is_made(void **state)
{
    struct key_row row = { .key_id = "untouched" };

    for (enum key_purpose purpose = KEY_SIGN; purpose <= KEY_PAIRWISE; purpose++)
        assert_int_equal(key_row_new(&kek, env_without_random(), *state, purpose, JWS_ES256, &row),
                         ERR_UNAVAILABLE);
    assert_string_equal(row.key_id, "untouched");
}

static void
no_signing_key_is_made_for_an_algorithm_that_does_not_sign(void **state)
{
    struct key_row row;

    assert_int_equal(key_row_new(&kek, env_machine(), *state, KEY_SIGN, JWS_NONE, &row),
                     ERR_INVALID);
    assert_int_equal(key_row_new(&kek, env_machine(), *state, KEY_SIGN, JWS_HS256, &row),
                     ERR_INVALID);
}

static void
all_rows_together_make_a_keyring(void **state)
{
    struct key_row *rows = house(*state);
    struct keyring *ring = opened(rows, ROWS);
    struct key32 csrf = key_derive(&ring->seal.keys[0].key, "csrf");

    assert_int_equal(ring->signing_count, 3);
    assert_int_equal(ring->seal.count, 1);
    assert_int_equal(ring->data.count, 1);
    assert_memory_equal(csrf.bytes, ring->csrf.bytes, 32);
    assert_memory_not_equal(ring->index.bytes, ring->pepper.bytes, 32);
    assert_memory_not_equal(ring->index.bytes, ring->pairwise.bytes, 32);
    assert_int_equal(ring->next_change_at, 0);
    keyring_free(ring);
    keyring_free(NULL);
}

static void
only_a_signing_key_signs_and_all_but_gone_ones_verify(void **state)
{
    struct key_row *rows = house(*state);
    struct keyring *ring;

    rows[ROWS] = row_new(*state, KEY_SIGN, JWS_RS256, KEY_GONE);
    ring = opened(rows, ROWS + 1);
    assert_string_equal(keyring_signer(ring, JWS_ES256)->kid, rows[SIGNS].key_id);
    assert_true(keyring_signs(ring, JWS_ES256));
    assert_false(keyring_signs(ring, JWS_EDDSA));
    assert_null(keyring_signer(ring, JWS_EDDSA));
    assert_null(keyring_signer(ring, JWS_RS256));
    assert_non_null(keyring_verifier(ring, rows[SIGNS].key_id));
    assert_non_null(keyring_verifier(ring, rows[ANNOUNCED].key_id));
    assert_non_null(keyring_verifier(ring, rows[RETIRED].key_id));
    assert_null(keyring_verifier(ring, rows[ROWS].key_id));
    assert_null(keyring_verifier(ring, ""));
    assert_null(keyring_verifier(ring, "../../dev/null"));
    keyring_free(ring);
}

static void
the_newest_of_several_signing_keys_signs(void **state)
{
    struct key_row *rows = house(*state);
    struct keyring *ring;

    rows[ANNOUNCED].state = KEY_SIGNING;
    rows[ANNOUNCED].created_at = rows[SIGNS].created_at + 1;
    ring = opened(rows, ROWS);
    assert_string_equal(keyring_signer(ring, JWS_ES256)->kid, rows[ANNOUNCED].key_id);
    assert_int_not_equal(ring->signing[0].serial, ring->signing[1].serial);
    keyring_free(ring);
}

static void
jw_24_the_published_set_holds_public_halves_of_all_that_verify(void **state)
{
    static const char *const secret[] = { "\"d\"", "\"p\"", "\"q\"", "\"k\"", "\"dp\"", "\"qi\"" };
    struct key_row *rows = house(*state);
    struct keyring *ring;
    struct key_set set;

    rows[ROWS] = row_new(*state, KEY_SIGN, JWS_RS256, KEY_VERIFY_ONLY);
    rows[ROWS + 1] = row_new(*state, KEY_SIGN, JWS_ES256, KEY_GONE);
    ring = opened(rows, ROWS + 2);
    assert_int_equal(key_set_import(*state, ring->jwks, &set), OK);
    assert_int_equal(set.count, 4);
    for (size_t i = 0; i < set.count; i++)
        assert_non_null(keyring_verifier(ring, set.keys[i].kid));
    for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++)
        assert_null(strstr(ring->jwks, secret[i]));
    key_set_free(&set);
    keyring_free(ring);
}

static void
b13_keys_of_a_kind_stand_together_and_what_signs_first(void **state)
{
    static const struct {
        enum jws_alg alg;
        enum key_state state;
    } order[] = { { JWS_RS256, KEY_VERIFY_ONLY },
                  { JWS_ES256, KEY_SIGNING },
                  { JWS_ES256, KEY_ANNOUNCED },
                  { JWS_EDDSA, KEY_SIGNING },
                  { JWS_EDDSA, KEY_VERIFY_ONLY } };
    struct key_row *rows = house(*state);
    struct keyring *ring;
    struct key_set set;

    rows[ROWS] = row_new(*state, KEY_SIGN, JWS_RS256, KEY_VERIFY_ONLY);
    rows[ROWS + 1] = row_new(*state, KEY_SIGN, JWS_EDDSA, KEY_SIGNING);
    ring = opened(rows, ROWS + 2);
    assert_int_equal(key_set_import(*state, ring->jwks, &set), OK);
    assert_int_equal(set.count, sizeof(order) / sizeof(order[0]));
    for (size_t i = 0; i < set.count; i++) {
        assert_int_equal(set.keys[i].alg, order[i].alg);
        assert_int_equal(keyring_verifier(ring, set.keys[i].kid)->state, order[i].state);
    }
    key_set_free(&set);
    keyring_free(ring);
}

static void
codes_have_a_set_of_their_own_and_keys_of_sm2_stand_in_no_other(void **state)
{
    struct key_row *rows = house(*state);
    const struct signing_key *sm2;
    struct keyring *ring;
    struct key_set set;

    rows[ROWS] = row_new(*state, KEY_SIGN, JWS_SM2, KEY_SIGNING);
    ring = opened(rows, ROWS + 1);
    sm2 = keyring_signer(ring, JWS_SM2);
    assert_int_equal(strlen(sm2->short_kid), JWK_SHORT_KID);
    assert_true(text_starts(sm2->kid, sm2->short_kid));
    assert_ptr_equal(keyring_code_verifier(ring, sm2->short_kid), sm2);
    assert_null(keyring_verifier(ring, sm2->kid));
    assert_null(keyring_code_verifier(ring, sm2->kid));
    assert_null(strstr(ring->jwks, "\"SM2-P-256\""));
    assert_null(strstr(ring->jwks, "\"SGD_SM3_SM2\""));
    assert_int_equal(key_set_import(*state, ring->jwks, &set), OK);
    assert_int_equal(set.count, 3);
    for (size_t i = 0; i < set.count; i++) {
        bool signs_codes = set.keys[i].alg == JWS_ES256;
        const char *name = arena_printf(*state, "\"kid\":\"%.8s\"", set.keys[i].kid);

        assert_int_equal(strstr(ring->card_jwks, name) != NULL, signs_codes);
    }
    key_set_free(&set);
    assert_non_null(strstr(ring->card_jwks, "{\"crv\":\"SM2-P-256\",\"kty\":\"EC\""));
    assert_non_null(strstr(ring->card_jwks, "\"alg\":\"SGD_SM3_SM2\""));
    assert_null(strstr(ring->card_jwks, "Ed25519"));
    keyring_free(ring);
}

static void
seal_and_data_keys_stand_newest_first(void **state)
{
    struct key_row *rows = house(*state);
    struct keyring *before = opened(rows, ROWS);
    struct keyring *after;
    struct bytes box;
    struct bytes plain;

    assert_int_equal(seal(&before->seal, env_machine(), *state, "code", bytes_of_text("x"), &box),
                     OK);
    rows[ROWS] = row_new(*state, KEY_SEAL, JWS_NONE, KEY_SIGNING);
    rows[ROWS].serial = 2;
    rows[ROWS + 1] = row_new(*state, KEY_DATA, JWS_NONE, KEY_SIGNING);
    rows[ROWS + 1].serial = 7;
    after = opened(rows, ROWS + 2);
    assert_int_equal(after->seal.count, 2);
    assert_int_equal(after->seal.keys[0].serial, 2);
    assert_int_equal(after->seal.keys[1].serial, 1);
    assert_int_equal(after->data.keys[0].serial, 7);
    assert_int_equal(seal_open(&after->seal, *state, "code", box, &plain), OK);
    assert_memory_not_equal(before->csrf.bytes, after->csrf.bytes, 32);
    keyring_free(before);
    keyring_free(after);
}

static void
the_next_change_is_the_earliest(void **state)
{
    struct key_row *rows = house(*state);
    struct keyring *ring;

    rows[SIGNS].next_at = 500;
    rows[ANNOUNCED].next_at = 300;
    rows[RETIRED].next_at = 900;
    ring = opened(rows, ROWS);
    assert_int_equal(ring->next_change_at, 300);
    keyring_free(ring);
}

static void
a_missing_purpose_is_not_found(void **state)
{
    struct key_row *rows = house(*state);

    assert_int_equal(refusal(&kek, rows, 0), ERR_NOT_FOUND);
    for (size_t left_out = OF_SEAL; left_out <= OF_PAIRWISE; left_out++) {
        struct key_row kept = rows[left_out];

        rows[left_out] = rows[ANNOUNCED];
        rows[left_out].state = KEY_GONE;
        assert_int_equal(refusal(&kek, rows, ROWS), ERR_NOT_FOUND);
        rows[left_out] = kept;
    }
    rows[SIGNS].state = KEY_VERIFY_ONLY;
    assert_int_equal(refusal(&kek, rows, ROWS), ERR_NOT_FOUND);
}

static void
rows_changed_behind_our_back_are_forged(void **state)
{
    static const struct key32 other_kek = { { 1, 2, 4 } };
    struct key_row *rows = house(*state);
    struct key_row good = rows[OF_INDEX];

    assert_int_equal(refusal(&other_kek, rows, ROWS), ERR_FORGED);
    rows[OF_INDEX].purpose = KEY_DATA;
    assert_int_equal(refusal(&kek, rows, ROWS), ERR_FORGED);
    rows[OF_INDEX] = good;
    rows[OF_INDEX].wrapped = rows[OF_PEPPER].wrapped;
    assert_int_equal(refusal(&kek, rows, ROWS), ERR_FORGED);
    rows[OF_INDEX] = good;
    rows[OF_INDEX].wrapped.size--;
    assert_int_equal(refusal(&kek, rows, ROWS), ERR_FORGED);
    rows[OF_INDEX] = good;
    rows[SIGNS].alg = "RS256";
    assert_int_equal(refusal(&kek, rows, ROWS), ERR_FORGED);
    rows[SIGNS].alg = "ES256";
    rows[SIGNS].key_id = rows[ANNOUNCED].key_id;
    assert_int_equal(refusal(&kek, rows, ROWS), ERR_FORGED);
}

static void
two_keys_where_one_may_be_are_a_conflict(void **state)
{
    struct key_row *rows = house(*state);

    rows[ROWS] = row_new(*state, KEY_SEAL, JWS_NONE, KEY_SIGNING);
    assert_int_equal(refusal(&kek, rows, ROWS + 1), ERR_CONFLICT);
    rows[ROWS] = row_new(*state, KEY_PEPPER, JWS_NONE, KEY_SIGNING);
    assert_int_equal(refusal(&kek, rows, ROWS + 1), ERR_CONFLICT);
    rows[ROWS] = row_new(*state, KEY_DATA, JWS_NONE, KEY_SIGNING);
    rows[ROWS].serial = (int64_t)UINT32_MAX + 2;
    assert_int_equal(refusal(&kek, rows, ROWS + 1), ERR_INVALID);
}

/* Wrapped by whoever has the KEK, but not what the row says: a slip of our own, or of a restore. */
static void
a_row_with_a_secret_that_is_not_of_its_kind_is_forged(void **state)
{
    static const uint8_t bytes[48] = { 7 };
    const struct seal_key wrapping = { .serial = 0, .key = kek };
    const struct seal_keys keys = { &wrapping, 1 };
    static const int rows_of[] = { OF_SEAL, OF_DATA, OF_INDEX, OF_PEPPER, OF_PAIRWISE, SIGNS };

    for (size_t i = 0; i < sizeof(rows_of) / sizeof(rows_of[0]); i++) {
        struct key_row *rows = house(*state);
        struct key_row *row = &rows[rows_of[i]];
        const char *context =
            arena_printf(*state, "key.%s.%d.%s", row->key_id, (int)row->purpose, row->alg);

        assert_int_equal(seal(&keys, env_machine(), *state, context, bytes_of(bytes, sizeof(bytes)),
                              &row->wrapped),
                         OK);
        assert_int_equal(refusal(&kek, rows, ROWS), ERR_FORGED);
    }
}

/* The id of a signing key is its thumbprint; a token that names it must be signed by it. */
static void
a_signing_key_under_the_id_of_another_is_forged(void **state)
{
    const struct seal_key wrapping = { .serial = 0, .key = kek };
    const struct seal_keys keys = { &wrapping, 1 };
    struct key_row *rows = house(*state);
    struct signing_key other = signing_key_new(*state, JWS_ES256, 1);
    const char *context = arena_printf(*state, "key.%s.%d.ES256", rows[SIGNS].key_id, KEY_SIGN);
    struct bytes secret;

    assert_int_equal(key_to_der(*state, other.key, &secret), OK);
    assert_int_equal(seal(&keys, env_machine(), *state, context, secret, &rows[SIGNS].wrapped), OK);
    assert_int_equal(refusal(&kek, rows, ROWS), ERR_FORGED);
    EVP_PKEY_free(other.key);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_row_says_what_it_is),
        TEST(without_randomness_no_key_is_made),
        TEST(no_signing_key_is_made_for_an_algorithm_that_does_not_sign),
        TEST(all_rows_together_make_a_keyring),
        TEST(only_a_signing_key_signs_and_all_but_gone_ones_verify),
        TEST(the_newest_of_several_signing_keys_signs),
        TEST(jw_24_the_published_set_holds_public_halves_of_all_that_verify),
        TEST(b13_keys_of_a_kind_stand_together_and_what_signs_first),
        TEST(codes_have_a_set_of_their_own_and_keys_of_sm2_stand_in_no_other),
        TEST(seal_and_data_keys_stand_newest_first),
        TEST(the_next_change_is_the_earliest),
        TEST(a_missing_purpose_is_not_found),
        TEST(rows_changed_behind_our_back_are_forged),
        TEST(two_keys_where_one_may_be_are_a_conflict),
        TEST(a_row_with_a_secret_that_is_not_of_its_kind_is_forged),
        TEST(a_signing_key_under_the_id_of_another_is_forged),
    };

    return cmocka_run_group_tests_name("keyring", tests, NULL, NULL);
}
