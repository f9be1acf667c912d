/* SPDX-License-Identifier: Apache-2.0 */
/* The life of signing keys: made, announced, signing, verify-only, gone; by command
 * and by clock; on two nodes. */
#include <pthread.h>
#include <string.h>

#include "idp/base/text.h"
#include "idp/session/token.h"
#include "idp/tables/key.h"
#include "keys/jws.h"
#include "keys/turning/keys.h"
#include "tests/store_kit.h"
#include "tests/world.h"

static struct key32
kek_of(int byte)
{
    struct key32 kek;

    memset(&kek, byte, sizeof(kek));
    return kek;
}

/* Keys of this test's own; the world's ring is put back at its end. */
struct house {
    struct world *w;
    struct key32 kek;
    const struct keyring *before;
};

static struct house
house_open(struct world *w)
{
    struct house house = { w, kek_of(9), w->services.keys };
    struct ctx ctx = world_ctx(w);
    int64_t made;

    kit_database_reset();    /* the first world of a program has keys in it */
    w->services.keys = NULL; /* or keys_load() would retire the world's */
    assert_int_equal(keys_ensure(&ctx, &house.kek, &made), OK);
    assert_int_equal(made, 8);
    assert_int_equal(keys_load(&ctx, &house.kek), OK);
    return house;
}

static void
house_close(struct house *house)
{
    keyring_free((struct keyring *)house->w->services.keys);
    house->w->services.keys = house->before;
}

static struct key_list
rows(struct house *house)
{
    struct ctx ctx = world_ctx(house->w);
    struct key_list list;

    assert_int_equal(store_key_list(ctx.store, ctx.arena, &list), OK);
    return list;
}

static int
count(struct house *house, const char *alg, enum key_state state)
{
    struct key_list list = rows(house);
    int found = 0;

    for (size_t i = 0; i < list.count; i++)
        found += text_eq(list.at[i].alg, alg) && list.at[i].state == (int64_t)state;
    return found;
}

static bool
turn(struct house *house)
{
    struct ctx ctx = world_ctx(house->w);
    bool moved;

    assert_int_equal(keys_turn(&ctx, &house->kek, &moved), OK);
    if (moved)
        assert_int_equal(keys_load(&ctx, &house->kek), OK);
    return moved;
}

static const char *
signer(struct house *house)
{
    struct ctx ctx = world_ctx(house->w);

    return arena_text(ctx.arena, keyring_signer(ctx.keys, JWS_ES256)->kid);
}

static bool
jwks_has(struct house *house, const char *kid)
{
    struct ctx ctx = world_ctx(house->w);

    return strstr(ctx.keys->jwks, kid) != NULL;
}

static void
what_exists_is_not_made_again(void **state)
{
    struct house house = house_open(*state);
    struct ctx ctx = world_ctx(house.w);
    int64_t made;

    assert_int_equal(keys_ensure(&ctx, &house.kek, &made), OK);
    assert_int_equal(made, 0);
    assert_int_equal(rows(&house).count, 8);
    assert_false(turn(&house));
    house_close(&house);
}

static void
an_announced_key_is_published_before_it_signs(void **state)
{
    struct house house = house_open(*state);
    struct ctx ctx = world_ctx(house.w);
    const char *first = signer(&house);
    const char *next;

    assert_int_equal(keys_rotate(&ctx, &house.kek, JWS_ES256, &next), OK);
    assert_int_equal(keys_load(&ctx, &house.kek), OK);
    assert_true(jwks_has(&house, next));
    assert_string_equal(signer(&house), first);
    world_advance(house.w, house.w->settings.keys.announce_s - 1);
    assert_false(turn(&house));
    world_advance(house.w, 1);
    assert_true(turn(&house));
    assert_string_equal(signer(&house), next);
    assert_true(jwks_has(&house, first));
    house_close(&house);
}

static void
a_key_that_signed_verifies_until_its_last_token_has_expired_and_is_then_gone(void **state)
{
    struct house house = house_open(*state);
    struct ctx ctx = world_ctx(house.w);
    int64_t keeps = house.w->settings.life.session_absolute_s + house.w->settings.life.id_token_s;
    const char *first = signer(&house);
    const char *next;

    assert_int_equal(keys_rotate(&ctx, &house.kek, JWS_ES256, &next), OK);
    world_advance(house.w, house.w->settings.keys.announce_s);
    assert_true(turn(&house));
    assert_int_equal(count(&house, "ES256", KEY_VERIFY_ONLY), 1);
    world_advance(house.w, keeps - 1);
    assert_false(turn(&house));
    assert_true(jwks_has(&house, first));
    world_advance(house.w, 1);
    world_audit_mark(house.w);
    assert_true(turn(&house));
    assert_audited(house.w, AUDIT_KEY_CHANGED, "gone");
    assert_false(jwks_has(&house, first));
    assert_int_equal(rows(&house).count, 8);
    house_close(&house);
}

static void
the_clock_announces_a_successor_once_and_promotes_it(void **state)
{
    struct house house = house_open(*state);

    world_advance(house.w, house.w->settings.keys.rotation_s);
    assert_true(turn(&house));
    assert_int_equal(count(&house, "ES256", KEY_ANNOUNCED), 1);
    assert_int_equal(count(&house, "RS256", KEY_ANNOUNCED), 1);
    assert_int_equal(count(&house, "EdDSA", KEY_ANNOUNCED), 1);
    /* Until then nothing moves, so nothing is loaded anew every second. */
    assert_false(turn(&house));
    world_advance(house.w, house.w->settings.keys.announce_s);
    assert_true(turn(&house));
    assert_int_equal(count(&house, "ES256", KEY_SIGNING), 1);
    assert_int_equal(count(&house, "ES256", KEY_VERIFY_ONLY), 1);
    assert_false(turn(&house));
    house_close(&house);
}

