/* SPDX-License-Identifier: Apache-2.0 */
/* A signing key that has leaked, and one that is followed at once; on two nodes. */
#include <string.h>

#include "idp/base/file.h"
#include "idp/base/text.h"
#include "idp/session/fresh.h"
#include "idp/session/token.h"
#include "idp/tables/epoch.h"
#include "idp/tables/key.h"
#include "keys/jws.h"
#include "keys/turning/keys.h"
#include "tests/store_kit.h"
#include "tests/world.h"

/* Keys of this test's own on two nodes; the world's ring is put back at its end. */
struct nodes {
    struct world *w;
    struct key32 kek;
    const struct keyring *world_keys;
    const struct keyring *other_keys; /* of the node that is not looked at */
    struct fresh *other_fresh;
};

static void
keys_take(struct nodes *nodes)
{
    struct ctx ctx = world_ctx(nodes->w);

    assert_int_equal(keys_load(&ctx, &nodes->kek), OK);
}

/* From now on the other node is looked at. */
static void
nodes_swap(struct nodes *nodes)
{
    const struct keyring *keys = nodes->w->services.keys;
    struct fresh *fresh = nodes->w->services.fresh;

    nodes->w->services.keys = nodes->other_keys;
    nodes->w->services.fresh = nodes->other_fresh;
    nodes->other_keys = keys;
    nodes->other_fresh = fresh;
}

static struct nodes
nodes_open(struct world *w)
{
    struct nodes nodes = { .w = w, .world_keys = w->services.keys, .other_fresh = fresh_new() };
    struct ctx ctx = world_ctx(w);
    struct bytes partners;
    int64_t made;

    memset(&nodes.kek, 9, sizeof(nodes.kek));
    kit_database_reset();
    w->services.keys = NULL; /* or keys_load() would retire the world's */
    assert_int_equal(keys_ensure(&ctx, &nodes.kek, &made), OK);
    keys_take(&nodes);
    nodes_swap(&nodes);
    keys_take(&nodes);
    nodes_swap(&nodes);
    assert_int_equal(
        file_read(w->arena, SOURCE_DIR "/tests/world_partners.json", 1 << 20, &partners), OK);
    world_partners(w, arena_copy(w->arena, partners.at, partners.size));
    return nodes;
}

static void
nodes_close(struct nodes *nodes)
{
    keyring_free((struct keyring *)nodes->other_keys);
    keyring_free((struct keyring *)nodes->w->services.keys);
    fresh_free(nodes->other_fresh);
    nodes->w->services.keys = nodes->world_keys;
}

static const char *
kid_of(struct world *w, const char *token)
{
    struct jws jws;

    assert_int_equal(jws_read(w->arena, token, &jws), OK);
    return arena_text(w->arena, jws.kid);
}

static struct key_retiring
retired(struct nodes *nodes, const char *kid)
{
    struct ctx ctx = world_ctx(nodes->w);
    struct key_retiring done = { .successor = NULL };

    assert_int_equal(keys_retire(&ctx, &nodes->kek, kid, &done), OK);
    return done;
}

static bool
is_active(struct world *w, const char *token)
{
    world_partner_post(w, "webhall", "/oauth2/introspect", "token=%s", token);
    assert_int_equal(w->answer.status, 200);
    return strstr(w->answer.body, "\"active\":true") != NULL;
}

static enum err
hint(struct world *w, const char *token)
{
    struct ctx ctx = world_ctx(w);
    struct hint out;

    return id_token_hint_open(&ctx, token, &out);
}

static void
assert_taken(struct world *w, struct world_tokens tokens)
{
    assert_true(is_active(w, tokens.access));
    assert_true(world_token_works(w, tokens.access));
    assert_int_equal(hint(w, tokens.id), OK);
}

static void
assert_not_taken(struct world *w, struct world_tokens tokens)
{
    assert_false(is_active(w, tokens.access));
    assert_false(world_token_works(w, tokens.access));
    assert_int_equal(hint(w, tokens.id), ERR_FORGED);
    world_get(w, "/oauth2/jwks");
    assert_null(strstr(w->answer.body, kid_of(w, tokens.access)));
    assert_null(strstr(w->answer.body, kid_of(w, tokens.id)));
}

/* Also on the node that has made the tokens itself, and remembers them. */
static void
nothing_that_a_retired_key_signed_is_taken_on_any_node_that_has_heard(void **state)
{
    struct nodes nodes = nodes_open(*state);
    struct world *w = nodes.w;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *access_kid = kid_of(w, tokens.access);
    const char *id_kid = kid_of(w, tokens.id);

    assert_taken(w, tokens);
    world_get(w, "/oauth2/jwks");
    assert_non_null(strstr(w->answer.body, access_kid));
    world_audit_mark(w);
    assert_string_not_equal(retired(&nodes, access_kid).successor, "");
    assert_int_equal(world_audit_count(w, AUDIT_KEY_CHANGED), 2); /* retired, and signing */
    if (!text_eq(access_kid, id_kid))
        retired(&nodes, id_kid);
    keys_take(&nodes);
    assert_not_taken(w, tokens);
    nodes_swap(&nodes);
    assert_taken(w, tokens); /* has not heard yet */
    keys_take(&nodes);
    assert_not_taken(w, tokens);
    nodes_close(&nodes);
}

