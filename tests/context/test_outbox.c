/* SPDX-License-Identifier: Apache-2.0 */
/* What is put into the outbox, and who is woken. Delivering is tests/server/life/test_outbox.c. */
#include "idp/context/bell.h"
#include "idp/context/outbox.h"
#include "tests/world.h"

static struct delivery_list
due(struct world *w)
{
    struct delivery_claim claim = { .kind = "ping", .now = w->now, .lease_s = 30, .max = 9 };
    struct delivery_list list;

    assert_int_equal(store_delivery_claim(w->store, w->arena, &claim, &list), OK);
    return list;
}

static void
what_is_put_is_due_at_once(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct delivery_list list;

    assert_int_equal(outbox_put(&ctx, &(struct outbox_entry) { .kind = "ping",
                                                               .partner_id = "webhall",
                                                               .person_id = "p_1",
                                                               .sid = "s_1",
                                                               .payload = "{}" }),
                     OK);
    assert_int_equal(outbox_put(&ctx, &(struct outbox_entry) { .kind = "ping" }), OK);
    list = due(w);
    assert_int_equal(list.count, 2);
    for (size_t i = 0; i < list.count; i++) {
        const struct stored_delivery *row = &list.at[i];
        bool is_first = *row->partner_id != '\0';

        assert_string_equal(row->partner_id, is_first ? "webhall" : "");
        assert_string_equal(row->person_id, is_first ? "p_1" : "");
        assert_string_equal(row->sid, is_first ? "s_1" : "");
        assert_string_equal(row->payload, is_first ? "{}" : "");
        assert_int_equal(row->created_at, WORLD_NOW);
    }
}

static void
who_put_something_wakes_once_and_who_did_not_wakes_nobody(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    assert_int_equal(bell_new(&w->services.outbox), OK);
    outbox_wake(&ctx);
    assert_false(bell_heard(w->services.outbox));
    assert_int_equal(outbox_put(&ctx, &(struct outbox_entry) { .kind = "ping" }), OK);
    assert_false(bell_heard(w->services.outbox)); /* the change is not durable yet */
    outbox_wake(&ctx);
    assert_true(bell_heard(w->services.outbox));
    outbox_wake(&ctx);
    assert_false(bell_heard(w->services.outbox));
    bell_free(w->services.outbox);
}

static void
without_randomness_nothing_is_put(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    w->random_fails = true;
    assert_int_not_equal(outbox_put(&ctx, &(struct outbox_entry) { .kind = "ping" }), OK);
    w->random_fails = false;
    assert_int_equal(world_rows_of(w, "outbox"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(what_is_put_is_due_at_once),
        world_test(who_put_something_wakes_once_and_who_did_not_wakes_nobody),
        world_test(without_randomness_nothing_is_put),
    };

    return world_run(tests);
}