static void
codes_by_another_algorithm_get_a_key_and_lose_it_in_time(void **state)
{
    struct house house = house_open(*state);
    struct ctx ctx = world_ctx(house.w);
    int64_t made;

    assert_true(keys_suffice(&ctx));
    assert_false(keys_want(&ctx, JWS_SM2));
    house.w->settings.card.code_alg = "SGD_SM3_SM2";
    assert_true(keys_want(&ctx, JWS_SM2));
    assert_false(keys_suffice(&ctx));
    assert_int_equal(keys_ensure(&ctx, &house.kek, &made), OK);
    assert_int_equal(made, 1);
    assert_int_equal(keys_load(&ctx, &house.kek), OK);
    assert_true(keys_suffice(&ctx));
    world_advance(house.w, house.w->settings.keys.rotation_s);
    assert_true(turn(&house));
    assert_int_equal(count(&house, "SGD_SM3_SM2", KEY_ANNOUNCED), 1);
    world_advance(house.w, house.w->settings.keys.announce_s);
    assert_true(turn(&house));
    assert_int_equal(count(&house, "SGD_SM3_SM2", KEY_SIGNING), 1);
    assert_int_equal(count(&house, "SGD_SM3_SM2", KEY_VERIFY_ONLY), 1);
    house.w->settings.card.code_alg = "ES256";
    world_advance(house.w, house.w->settings.keys.rotation_s);
    while (turn(&house))
        continue;
    assert_int_equal(count(&house, "SGD_SM3_SM2", KEY_SIGNING), 0);
    assert_int_equal(count(&house, "SGD_SM3_SM2", KEY_ANNOUNCED), 0);
    house_close(&house);
}

struct node {
    pthread_t thread;
    pthread_barrier_t *start;
    struct house *house;
    struct arena *arena;
    struct store *store;
    enum err err;
};

static void *
node_turn(void *state)
{
    struct node *node = state;
    struct ctx ctx = ctx_new(&node->house->w->services, node->arena, node->store);
    bool moved;

    pthread_barrier_wait(node->start);
    node->err = keys_turn(&ctx, &node->house->kek, &moved);
    return NULL;
}

#define NODES 8

static void
nodes_turn(struct house *house)
{
    struct node nodes[NODES];
    pthread_barrier_t start;

    pthread_barrier_init(&start, NULL, NODES);
    for (size_t i = 0; i < NODES; i++) {
        nodes[i] = (struct node) { .start = &start,
                                   .house = house,
                                   .arena = arena_new((size_t)16 << 20),
                                   .store = store_open(house->w->services.database) };
        assert_int_equal(pthread_create(&nodes[i].thread, NULL, node_turn, &nodes[i]), 0);
    }
    for (size_t i = 0; i < NODES; i++) {
        pthread_join(nodes[i].thread, NULL);
        assert_int_equal(nodes[i].err, OK);
        store_close(nodes[i].store);
        arena_free(nodes[i].arena);
    }
    pthread_barrier_destroy(&start);
}

static void
of_many_nodes_on_one_timer_one_makes_the_key_and_one_promotes_it(void **state)
{
    struct house house = house_open(*state);

    world_advance(house.w, house.w->settings.keys.rotation_s);
    nodes_turn(&house);
    assert_int_equal(count(&house, "ES256", KEY_ANNOUNCED), 1);
    assert_int_equal(count(&house, "RS256", KEY_ANNOUNCED), 1);
    world_advance(house.w, house.w->settings.keys.announce_s);
    nodes_turn(&house);
    assert_int_equal(count(&house, "ES256", KEY_SIGNING), 1);
    assert_int_equal(count(&house, "ES256", KEY_ANNOUNCED), 0);
    assert_int_equal(count(&house, "RS256", KEY_SIGNING), 1);
    house_close(&house);
}

static void
a_wrong_encryption_key_opens_nothing_and_the_ring_in_use_stays(void **state)
{
    struct house house = house_open(*state);
    struct ctx ctx = world_ctx(house.w);
    const struct keyring *in_use = house.w->services.keys;
    struct key32 other = kek_of(10);

    assert_int_not_equal(keys_load(&ctx, &other), OK);
    assert_ptr_equal(house.w->services.keys, in_use);
    house_close(&house);
}

static void
without_randomness_no_key_is_made(void **state)
{
    struct house house = house_open(*state);
    struct ctx ctx = world_ctx(house.w);
    const char *key_id;

    house.w->random_fails = true;
    assert_int_not_equal(keys_rotate(&ctx, &house.kek, JWS_ES256, &key_id), OK);
    house.w->random_fails = false;
    assert_int_equal(rows(&house).count, 8);
    house_close(&house);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(what_exists_is_not_made_again),
        world_test(an_announced_key_is_published_before_it_signs),
        world_test(a_key_that_signed_verifies_until_its_last_token_has_expired_and_is_then_gone),
        world_test(the_clock_announces_a_successor_once_and_promotes_it),
        world_test(codes_by_another_algorithm_get_a_key_and_lose_it_in_time),
        world_test(of_many_nodes_on_one_timer_one_makes_the_key_and_one_promotes_it),
        world_test(a_wrong_encryption_key_opens_nothing_and_the_ring_in_use_stays),
        world_test(without_randomness_no_key_is_made),
    };

    return world_run(tests);
}