static void
a_successor_signs_at_once_and_what_it_signs_is_taken(void **state)
{
    struct nodes nodes = nodes_open(*state);
    struct world *w = nodes.w;
    const char *kid = kid_of(w, world_login_tokens(w, "webhall").access);
    struct key_retiring done = retired(&nodes, kid);
    struct world_tokens tokens;

    assert_int_equal(done.key.state, KEY_SIGNING);
    keys_take(&nodes);
    tokens = world_login_tokens(w, "webhall");
    assert_string_equal(kid_of(w, tokens.access), done.successor);
    assert_taken(w, tokens);
    nodes_close(&nodes);
}

static int64_t
keyring_epoch(struct world *w)
{
    struct epochs epochs;

    assert_int_equal(store_epoch_read(w->store, &epochs), OK);
    return epochs.keyring;
}

/* Partners may have it already. */
static void
one_that_is_announced_takes_over(void **state)
{
    struct nodes nodes = nodes_open(*state);
    struct world *w = nodes.w;
    struct ctx ctx = world_ctx(w);
    const char *kid = arena_text(w->arena, keyring_signer(ctx.keys, JWS_ES256)->kid);
    int64_t epoch = keyring_epoch(w);
    struct key_retiring done;
    const char *next;

    assert_int_equal(keys_rotate(&ctx, &nodes.kek, JWS_ES256, &next), OK);
    assert_int_equal(keys_retire_plan(&ctx, kid, &done), OK);
    assert_string_equal(done.successor, next);
    assert_string_equal(retired(&nodes, kid).successor, next);
    assert_true(keyring_epoch(w) > epoch);
    keys_take(&nodes);
    ctx = world_ctx(w);
    assert_string_equal(keyring_signer(ctx.keys, JWS_ES256)->kid, next);
    nodes_close(&nodes);
}

static void
a_key_that_does_not_sign_now_needs_no_successor(void **state)
{
    struct nodes nodes = nodes_open(*state);
    struct ctx ctx = world_ctx(nodes.w);
    const char *next;

    assert_int_equal(keys_rotate(&ctx, &nodes.kek, JWS_ES256, &next), OK);
    assert_null(retired(&nodes, next).successor);
    keys_take(&nodes);
    ctx = world_ctx(nodes.w);
    assert_null(strstr(ctx.keys->jwks, next));
    nodes_close(&nodes);
}

static void
what_does_not_sign_is_not_retired(void **state)
{
    struct nodes nodes = nodes_open(*state);
    struct ctx ctx = world_ctx(nodes.w);
    struct key_retiring done = { .successor = NULL };
    struct key_list list;
    int64_t before = world_rows_of(nodes.w, "key_row");

    assert_int_equal(store_key_list(ctx.store, ctx.arena, &list), OK);
    for (size_t i = 0; i < list.count; i++) {
        if (list.at[i].purpose == KEY_SIGN)
            continue;
        assert_int_equal(keys_retire_plan(&ctx, list.at[i].key_id, &done), ERR_INVALID);
        assert_int_equal(keys_retire(&ctx, &nodes.kek, list.at[i].key_id, &done), ERR_INVALID);
        assert_string_equal(done.key.key_id, list.at[i].key_id);
    }
    assert_int_equal(keys_retire(&ctx, &nodes.kek, "nokey", &done), ERR_NOT_FOUND);
    assert_int_equal(world_rows_of(nodes.w, "key_row"), before);
    nodes_close(&nodes);
}

/* --- Followed at once, but not leaked --- */

static void
a_successor_signs_as_soon_as_all_nodes_have_heard_and_the_key_before_stays_good(void **state)
{
    struct nodes nodes = nodes_open(*state);
    struct world *w = nodes.w;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct ctx ctx = world_ctx(w);
    const char *next;
    const char *again;
    bool moved;

    assert_int_equal(keys_rotate_now(&ctx, &nodes.kek, JWS_ES256, &next), OK);
    assert_int_equal(keys_rotate_now(&ctx, &nodes.kek, JWS_ES256, &again), OK);
    assert_string_equal(next, again);
    keys_take(&nodes);
    nodes_swap(&nodes);
    keys_take(&nodes);
    nodes_swap(&nodes);
    world_advance(w, KEYS_HEARD_S);
    ctx = world_ctx(w);
    assert_int_equal(keys_turn(&ctx, &nodes.kek, &moved), OK);
    assert_true(moved);
    keys_take(&nodes);
    ctx = world_ctx(w);
    assert_string_equal(keyring_signer(ctx.keys, JWS_ES256)->kid, next);
    assert_taken(w, tokens);
    /* The other node has not heard that it signs, but knows it. */
    nodes_swap(&nodes);
    ctx = world_ctx(w);
    assert_non_null(keyring_verifier(ctx.keys, next));
    nodes_close(&nodes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(nothing_that_a_retired_key_signed_is_taken_on_any_node_that_has_heard),
        world_test(a_successor_signs_at_once_and_what_it_signs_is_taken),
        world_test(one_that_is_announced_takes_over),
        world_test(a_key_that_does_not_sign_now_needs_no_successor),
        world_test(what_does_not_sign_is_not_retired),
        world_test(a_successor_signs_as_soon_as_all_nodes_have_heard_and_the_key_before_stays_good),
    };

    return world_run(tests);
}
