/* SPDX-License-Identifier: Apache-2.0 */
/* Card codes: their form, what they tell, and when they are good. */
#include "tests/world.h"

#include <string.h>

#include "idp/base/json.h"
#include "idp/base/text.h"
#include "idp/card/code.h"
#include "keys/jws.h"
#include "keys/key_pair.h"

#define CARD "c_0123456789abcdefghijkA"
#define SID "s_ABCDEFGHIJKLMNOPQRSTUA"

static const char *
issued(struct world *w, enum card_purpose purpose)
{
    struct ctx ctx = world_ctx(w);
    const char *code = NULL;

    assert_int_equal(card_code_issue(&ctx, &(struct card_code_order) { CARD, SID, purpose }, &code),
                     OK);
    return arena_text(w->arena, code);
}

static enum err
opened(struct world *w, const char *text)
{
    struct ctx ctx = world_ctx(w);
    struct card_code code;

    return card_code_open(&ctx, text, &code);
}

static const char *
payload_of(struct world *w, const char *text)
{
    struct jws jws;

    assert_int_equal(jws_read(w->arena, text, &jws), OK);
    return arena_copy(w->arena, jws.payload.at, jws.payload.size);
}

static void
a_code_says_again_what_it_was_issued_for(void **state)
{
    struct world *w = *state;

    for (enum card_purpose i = CARD_PURPOSE_NONE + 1; i < CARD_PURPOSES; i++) {
        const char *text = issued(w, i);
        struct ctx ctx = world_ctx(w);
        struct card_code code;

        assert_int_equal(card_code_open(&ctx, text, &code), OK);
        assert_string_equal(code.card_id, CARD);
        assert_string_equal(code.sid, SID);
        assert_int_equal(code.purpose, i);
        assert_int_equal(code.issued_at, WORLD_NOW);
        assert_int_equal(code.expires_at, WORLD_NOW + CARD_CODE_LIFE_S);
        assert_int_equal(strlen(code.jti), 16);
    }
}

static void
what_is_no_id_or_no_purpose_gets_no_code(void **state)
{
    static const struct card_code_order orders[] = {
        { "c_short", SID, CARD_PURPOSE_show },
        { "x_0123456789abcdefghijkA", SID, CARD_PURPOSE_show },
        { CARD, "", CARD_PURPOSE_show },
        { CARD, CARD, CARD_PURPOSE_show },
        { CARD, SID, CARD_PURPOSE_NONE },
    };
    struct ctx ctx = world_ctx(*state);
    const char *code = NULL;

    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
        assert_int_equal(card_code_issue(&ctx, &orders[i], &code), ERR_INVALID);
    assert_null(code);
}

static void
without_randomness_there_is_no_code(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *code = NULL;

    w->random_fails = true;
    assert_int_equal(
        card_code_issue(&ctx, &(struct card_code_order) { CARD, SID, CARD_PURPOSE_show }, &code),
        ERR_UNAVAILABLE);
    assert_null(code);
}

static void
qr_15_a_code_is_under_300_bytes_and_has_four_members_of_no_person(void **state)
{
    struct world *w = *state;
    const char *text = issued(w, CARD_PURPOSE_show);
    const json_t *json = json_read(w->arena, bytes_of_text(payload_of(w, text)));
    struct jws jws;

    assert_true(strlen(text) <= CARD_CODE_MAX_BYTES);
    assert_int_equal(json_object_size(json), 4);
    assert_null(strstr(payload_of(w, text), "0123456789abc"));
    assert_null(strstr(payload_of(w, text), "ABCDEFGHIJ"));
    assert_int_equal(jws_read(w->arena, text, &jws), OK);
    assert_string_equal(jws.typ, "card");
    assert_int_equal(strlen(jws.kid), JWK_SHORT_KID);
}

