/* SPDX-License-Identifier: Apache-2.0 */
/* One look at the epoch table: what another node changed is known here at the next poll. */
#include <string.h>

#include "idp/partner/apply.h"
#include "idp/server/life/jobs.h"
#include "idp/session/revocation.h"
#include "idp/session/token.h"
#include "keys/turning/keys.h"
#include "tests/store_kit.h"
#include "tests/world.h"

/* A second node on the world's database: its own registry, revocations and key ring. */
struct node {
    struct world *w;
    struct services services;
    struct key32 kek;
    struct watch watch;
};

static struct ctx
node_ctx(struct node *node)
{
    return ctx_new(&node->services, node->w->arena, node->w->store);
}

static void
poll_once(struct node *node)
{
    struct ctx ctx = node_ctx(node);

    assert_int_equal(watch_once(&ctx, &node->kek, &node->watch), OK);
}

static struct node
node_open(struct world *w)
{
    struct node node = { .w = w,
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
node_close(struct node *node)
{
    keyring_free((struct keyring *)node->services.keys);
    fresh_free(node->services.fresh);
    revocations_free(node->services.revocations);
    registry_free(node->services.registry);
}

static void
the_first_look_loads_everything(void **state)
{
    struct node node = node_open(*state);

    assert_null(node.services.keys);
    poll_once(&node);
    assert_true(node.watch.started);
    assert_non_null(node.services.keys);
    node_close(&node);
}

static void
a_look_at_nothing_new_loads_nothing(void **state)
{
    struct node node = node_open(*state);
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
    struct node node = node_open(w);
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
    struct node node = node_open(w);
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
    struct node node = node_open(w);

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
    struct node node = node_open(w);
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
the_look_turns_keys_whose_time_has_come(void **state)
{
    struct world *w = *state;
    struct node node = node_open(w);
    struct ctx other = world_ctx(w);
    const char *kid;

    assert_int_equal(keys_rotate(&other, &node.kek, JWS_ES256, &kid), OK);
    poll_once(&node);
    world_advance(w, w->settings.keys.announce_s);
    poll_once(&node);
    assert_string_equal(keyring_signer(node.services.keys, JWS_ES256)->kid, kid);
    node_close(&node);
}

static void
a_wrong_encryption_key_is_told_and_the_look_is_repeated(void **state)
{
    struct node node = node_open(*state);
    struct ctx ctx = node_ctx(&node);
    struct key32 wrong = { .bytes = { 1 } };

    assert_int_not_equal(watch_once(&ctx, &wrong, &node.watch), OK);
    assert_false(node.watch.started);
    poll_once(&node);
    assert_non_null(node.services.keys);
    node_close(&node);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_first_look_loads_everything),
        world_test(a_look_at_nothing_new_loads_nothing),
        world_test(another_nodes_revocation_is_seen_at_the_next_look),
        world_test(a_node_that_starts_later_knows_what_was_revoked_before),
        world_test(a_partner_added_or_removed_by_another_is_seen_at_the_next_look),
        world_test(a_key_announced_by_another_is_published_at_the_next_look),
        world_test(the_look_turns_keys_whose_time_has_come),
        world_test(a_wrong_encryption_key_is_told_and_the_look_is_repeated),
    };

    return world_run(tests);
}
