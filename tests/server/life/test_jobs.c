/* SPDX-License-Identifier: Apache-2.0 */
/* One look at the epoch table: what another node changed is known here at the next poll. And what
 * one node does for all: of two, one. */
#include <stdatomic.h>
#include <string.h>

#include "idp/base/metrics.h"

#include "idp/partner/apply.h"
#include "idp/server/life/jobs.h"
#include "idp/session/fresh.h"
#include "idp/session/revocation.h"
#include "idp/session/token.h"
#include "idp/tables/sweep.h"
#include "keys/turning/keys.h"
#include "tests/store_kit.h"
#include "tests/world.h"

/* A second node on the world's database: its own registry, revocations and key ring. */
struct other_node {
    struct world *w;
    struct services services;
    struct key32 kek;
    struct watch watch;
    struct rounds rounds;
};

static struct ctx
node_ctx(struct other_node *node)
{
    return ctx_new(&node->services, node->w->arena, node->w->store);
}

static void
poll_once(struct other_node *node)
{
    struct ctx ctx = node_ctx(node);

    assert_int_equal(watch_once(&ctx, &node->kek, &node->watch), OK);
}

static struct other_node
node_open(struct world *w)
{
    struct other_node node = { .w = w,
                               .services = { .settings = &w->settings,
                                             .env = &w->env,
                                             .database = w->services.database,
                                             .registry = registry_new(),
                                             .revocations = revocations_new(),
                                             .fresh = fresh_new() } };
    struct ctx ctx = node_ctx(&node);
    int64_t made;

    memset(&node.kek, 8, sizeof(node.kek));
    kit_database_reset(); /* the keys there may be under another encryption key */
    assert_int_equal(keys_ensure(&ctx, &node.kek, &made), OK);
    return node;
}

static void
node_close(struct other_node *node)
{
    keyring_free((struct keyring *)node->services.keys);
    fresh_free(node->services.fresh);
    revocations_free(node->services.revocations);
    registry_free(node->services.registry);
}

static void
the_first_look_loads_everything(void **state)
{
    struct other_node node = node_open(*state);

    assert_null(node.services.keys);
    poll_once(&node);
    assert_true(node.watch.started);
    assert_non_null(node.services.keys);
    node_close(&node);
}

static void
a_look_at_nothing_new_loads_nothing(void **state)
{
    struct other_node node = node_open(*state);
    const struct keyring *keys;

    poll_once(&node);
    keys = node.services.keys;
    poll_once(&node);
    assert_ptr_equal(node.services.keys, keys);
    node_close(&node);
}

static void
another_nodes_revocation_is_seen_at_the_next_look(void **state)
{
    struct world *w = *state;
    struct other_node node = node_open(w);
    struct ctx other = world_ctx(w);

    poll_once(&node);
    for (int i = 0; i < 1500; i++) /* more than one batch */
        assert_int_equal(revocation_make(&other, arena_printf(w->arena, "g_%d", i)), OK);
    assert_false(revocation_has(node.services.revocations, "g_0"));
    poll_once(&node);
    for (int i = 0; i < 1500; i++)
        assert_true(revocation_has(node.services.revocations, arena_printf(w->arena, "g_%d", i)));
    assert_false(revocation_has(node.services.revocations, "g_1500"));
    node_close(&node);
}

static void
a_node_that_starts_later_knows_what_was_revoked_before(void **state)
{
    struct world *w = *state;
    struct other_node node = node_open(w);
    struct ctx other = world_ctx(w);

    assert_int_equal(revocation_make(&other, "g_before"), OK);
    poll_once(&node);
    assert_true(revocation_has(node.services.revocations, "g_before"));
    node_close(&node);
}

static void
a_partner_added_or_removed_by_another_is_seen_at_the_next_look(void **state)
{
    static const char one[] =
        "{\"partners\":[{\"client_id\":\"new\",\"client_name\":\"新\",\"client_name#en\":\"New\","
        "\"channel\":\"web\",\"redirect_uris\":[\"https://new.example/cb\"],"
        "\"token_endpoint_auth_method\":\"none\",\"grant_types\":[\"authorization_code\"],"
        "\"scope\":\"openid\"}]}";
    struct world *w = *state;
    struct other_node node = node_open(w);

    poll_once(&node);
    world_partners(w, one);
    assert_null(registry_find(node.services.registry, "new"));
    poll_once(&node);
    assert_non_null(registry_find(node.services.registry, "new"));
    world_partners(w, "{\"partners\":[]}");
    poll_once(&node);
    assert_null(registry_find(node.services.registry, "new"));
    node_close(&node);
}