/* Two codes of one card differ in `sub` as two random texts do: about half of their bits. */
static void
qr_15_two_codes_of_one_card_have_nothing_in_common(void **state)
{
    struct world *w = *state;
    const char *subs[2];
    struct bytes raw[2];
    int differ = 0;

    for (int i = 0; i < 2; i++) {
        const char *payload = payload_of(w, issued(w, CARD_PURPOSE_show));
        const json_t *json = json_read(w->arena, bytes_of_text(payload));

        assert_int_equal(member_text(json, "sub", 64, &subs[i]), OK);
        assert_int_equal(base64url_decode(w->arena, subs[i], strlen(subs[i]), &raw[i]), OK);
        assert_int_equal(raw[i].size, 32);
    }
    for (size_t i = 0; i < 32; i++)
        differ += __builtin_popcount((unsigned)(raw[0].at[i] ^ raw[1].at[i]));
    assert_in_range(differ, 80, 176);
}

static void
qr_06_a_code_with_any_flipped_bit_is_refused(void **state)
{
    struct world *w = *state;
    const char *text = issued(w, CARD_PURPOSE_show);
    size_t size = strlen(text);

    for (size_t i = 0; i < size; i += 3) {
        char *flipped = arena_copy(w->arena, text, size + 1);
        enum err err;

        flipped[i] = (char)(flipped[i] ^ (1 << (i / 3 % 7)));
        err = opened(w, flipped);
        assert_true(err == ERR_INVALID || err == ERR_FORGED);
    }
    assert_int_equal(opened(w, text), OK);
}

static void
qr_06_a_code_that_is_cut_or_longer_is_refused(void **state)
{
    struct world *w = *state;
    const char *text = issued(w, CARD_PURPOSE_show);
    char *huge = arena_alloc(w->arena, 5000);

    for (size_t size = 0; size < strlen(text); size += 5)
        assert_int_not_equal(opened(w, arena_printf(w->arena, "%.*s", (int)size, text)), OK);
    assert_int_not_equal(opened(w, arena_printf(w->arena, "%sA", text)), OK);
    assert_int_not_equal(opened(w, arena_printf(w->arena, " %s", text)), OK);
    assert_int_equal(opened(w, arena_printf(w->arena, "%s.%s", text, text)), ERR_INVALID);
    memset(huge, 'A', 4999);
    assert_int_equal(opened(w, huge), ERR_INVALID);
}

/* By our own key, but another kind of token, or of a version that does not exist. */
static void
qr_06_what_our_keys_sign_otherwise_is_no_code(void **state)
{
    static const char *const payloads[] = {
        "{}",
        "[]",
        "{\"jti\":\"AAAAAAAAAAAAAAAA\",\"exp\":1767225660,\"prp\":\"s\"}",
        "{\"jti\":\"AAAAAAAAAAAAAAAA\",\"exp\":1767225660,\"prp\":\"z\",\"sub\":"
        "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
        "{\"jti\":\"AAAA\",\"exp\":1767225660,\"prp\":\"s\",\"sub\":"
        "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
        "{\"jti\":\"AAAAAAAAAAAAAAAA\",\"exp\":\"x\",\"prp\":\"s\",\"sub\":"
        "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
        "{\"jti\":\"AAAAAAAAAAAAAAAA\",\"exp\":1767225660,\"prp\":\"s\",\"sub\":\"AAAA\"}",
    };
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct signing_key *key = keyring_signer(ctx.keys, JWS_ES256);
    struct bytes payload = bytes_of_text(payload_of(w, issued(w, CARD_PURPOSE_show)));
    struct buf other = buf_new(w->arena, 300);

    for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
        struct buf out = buf_new(w->arena, 300);

        assert_int_equal(
            jws_sign_named(key, "card", key->short_kid, bytes_of_text(payloads[i]), &out), OK);
        assert_int_equal(opened(w, out.at), ERR_INVALID);
    }
    assert_int_equal(jws_sign_named(key, "at+jwt", key->short_kid, payload, &other), OK);
    assert_int_equal(opened(w, other.at), ERR_INVALID);
    other.size = 0;
    assert_int_equal(jws_sign(key, "card", payload, &other), OK);
    assert_int_equal(opened(w, other.at), ERR_FORGED); /* codes name their key by its short name */
}

