/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

#include "idp/person/evidence.h"

static struct standing
standing_of(struct world *w, const char *person_id)
{
    struct ctx ctx = world_ctx(w);
    struct standing standing;

    assert_int_equal(evidence_standing(&ctx, person_id, &standing), OK);
    return standing;
}

static void
who_has_proven_nothing_stands_at_zero(void **state)
{
    struct standing standing = standing_of(*state, "p_nobody");

    assert_int_equal(standing.level, 0);
    assert_int_equal(standing.kind, EVIDENCE_NONE);
    assert_string_equal(standing.source, "");
    assert_string_equal(standing.reference, "");
}

static void
a_phone_is_worth_less_than_the_banks_word(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    int phone_level;

    assert_int_equal(evidence_add(&ctx, "p_1", EVIDENCE_PHONE, ""), OK);
    phone_level = standing_of(w, "p_1").level;
    assert_int_equal(evidence_add(&ctx, "p_1", EVIDENCE_BANK_CARD, "TX1"), OK);
    assert_int_equal(standing_of(w, "p_1").level, 2);
    assert_true(phone_level < 2);
    assert_string_equal(standing_of(w, "p_1").reference, "TX1");
    assert_int_equal(standing_of(w, "p_1").proven_at, WORLD_NOW);
}

static void
the_banks_word_is_recomputed_and_ends_with_its_time(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    assert_int_equal(evidence_add(&ctx, "p_1", EVIDENCE_BANK_CARD, "TX1"), OK);
    world_advance(w, EVIDENCE_BANK_CARD_LIFE_S - 1);
    assert_int_equal(standing_of(w, "p_1").level, 2);
    world_advance(w, 2);
    assert_true(standing_of(w, "p_1").level < 2);
}

static void
of_two_of_one_worth_the_newer_speaks(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    assert_int_equal(evidence_add(&ctx, "p_1", EVIDENCE_BANK_CARD, "TX1"), OK);
    world_advance(w, 10);
    ctx = world_ctx(w);
    assert_int_equal(evidence_add(&ctx, "p_1", EVIDENCE_BANK_CARD, "TX2"), OK);
    assert_string_equal(standing_of(w, "p_1").reference, "TX2");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(who_has_proven_nothing_stands_at_zero),
        world_test(a_phone_is_worth_less_than_the_banks_word),
        world_test(the_banks_word_is_recomputed_and_ends_with_its_time),
        world_test(of_two_of_one_worth_the_newer_speaks),
    };

    return world_run(tests);
}