static void
a_key_announced_by_another_is_published_at_the_next_look(void **state)
{
    struct world *w = *state;
    struct other_node node = node_open(w);
    struct ctx other = world_ctx(w);
    const char *kid;

    poll_once(&node);
    assert_int_equal(keys_rotate(&other, &node.kek, JWS_ES256, &kid), OK);
    assert_null(strstr(node.services.keys->jwks, kid));
    poll_once(&node);
    assert_non_null(strstr(node.services.keys->jwks, kid));
    node_close(&node);
}

static void
the_time_of_a_restore_is_known_at_the_next_look(void **state)
{
    struct world *w = *state;
    struct other_node node = node_open(w);

    poll_once(&node);
    assert_int_equal(node.services.not_before, 0);
    assert_int_equal(store_epoch_raise(w->store, "not_before", w->now), OK);
    poll_once(&node);
    assert_int_equal(node.services.not_before, w->now);
    node_close(&node);
}

static void
a_wrong_encryption_key_is_told_and_the_look_is_repeated(void **state)
{
    struct other_node node = node_open(*state);
    struct ctx ctx = node_ctx(&node);
    struct key32 wrong = { .bytes = { 1 } };

    assert_int_not_equal(watch_once(&ctx, &wrong, &node.watch), OK);
    assert_false(node.watch.started);
    poll_once(&node);
    assert_non_null(node.services.keys);
    node_close(&node);
}

/* --- Two nodes, of which one works --- */

struct pair {
    struct other_node a;
    struct other_node b;
};

static void
node_rounds(struct other_node *node, const char *holder)
{
    node->rounds = (struct rounds) { .kek = &node->kek, .holder = holder };
}

static void
pair_open(struct world *w, struct pair *pair)
{
    pair->a = node_open(w);
    pair->b = pair->a;
    pair->b.services.registry = registry_new();
    pair->b.services.revocations = revocations_new();
    pair->b.services.fresh = fresh_new();
    node_rounds(&pair->a, "node-a");
    node_rounds(&pair->b, "node-b");
    poll_once(&pair->a);
    poll_once(&pair->b);
}

static void
pair_close(struct pair *pair)
{
    node_close(&pair->a);
    node_close(&pair->b);
}

static void
keep(struct other_node *node)
{
    struct ctx ctx = node_ctx(node);

    (void)jobs_pass(&ctx, CREW_KEEPER, &node->rounds);
}

static void
codes_by_sm2_get_their_key_of_the_running_service(void **state)
{
    struct world *w = *state;
    struct pair pair;

    pair_open(w, &pair);
    assert_false(keyring_signs(pair.a.services.keys, JWS_SM2));
    w->settings.card.code_alg = "SGD_SM3_SM2";
    keep(&pair.a);
    poll_once(&pair.a);
    poll_once(&pair.b);
    assert_true(keyring_signs(pair.a.services.keys, JWS_SM2));
    assert_true(keyring_signs(pair.b.services.keys, JWS_SM2));
    assert_null(strstr(pair.a.services.keys->jwks, "\"SM2-P-256\""));
    assert_null(strstr(pair.a.services.keys->jwks, "\"SGD_SM3_SM2\""));
    assert_non_null(strstr(pair.b.services.keys->card_jwks, "SGD_SM3_SM2"));
    pair_close(&pair);
}

static bool
holds_any(const struct other_node *node)
{
    for (size_t i = 0; i < JOBS_MAX; i++)
        if (node->rounds.of[i].lease.until != 0)
            return true;
    return false;
}

/* Something that is to be swept, and whether it still is there. */
static void
litter(struct world *w)
{
    assert_int_equal(kit_spend(w->store, 1), OK);
}

static bool
is_clean(struct world *w)
{
    return world_rows_of(w, "spent") == 0;
}

static void
of_two_nodes_one_works(void **state)
{
    struct world *w = *state;
    struct pair pair;
    int64_t taken = metric_read(METRIC_LEASES_TAKEN);

    pair_open(w, &pair);
    for (int second = 0; second < 61; second++) {
        keep(&pair.a);
        keep(&pair.b);
        assert_true(holds_any(&pair.a));
        assert_false(holds_any(&pair.b));
        world_advance(w, 1);
    }
    /* keys, drain, sweep, terminals, sittings, census */
    assert_int_equal(metric_read(METRIC_LEASES_TAKEN) - taken, 6);
    pair_close(&pair);
}

static void
when_it_is_killed_the_other_takes_over_within_30_s_and_they_never_both_work(void **state)
{
    struct world *w = *state;
    struct pair pair;
    int waited = 0;

    pair_open(w, &pair);
    litter(w);
    for (int second = 0; second < 47; second++) {
        keep(&pair.b);
        keep(&pair.a);
        assert_false(holds_any(&pair.a));
        world_advance(w, 1);
    }
    assert_true(is_clean(w));
    litter(w);
    while (!is_clean(w) && waited++ < 100) { /* b is silent */
        keep(&pair.a);
        world_advance(w, 1);
    }
    assert_in_range(waited, 1, 30);
    keep(&pair.b); /* comes back, and sees that it has lost what it had */
    assert_false(holds_any(&pair.b));
    assert_true(holds_any(&pair.a));
    pair_close(&pair);
}