static void
qr_21_addresses_and_codes_of_other_issuers_are_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "https://id.example/q/abc",
        "https://evil.example/?code=a.b.c",
        "weixin://dl/business/?t=abc",
        "alipays://platformapi/startapp?appId=1",
        "a.b.c",
        "eyJhbGciOiJub25lIn0.e30.",
        "eyJhbGciOiJub25lIiwidHlwIjoiY2FyZCJ9.e30.AA",
        "6217001234567890123",
    };
    struct world *w = *state;
    const char *code = issued(w, CARD_PURPOSE_show);
    struct ctx ctx = world_ctx(w);
    struct signing_key theirs = *keyring_signer(ctx.keys, JWS_ES256);
    struct buf forged = buf_new(w->arena, 300);

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_int_equal(opened(w, texts[i]), ERR_INVALID);
    theirs.serial = UINT64_MAX;
    assert_int_equal(key_generate(JWS_ES256, &theirs.key), OK);
    assert_int_equal(jws_sign_named(&theirs, "card", theirs.short_kid,
                                    bytes_of_text(payload_of(w, code)), &forged),
                     OK);
    assert_int_equal(opened(w, forged.at), ERR_FORGED);
    forged.size = 0;
    assert_int_equal(
        jws_sign_named(&theirs, "card", "abcdefgh", bytes_of_text(payload_of(w, code)), &forged),
        OK);
    assert_int_equal(opened(w, forged.at), ERR_FORGED);
    EVP_PKEY_free(theirs.key);
}

static void
an_access_token_is_no_code_and_a_code_no_access_token(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    assert_int_equal(opened(w, tokens.access), ERR_INVALID);
    assert_int_equal(opened(w, tokens.id), ERR_INVALID);
    assert_false(world_token_works(w, issued(w, CARD_PURPOSE_show)));
}

static void
qr_02_a_code_is_good_for_a_minute_and_read_later_for_what_was_scanned_off_line(void **state)
{
    struct world *w = *state;
    const char *text = issued(w, CARD_PURPOSE_show);
    struct card_code code;
    struct ctx ctx;

    world_advance(w, 59);
    assert_int_equal(opened(w, text), OK);
    world_advance(w, 1);
    assert_int_equal(opened(w, text), ERR_EXPIRED);
    ctx = world_ctx(w);
    assert_int_equal(card_code_read(&ctx, text, &code), OK);
    assert_string_equal(code.card_id, CARD);
}

/* A process that starts: it knows nothing but what the store says. */
/* A ring that has a key of SM2 too. The world's is put back. */
static const struct keyring *
ring_with_sm2(struct world *w)
{
    static const enum key_purpose purposes[] = { KEY_SEAL, KEY_DATA, KEY_INDEX, KEY_PEPPER,
                                                 KEY_PAIRWISE };
    static const struct key32 kek = { { 3 } };
    struct key_row rows[7];
    struct keyring *ring;

    for (size_t i = 0; i < 5; i++)
        assert_int_equal(key_row_new(&kek, &w->env, w->arena, purposes[i], JWS_NONE, &rows[i]), OK);
    for (size_t i = 5; i < 7; i++) {
        assert_int_equal(
            key_row_new(&kek, &w->env, w->arena, KEY_SIGN, i == 5 ? JWS_ES256 : JWS_SM2, &rows[i]),
            OK);
        rows[i].state = KEY_SIGNING;
    }
    assert_int_equal(keyring_open(&kek, rows, 7, &ring), OK);
    return ring;
}

