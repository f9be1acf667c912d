/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/person/card.h"

#include "idp/base/text.h"
#include "tests/world.h"

static enum card_effective
state_of(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);
    struct card card;

    assert_int_equal(card_find(&ctx, world_person(w, n), &card), OK);
    return card.state;
}

static void
who_has_none_has_none(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct card card;

    assert_int_equal(card_find(&ctx, world_person(w, 0), &card), ERR_NOT_FOUND);
}

static void
it_follows_the_physical_one(void **state)
{
    struct world *w = *state;

    world_card(w, 0);
    assert_int_equal(state_of(w, 0), CARD_ACTIVE);
    world_physical_card(w, 0, PHYSICAL_LOST);
    assert_int_equal(state_of(w, 0), CARD_SUSPENDED);
    world_physical_card(w, 0, PHYSICAL_NORMAL);
    assert_int_equal(state_of(w, 0), CARD_ACTIVE);
    world_physical_card(w, 0, PHYSICAL_VOID);
    assert_int_equal(state_of(w, 0), CARD_REVOKED);
}

static void
one_whose_physical_card_is_not_in_the_mirror_is_suspended(void **state)
{
    struct world *w = *state;
    struct stored_ecard card = { .person_id = world_person(w, 0),
                                 .card_id = "c_1",
                                 .region = WORLD_REGION,
                                 .own_state = ECARD_L1,
                                 .valid_to = 20350101 };

    assert_int_equal(store_ecard_insert(w->store, &card), OK);
    assert_int_equal(state_of(w, 0), CARD_SUSPENDED);
}

static void
it_is_held_by_its_id_and_only_as_hers(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *card_id = world_card(w, 0);
    struct card card;

    assert_int_equal(card_hold(&ctx, world_person(w, 0), card_id, &card), OK);
    assert_int_equal(card.state, CARD_ACTIVE);
    assert_int_equal(card_hold(&ctx, world_person(w, 1), card_id, &card), ERR_NOT_FOUND);
    assert_int_equal(card_hold(&ctx, world_person(w, 0), "c_other", &card), ERR_NOT_FOUND);
}

static void
its_number_is_kept_sealed_and_for_that_card_only(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct card card;
    const char *number = "";

    world_card(w, 0);
    assert_int_equal(card_find(&ctx, world_person(w, 0), &card), OK);
    assert_int_equal(physical_number_open(&ctx, &card.physical, &number), OK);
    assert_string_equal(number, "A10000000");
    card.physical.card_key.bytes[0] ^= 1;
    assert_int_equal(physical_number_open(&ctx, &card.physical, &number), ERR_FORGED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(who_has_none_has_none),
        world_test(it_follows_the_physical_one),
        world_test(one_whose_physical_card_is_not_in_the_mirror_is_suspended),
        world_test(it_is_held_by_its_id_and_only_as_hers),
        world_test(its_number_is_kept_sealed_and_for_that_card_only),
    };

    return world_run(tests);
}
