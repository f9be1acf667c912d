/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/context/change.h"
#include "idp/tables/spent.h"
#include "tests/world.h"

struct spending {
    const char *id;
    enum err answer; /* after the row has been written */
    struct ctx *ctx; /* seen by the work */
};

static enum err
spend(struct ctx *ctx, void *state)
{
    struct spending *spending = state;
    enum err err = store_spent_insert(ctx->store, &(struct digest) { .bytes = "spent" },
                                      spending->id, ctx->now + 60);

    spending->ctx = ctx;
    return err == OK ? spending->answer : err;
}

static bool
is_spent(struct ctx *ctx)
{
    const char *grant_id;

    return store_spent_find(ctx->store, ctx->arena, &(struct digest) { .bytes = "spent" },
                            &grant_id) == OK;
}

static void
a_change_is_there_once_its_work_went_well(void **state)
{
    struct ctx ctx = world_ctx(*state);
    struct spending spending = { .id = "g_1" };

    assert_int_equal(change(&ctx, spend, &spending), OK);
    assert_ptr_equal(spending.ctx, &ctx);
    assert_true(is_spent(&ctx));
    assert_false(store_in_transaction(ctx.store));
}

static void
nothing_is_left_of_a_change_whose_work_failed(void **state)
{
    struct ctx ctx = world_ctx(*state);
    struct spending spending = { .id = "g_1", .answer = ERR_EXPIRED };

    assert_int_equal(change(&ctx, spend, &spending), ERR_EXPIRED);
    assert_false(is_spent(&ctx));
    assert_false(store_in_transaction(ctx.store));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_change_is_there_once_its_work_went_well),
        world_test(nothing_is_left_of_a_change_whose_work_failed),
    };

    return world_run(tests);
}
