/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/loss.h"
#include "idp/person/evidence.h"
#include "idp/person/vault.h"
#include "keys/secret.h"
#include "tests/commands/kit.h"

#define HER_NUMBER "11010519491231002X"

static void
put(struct ctx *ctx)
{
    const struct person person = { .person_id = "p_her",
                                   .state = PERSON_ACTIVE,
                                   .name = "张三",
                                   .identity_number = HER_NUMBER,
                                   .phone = "+8613800138000",
                                   .birth_date = 19491231,
                                   .phone_verified_at = ctx->now };
    struct stored_physical_card physical = { .holder = identity_digest(ctx, HER_NUMBER),
                                             .card_key =
                                                 physical_card_key(ctx, "310000", "A10000042"),
                                             .region = "310000",
                                             .state = PHYSICAL_NORMAL,
                                             .valid_to = 20400101,
                                             .position = 1 };
    const struct stored_ecard card = { .person_id = "p_her",
                                       .card_id = "c_AAAAAAAAAAAAAAAAAAAAAA",
                                       .holder = physical.holder,
                                       .card_key = physical.card_key,
                                       .region = "310000",
                                       .own_state = ECARD_L1,
                                       .valid_to = 20400101,
                                       .issued_at = ctx->now };
    const struct digest phone = phone_digest(ctx, person.phone);

    assert_int_equal(person_insert(ctx, &person), OK);
    assert_int_equal(
        store_person_key_insert(ctx->store, PERSON_KEY_PHONE, &phone, "p_her", ctx->now), OK);
    assert_int_equal(
        physical_number_seal(ctx, &physical.card_key, "A10000042", &physical.number_sealed), OK);
    assert_int_equal(store_begin(ctx->store), OK);
    assert_int_equal(store_physical_card_put(ctx->store, ctx->arena, &physical), OK);
    assert_int_equal(store_commit(ctx->store), OK);
    assert_int_equal(store_ecard_insert(ctx->store, &card), OK);
}

/* What the commands find in the store. */
static int
a_card_ready(void **state)
{
    struct arena *arena = arena_new(16U << 20);
    struct workshop shop = { .settings = NULL };

    if (kit_open(state) != 0)
        return -1;
    assert_done("migrate --config c", "");
    assert_done("key init --config c", "");
    assert_null(workshop_open(arena, "c", NEED_KEYS, &shop));
    put(&shop.ctx);
    workshop_close(&shop);
    arena_free(arena);
    return 0;
}

static void
a_card_is_shown_masked_and_whole_only_with_a_reason(void **state)
{
    (void)state;
    assert_done("card show p_her --config c", "active");
    assert_null(strstr(kit_out, "张三"));
    assert_null(strstr(kit_out, "A10000042"));
    assert_non_null(strstr(kit_out, "42\n"));
    assert_null(strstr(kit_out, "c_AAAA"));
    assert_failed("card show p_her --unmask --config c", "--unmask needs --reason");
    assert_done("card show p_her --unmask --reason ticket-17 --config c", "A10000042");
}

static void
qr_08_an_operator_stops_a_card_and_lets_it_go_again(void **state)
{
    (void)state;
    assert_done("card lose 13800138000 --config c", "is reported lost (provisional)");
    assert_null(strstr(kit_out, "张三"));
    assert_done("card show p_her --config c", "suspended");
    assert_failed("card release p_her --config c",
                  "not offered here"); /* no card office is set: nobody knows */
    assert_done("card show p_her --config c", "suspended");
}

static void
qr_10_a_formal_loss_is_not_lifted(void **state)
{
    (void)state;
    assert_done("card lose p_her --formal --config c", "is reported lost (formal)");
    assert_done("card lose p_her --config c", "is reported lost (formal)");
    assert_done("card show p_her --config c", "revoked");
}

static void
its_history_tells_of_cards_before(void **state)
{
    (void)state;
    assert_done("card history p_her --json --config c", "\"past_cards\":[]");
    kit_sql(
        "INSERT INTO ecard_past (person_id, card_id, region, loss, issued_at, closed_at, reason)"
        " VALUES ('p_her', 'c_B', '310000', 2, 1, 2, 'replaced')");
    assert_done("card history p_her --json --config c", "\"reason\":\"replaced\"");
}

static void
who_has_none_is_said_to_have_none(void **state)
{
    (void)state;
    kit_sql("DELETE FROM ecard");
    assert_failed("card show p_her --config c", "has no electronic card");
    assert_failed("card lose p_her --config c", "has no electronic card");
    assert_failed("card show p_nobody --config c", "there is no person p_nobody");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_is_shown_masked_and_whole_only_with_a_reason),
        cmocka_unit_test(qr_08_an_operator_stops_a_card_and_lets_it_go_again),
        cmocka_unit_test(qr_10_a_formal_loss_is_not_lifted),
        cmocka_unit_test(its_history_tells_of_cards_before),
        cmocka_unit_test(who_has_none_is_said_to_have_none),
    };

    return cmocka_run_group_tests(tests, a_card_ready, kit_close);
}
