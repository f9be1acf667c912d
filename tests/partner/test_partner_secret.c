/* SPDX-License-Identifier: Apache-2.0 */
/* A secret that is rotated, on two nodes: what a partner may send, and until when. */
#include "idp/base/text.h"
#include "idp/partner/partner_secret.h"
#include "keys/jwt_compat.h"
#include "tests/partner/kit.h"

static const char old_secret[] = "webhall-secret-0123456789-0123456789-0123456789";

static void
registry_swap(struct world *w, struct registry **other)
{
    struct registry *mine = w->services.registry;

    w->services.registry = *other;
    *other = mine;
}

/* What the watcher of a node does once the counter has moved. */
static void
node_hears(struct world *w, struct registry **node)
{
    struct ctx ctx = world_ctx(w);

    registry_swap(w, node);
    assert_int_equal(registry_load(&ctx), OK);
    registry_swap(w, node);
}

static struct partner_rotation
rotated(struct world *w, const char *partner_id, int64_t overlap_s)
{
    struct ctx ctx = world_ctx(w);
    struct partner_rotation rotation;

    assert_int_equal(partner_secret_rotate(&ctx, partner_id, overlap_s, &rotation), OK);
    assert_int_equal(registry_load(&ctx), OK);
    return rotation;
}

static int
status_with(struct world *w, const char *secret)
{
    const char *plain = arena_printf(w->arena, "webhall:%s", secret);

    world_send(w, &(struct world_call) {
                      .target = "/oauth2/token",
                      .form = "grant_type=client_credentials",
                      .authorization = arena_printf(
                          w->arena, "Basic %s", base64_encode(w->arena, bytes_of_text(plain))) });
    return w->answer.status;
}

static void
assert_wrong(struct world *w, const char *secret)
{
    assert_int_equal(status_with(w, secret), 401);
    assert_string_equal(world_json(w, "error"), "invalid_client");
}

static void
both_secrets_are_good_until_the_end_of_the_overlap_on_every_node_that_has_heard(void **state)
{
    struct world *w = *state;
    struct registry *other = registry_new();
    struct partner_rotation rotation;

    node_hears(w, &other);
    assert_int_equal(status_with(w, old_secret), 200);
    world_audit_mark(w);
    rotation = rotated(w, "webhall", 7 * 86400);
    assert_audited(w, AUDIT_PARTNER_CHANGED, "secret");
    assert_int_equal(rotation.before_until, WORLD_NOW + 7 * 86400);
    assert_int_equal(status_with(w, rotation.secret), 200);
    assert_int_equal(status_with(w, old_secret), 200);
    registry_swap(w, &other);
    assert_wrong(w, rotation.secret);
    registry_swap(w, &other);
    node_hears(w, &other);
    registry_swap(w, &other);
    assert_int_equal(status_with(w, rotation.secret), 200);
    assert_int_equal(status_with(w, old_secret), 200);
    world_advance(w, 7 * 86400 - 1);
    assert_int_equal(status_with(w, old_secret), 200);
    world_advance(w, 1);
    assert_wrong(w, old_secret); /* without anybody having told the node */
    assert_int_equal(status_with(w, rotation.secret), 200);
    registry_swap(w, &other);
    assert_wrong(w, old_secret);
    registry_free(other);
}

/* A secret that has leaked. */
static void
without_an_overlap_the_old_one_is_good_for_nothing_at_once(void **state)
{
    struct world *w = *state;
    struct partner_rotation rotation = rotated(w, "webhall", 0);

    assert_wrong(w, old_secret);
    assert_int_equal(status_with(w, rotation.secret), 200);
}

static void
of_two_rotations_only_the_last_one_leaves_an_old_secret(void **state)
{
    struct world *w = *state;
    struct partner_rotation first = rotated(w, "webhall", 100);
    struct partner_rotation second = rotated(w, "webhall", 50);

    assert_int_equal(first.dropped_until, 0);
    assert_int_equal(second.dropped_until, WORLD_NOW + 100);
    assert_wrong(w, old_secret);
    assert_int_equal(status_with(w, first.secret), 200);
    assert_int_equal(status_with(w, second.secret), 200);
    world_advance(w, 50);
    assert_wrong(w, first.secret);
}

static void
ca22_a_removed_partner_is_refused_with_its_right_secret_on_every_node_that_has_heard(void **state)
{
    struct world *w = *state;
    struct registry *other = registry_new();
    struct ctx ctx = world_ctx(w);

    node_hears(w, &other);
    assert_int_equal(status_with(w, old_secret), 200);
    assert_int_equal(partner_remove(&ctx, "webhall"), OK);
    assert_int_equal(registry_load(&ctx), OK);
    assert_wrong(w, old_secret);
    node_hears(w, &other);
    registry_swap(w, &other);
    assert_wrong(w, old_secret);
    registry_swap(w, &other);
    registry_free(other);
}

/* --- Assertions made with a secret --- */

static const char file_hmac[] = FILE_OF(ONE("aa", HMAC ",\"client_secret\":\"" SECRET "\""));

static bool
opens(struct world *w, size_t which, const char *secret)
{
    const struct partner_secret *kept = &partner_of(w, "aa")->secrets[which];

    return kept->clear.size == strlen(secret) &&
           memcmp(kept->clear.at, secret, strlen(secret)) == 0;
}

static void
both_secrets_of_a_partner_that_signs_with_them_are_kept_sealed(void **state)
{
    struct world *w = *state;
    struct partner_rotation rotation;

    applied(w, file_hmac);
    rotation = rotated(w, "aa", 60);
    assert_int_equal(partner_of(w, "aa")->secret_count, 2);
    assert_true(opens(w, 0, rotation.secret));
    assert_true(opens(w, 1, SECRET));
    assert_int_equal(partner_of(w, "aa")->secrets[1].until, WORLD_NOW + 60);
}

/* --- What is not rotated --- */

static void
what_has_no_secret_or_is_not_there_is_not_rotated(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct partner_rotation rotation;
    int64_t rows;

    applied(w, FILE_OF(ONE("aa", PUBLIC)));
    rows = world_rows(w);
    assert_int_equal(partner_secret_rotate(&ctx, "aa", 60, &rotation), ERR_INVALID);
    assert_string_equal(rotation.auth_method, "none");
    assert_int_equal(partner_secret_rotate(&ctx, "nobody", 60, &rotation), ERR_NOT_FOUND);
    assert_int_equal(partner_secret_rotate(&ctx, "webhall", 60, &rotation), ERR_NOT_FOUND);
    assert_int_equal(world_rows(w), rows);
    w->random_fails = true;
    assert_int_equal(partner_secret_rotate(&ctx, "aa", 60, &rotation), ERR_UNAVAILABLE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(both_secrets_are_good_until_the_end_of_the_overlap_on_every_node_that_has_heard),
        world_test(without_an_overlap_the_old_one_is_good_for_nothing_at_once),
        world_test(of_two_rotations_only_the_last_one_leaves_an_old_secret),
        world_test(
            ca22_a_removed_partner_is_refused_with_its_right_secret_on_every_node_that_has_heard),
        world_test(both_secrets_of_a_partner_that_signs_with_them_are_kept_sealed),
        world_test(what_has_no_secret_or_is_not_there_is_not_rotated),
    };

    return world_run(tests);
}