static void
a_node_that_ends_in_order_keeps_nobody_waiting(void **state)
{
    struct world *w = *state;
    struct pair pair;
    struct ctx ctx;

    pair_open(w, &pair);
    keep(&pair.a);
    ctx = node_ctx(&pair.a);
    jobs_give_back(&ctx, &pair.a.rounds);
    assert_false(holds_any(&pair.a));
    keep(&pair.b);
    assert_true(holds_any(&pair.b));
    pair_close(&pair);
}

static void
keys_whose_time_has_come_are_turned_by_one_and_seen_by_both(void **state)
{
    struct world *w = *state;
    struct ctx other = world_ctx(w);
    struct pair pair;
    const char *kid;

    pair_open(w, &pair);
    assert_int_equal(keys_rotate(&other, &pair.a.kek, JWS_ES256, &kid), OK);
    poll_once(&pair.a);
    poll_once(&pair.b);
    world_advance(w, w->settings.keys.announce_s);
    keep(&pair.a);
    keep(&pair.b);
    poll_once(&pair.a);
    poll_once(&pair.b);
    assert_string_equal(keyring_signer(pair.a.services.keys, JWS_ES256)->kid, kid);
    assert_string_equal(keyring_signer(pair.b.services.keys, JWS_ES256)->kid, kid);
    pair_close(&pair);
}

static void
a_sweep_comes_every_30_s_also_when_the_clock_is_set_back(void **state)
{
    struct world *w = *state;
    struct pair pair;

    pair_open(w, &pair);
    keep(&pair.a);
    litter(w);
    world_advance(w, 29);
    keep(&pair.a);
    assert_false(is_clean(w));
    world_advance(w, 1);
    keep(&pair.a);
    assert_true(is_clean(w));
    litter(w);
    world_advance(w, -20);
    keep(&pair.a);
    assert_true(is_clean(w));
    pair_close(&pair);
}

static enum err
litter_much(struct store *st, void *ctx)
{
    enum err err = OK;

    (void)ctx;
    for (int i = 0; i < 3 * SWEEP_BATCH && err == OK; i++)
        err = kit_spend(st, i);
    return err;
}

/* Five seconds pass at each look at the clock. */
static unix_s
hasty_now(struct env *env)
{
    struct world *w = env->state;

    return atomic_fetch_add(&w->now, 5);
}

static void
a_sweep_that_takes_long_pauses_so_that_its_lease_is_kept(void **state)
{
    struct world *w = *state;
    struct env hasty = { .now = hasty_now, .random = w->env.random, .state = w };
    struct pair pair;
    struct ctx ctx;

    pair_open(w, &pair);
    assert_int_equal(store_change(w->store, litter_much, NULL), OK);
    ctx = node_ctx(&pair.a);
    ctx.env = &hasty;
    assert_true(jobs_pass(&ctx, CREW_KEEPER, &pair.a.rounds));
    assert_false(is_clean(w));
    ctx = node_ctx(&pair.a);
    assert_false(jobs_pass(&ctx, CREW_KEEPER, &pair.a.rounds)); /* at once, not 30 s later */
    assert_true(is_clean(w));
    pair_close(&pair);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(codes_by_sm2_get_their_key_of_the_running_service),
        world_test(the_first_look_loads_everything),
        world_test(a_look_at_nothing_new_loads_nothing),
        world_test(another_nodes_revocation_is_seen_at_the_next_look),
        world_test(a_node_that_starts_later_knows_what_was_revoked_before),
        world_test(a_partner_added_or_removed_by_another_is_seen_at_the_next_look),
        world_test(a_key_announced_by_another_is_published_at_the_next_look),
        world_test(the_time_of_a_restore_is_known_at_the_next_look),
        world_test(a_wrong_encryption_key_is_told_and_the_look_is_repeated),
        world_test(of_two_nodes_one_works),
        world_test(when_it_is_killed_the_other_takes_over_within_30_s_and_they_never_both_work),
        world_test(a_node_that_ends_in_order_keeps_nobody_waiting),
        world_test(keys_whose_time_has_come_are_turned_by_one_and_seen_by_both),
        world_test(a_sweep_comes_every_30_s_also_when_the_clock_is_set_back),
        world_test(a_sweep_that_takes_long_pauses_so_that_its_lease_is_kept),
    };

    return world_run(tests);
}
