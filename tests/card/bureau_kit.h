/* SPDX-License-Identifier: Apache-2.0 */
/* A person whose physical card the simulated bureau has: person 0 of the world and X00000019. */
#ifndef TESTS_CARD_BUREAU_KIT_H
#define TESTS_CARD_BUREAU_KIT_H

#include "idp/card/mirror.h"
#include "idp/person/card.h"
#include "idp/person/vault.h"
#include "tests/world_sims.h"

#define HOLDER "11010519491231002X"
#define CARD "X00000019"
#define REGION "330500"

static inline int
bureau_setup(void **state)
{
    int failed = world_setup_with_sims(state);

    if (failed == 0)
        world_card_control(*state, "feed=ok&loss=ok&card_no=" CARD "&state=normal");
    return failed;
}

#define bureau_test(name) cmocka_unit_test_setup_teardown(name, bureau_setup, world_teardown)

/* A pull behind what the simulator is told. */
static inline enum err
pulled(struct world *w, const char *form, struct mirror_pull *out)
{
    struct ctx ctx = world_ctx(w);

    if (form != NULL)
        world_card_control(w, form);
    return card_mirror_pull(&ctx, out);
}

/* To its end. */
static inline struct mirror_pull
pulled_whole(struct world *w, const char *form)
{
    struct mirror_pull pull = { 0 };
    int64_t changes = 0;

    do {
        assert_int_equal(pulled(w, form, &pull), OK);
        changes += pull.changes;
        form = NULL;
    } while (pull.more);
    pull.changes = changes;
    return pull;
}

static inline struct stored_physical_card
mirrored(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    struct digest holder = identity_digest(&ctx, HOLDER);
    struct digest key = physical_card_key(&ctx, REGION, CARD);
    struct stored_physical_card card;

    assert_int_equal(store_physical_card_load(w->store, w->arena, &holder, &key, &card), OK);
    return card;
}

/* Her electronic card, of that physical one. */
static inline struct stored_ecard
bureau_ecard(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    const struct stored_ecard card = {
        .person_id = world_person(w, 0),
        .card_id = "c_bureau00000000000000A",
        .holder = identity_digest(&ctx, HOLDER),
        .card_key = physical_card_key(&ctx, REGION, CARD),
        .region = REGION,
        .own_state = ECARD_L1,
        .valid_to = 20350101,
        .issued_at = ctx.now,
        .changed_at = ctx.now,
    };

    assert_int_equal(store_ecard_insert(w->store, &card), OK);
    return card;
}

#endif