static void
qr_15_a_code_by_sm2_is_under_300_bytes_too(void **state)
{
    struct world *w = *state;
    const struct keyring *before = w->services.keys;
    const struct keyring *ring = ring_with_sm2(w);
    const char *by_es256;
    const char *by_sm2;
    struct jws jws;

    w->services.keys = ring;
    by_es256 = issued(w, CARD_PURPOSE_show);
    w->settings.card.code_alg = "SGD_SM3_SM2";
    by_sm2 = issued(w, CARD_PURPOSE_show);
    assert_int_equal(jws_read(w->arena, by_sm2, &jws), OK);
    assert_string_equal(jws.alg, "SGD_SM3_SM2");
    assert_int_equal(jws.signature.size, 64);
    print_message("    %zu bytes by ES256, %zu by SM2\n", strlen(by_es256), strlen(by_sm2));
    assert_true(strlen(by_sm2) <= CARD_CODE_MAX_BYTES);
    assert_int_equal(opened(w, by_sm2), OK);
    assert_int_equal(opened(w, by_es256), OK); /* of before the setting was changed */
    w->services.keys = before;
    assert_int_equal(opened(w, by_sm2), ERR_FORGED);
    keyring_free((struct keyring *)ring);
}

static void
where_the_key_is_still_to_be_made_there_is_no_code_yet(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *code = NULL;

    w->settings.card.code_alg = "SGD_SM3_SM2";
    assert_int_equal(
        card_code_issue(&ctx, &(struct card_code_order) { CARD, SID, CARD_PURPOSE_show }, &code),
        ERR_UNAVAILABLE);
}

static void
a_code_of_her_telephone_says_so(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *text;
    struct card_code code;

    assert_int_equal(card_code_issue_in_app(
                         &ctx, &(struct card_code_order) { CARD, SID, CARD_PURPOSE_serve }, &text),
                     OK);
    assert_non_null(strstr(payload_of(w, text), "\"prp\":\"B\""));
    assert_int_equal(card_code_open(&ctx, text, &code), OK);
    assert_true(code.in_app);
    assert_int_equal(code.purpose, CARD_PURPOSE_serve);
    assert_int_equal(card_code_open(&ctx, issued(w, CARD_PURPOSE_serve), &code), OK);
    assert_false(code.in_app);
}

static void
issuing_and_opening_write_no_row(void **state)
{
    struct world *w = *state;
    int64_t rows;

    issued(w, CARD_PURPOSE_show);
    rows = world_rows(w);
    for (int i = 0; i < 50; i++)
        assert_int_equal(opened(w, issued(w, CARD_PURPOSE_show)), OK);
    assert_int_equal(world_rows(w), rows);
}

static void
a_code_is_spent_by_its_own_id(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct card_code code;
    struct digest ids[3];

    for (int i = 0; i < 2; i++) {
        assert_int_equal(card_code_open(&ctx, issued(w, CARD_PURPOSE_show), &code), OK);
        ids[i] = card_code_spent_id(&ctx, &code);
    }
    ids[2] = card_code_spent_id(&ctx, &code);
    assert_false(digest_eq(&ids[0], &ids[1]));
    assert_true(digest_eq(&ids[1], &ids[2]));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_code_says_again_what_it_was_issued_for),
        world_test(what_is_no_id_or_no_purpose_gets_no_code),
        world_test(without_randomness_there_is_no_code),
        world_test(qr_15_a_code_is_under_300_bytes_and_has_four_members_of_no_person),
        world_test(qr_15_two_codes_of_one_card_have_nothing_in_common),
        world_test(qr_06_a_code_with_any_flipped_bit_is_refused),
        world_test(qr_06_a_code_that_is_cut_or_longer_is_refused),
        world_test(qr_06_what_our_keys_sign_otherwise_is_no_code),
        world_test(qr_21_addresses_and_codes_of_other_issuers_are_refused),
        world_test(an_access_token_is_no_code_and_a_code_no_access_token),
        world_test(qr_02_a_code_is_good_for_a_minute_and_read_later_for_what_was_scanned_off_line),
        world_test(qr_15_a_code_by_sm2_is_under_300_bytes_too),
        world_test(where_the_key_is_still_to_be_made_there_is_no_code_yet),
        world_test(a_code_of_her_telephone_says_so),
        world_test(issuing_and_opening_write_no_row),
        world_test(a_code_is_spent_by_its_own_id),
    };

    return world_run(tests);
}
