/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/vault.h"
#include "tests/commands/serving_kit.h"

/* People, whom no command makes. */
static void
person_put(struct ctx *ctx, const char *person_id, const char *name, const char *number,
           int32_t born)
{
    const struct person person = {
        .person_id = person_id,
        .state = PERSON_ACTIVE,
        .name = name,
        .identity_number = number,
        .phone = "+8613800138000",
        .birth_date = born,
    };
    const struct digest identity = identity_digest(ctx, number);

    assert_int_equal(person_insert(ctx, &person), OK);
    assert_int_equal(
        store_person_key_insert(ctx->store, PERSON_KEY_IDENTITY, &identity, person_id, ctx->now),
        OK);
}

static void
the_store_has_a_mother_a_child_and_a_grown_up_son(void **state)
{
    struct arena *arena = arena_new(16U << 20);
    struct workshop shop = { .settings = NULL };

    (void)state;
    assert_done("migrate --config c", "");
    assert_done("key init --config c", "");
    assert_null(workshop_open(arena, "c", NEED_KEYS, &shop));
    person_put(&shop.ctx, "p_mother", "李秀英", "440106196204150020", 19620415);
    person_put(&shop.ctx, "p_child", "李小丫", "11010120150307123X", 20250307);
    person_put(&shop.ctx, "p_son", "李大山", "11010519491231002X", 19900101);
    workshop_close(&shop);
    arena_free(arena);
    assert_done("card family list p_mother --config c",
                "shown by  card of  kinship  state  asked at  agreed at  ended at");
}

static void
a_guardian_is_added_with_words_for_the_trail(void **state)
{
    (void)state;
    assert_failed("card family add p_mother p_child child --config c", "say why with --reason");
    assert_failed("card family add p_mother p_child child --config c --reason no",
                  "the reason is refused: it must have 4 to 100 characters");
    assert_failed("card family add p_mother p_child child --config c --reason 为李小丫",
                  "the reason is refused: it says her name");
    assert_failed("card family add p_mother p_nobody child --config c --reason ticket-7",
                  "there is no person p_nobody");
    assert_done("card family add p_mother p_child child --config c --reason ticket-7",
                "may show the card of p_child");
    assert_failed("card family add p_mother p_child child --config c --reason ticket-7",
                  "she may show that card already");
    assert_done("card family list p_mother --config c", "p_child  child    agreed");
    assert_done("card family list p_child --json --config c", "\"shown_by\":\"p_mother\"");
    assert_done("audit --event card.family --config c", "guardian p_mother: ticket-7");
}

static void
who_may_speak_for_herself_and_who_is_too_young_is_refused(void **state)
{
    (void)state;
    assert_failed("card family add p_mother p_son child --config c --reason ticket-7",
                  "who is 16 is asked on the page /card/family, and agrees herself");
    assert_failed("card family add p_child p_son other --config c --reason ticket-7",
                  "who shows cards of others must be 18");
    assert_failed("card family add p_mother p_mother other --config c --reason ticket-7",
                  "both are the same person");
    assert_called_wrongly("card family add p_mother p_child elder --config c --reason ticket-7",
                          "elder");
}

static void
it_ends_at_once_and_once(void **state)
{
    (void)state;
    assert_failed("card family end p_mother p_child --config c", "say why with --reason");
    assert_done("card family end p_mother p_child --config c --reason ticket-8",
                "may not show the card of p_child");
    assert_failed("card family end p_mother p_child --config c --reason ticket-8",
                  "there is nothing to end between these two");
    assert_done("card family list p_mother --config c", "ended");
    assert_done("audit --event card.family --config c", "operator p_mother: ticket-8");
}

static void
a_stopped_account_and_a_full_family_are_refused(void **state)
{
    (void)state;
    assert_done("person disable p_child --config c", "");
    assert_failed("card family add p_mother p_child other --config c --reason ticket-9",
                  "one of both accounts is not active");
    assert_done("person enable p_child --config c", "");
}

static void
all_of_it_goes_through_the_door_while_the_service_runs(void **state)
{
    (void)state;
    serve_begin();
    assert_done("card family add p_mother p_child other --config c --reason ticket-9",
                "may show the card of p_child");
    assert_done("card family list p_mother --config c", "p_child  other    agreed");
    serve_end();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_store_has_a_mother_a_child_and_a_grown_up_son),
        cmocka_unit_test(a_guardian_is_added_with_words_for_the_trail),
        cmocka_unit_test(who_may_speak_for_herself_and_who_is_too_young_is_refused),
        cmocka_unit_test(it_ends_at_once_and_once),
        cmocka_unit_test(a_stopped_account_and_a_full_family_are_refused),
        cmocka_unit_test(all_of_it_goes_through_the_door_while_the_service_runs),
    };

    return cmocka_run_group_tests(tests, kit_open, kit_close);
}
