/* SPDX-License-Identifier: Apache-2.0 */
/* Cards made ready (world.h). */
#include "idp/base/text.h"
#include "idp/card/mirror.h"
#include "idp/person/card.h"
#include "idp/person/vault.h"
#include "tests/world.h"

static const char *
card_number(struct world *w, int n)
{
    return arena_printf(w->arena, "A1000000%d", n);
}

void
world_feed(struct world *w, int64_t age_s)
{
    struct ctx ctx = world_ctx(w);
    struct stored_feed before;
    struct stored_feed feed;

    if (text_is_empty(w->settings.card_bureau.url))
        w->settings.card_bureau.url = "http://127.0.0.1:9/"; /* where nobody is */
    world_must(card_mirror_read(&ctx, &before), "no feed");
    feed = before;
    feed.as_of = ctx.now - age_s;
    feed.pulled_at = feed.as_of;
    world_must(store_feed_move(w->store, &feed, before.position), "no feed");
}

void
world_physical_card(struct world *w, int n, int64_t physical)
{
    struct ctx ctx = world_ctx(w);
    static _Atomic(int64_t) position;
    struct person person;
    struct stored_physical_card card = {
        .card_key = physical_card_key(&ctx, WORLD_REGION, card_number(w, n)),
        .region = WORLD_REGION,
        .state = physical,
        .valid_from = 20200101,
        .valid_to = 20350101,
        .changed_at = ctx.now,
    };

    card.position = ++position;
    world_feed(w, 0);
    world_must(person_load(&ctx, world_person(w, n), &person), "no person");
    card.holder = identity_digest(&ctx, person.identity_number);
    world_must(physical_number_seal(&ctx, &card.card_key, card_number(w, n), &card.number_sealed),
               "no seal");
    world_must(store_begin(w->store), "no transaction");
    world_must(store_physical_card_put(w->store, w->arena, &card), "no physical card");
    world_must(store_commit(w->store), "no commit");
}

const char *
world_card(struct world *w, int n)
{
    struct ctx ctx = world_ctx(w);
    struct person person;
    struct stored_ecard card = {
        .person_id = world_person(w, n),
        .card_id = arena_printf(w->arena, "c_world000000000000000%dA", n % 10),
        .card_key = physical_card_key(&ctx, WORLD_REGION, card_number(w, n)),
        .region = WORLD_REGION,
        .own_state = ECARD_L1,
        .valid_to = 20350101,
        .issued_at = ctx.now,
        .changed_at = ctx.now,
    };

    world_physical_card(w, n, PHYSICAL_NORMAL);
    world_must(person_load(&ctx, card.person_id, &person), "no person");
    card.holder = identity_digest(&ctx, person.identity_number);
    world_must(store_ecard_insert(w->store, &card), "no card");
    return card.card_id;
}
