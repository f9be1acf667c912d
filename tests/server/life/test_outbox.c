/* SPDX-License-Identifier: Apache-2.0 */
/* What every kind of delivery has in common; the calls of logout are tests/session/test_logout.c. */
#include "idp/context/bell.h"
#include "idp/session/logout.h"
#include "idp/tables/outbox.h"
#include "tests/session/logout_kit.h"
#include "tests/store_kit.h"

static void
a_logout_wakes_a_deliverer_and_that_one_the_next(void **state)
{
    struct world *w = *state;
    struct listener listener;

    assert_int_equal(listener_start(&listener, 200), 0);
    assert_int_equal(bell_new(&w->services.outbox), OK);
    (void)world_login_tokens(w, "webhall");
    partner_listens(w, "webhall", &listener);
    assert_false(bell_heard(w->services.outbox));
    log_out(w);
    assert_true(bell_heard(w->services.outbox));
    assert_true(deliver(w));
    assert_true(bell_heard(w->services.outbox)); /* there may be more */
    assert_false(deliver(w));
    assert_false(bell_heard(w->services.outbox));
    assert_int_equal(atomic_load(&listener.calls), 1);
    bell_free(w->services.outbox);
    listener_stop(&listener);
}

/* C11: by the browser, and by a partner's server with a hint; what it wakes for can be claimed. */
static void
c11_a_logout_by_request_wakes_a_deliverer_once_it_is_durable(void **state)
{
    struct world *w = *state;
    struct listener listener;

    assert_int_equal(listener_start(&listener, 200), 0);
    assert_int_equal(bell_new(&w->services.outbox), OK);
    partner_listens(w, "webhall", &listener);
    for (int i = 0; i < 2; i++) {
        struct world_tokens tokens = world_login_tokens(w, "webhall");

        assert_false(bell_heard(w->services.outbox));
        world_send(w,
                   &(struct world_call) {
                       .target = arena_printf(w->arena, "/oidc/logout?id_token_hint=%s", tokens.id),
                       .without_cookies = i == 1 });
        assert_arrived(w);
        assert_true(bell_heard(w->services.outbox));
        assert_true(deliver(w));
        assert_true(bell_heard(w->services.outbox)); /* rung by the deliverer for the next */
        assert_int_equal(atomic_load(&listener.calls), i + 1);
    }
    bell_free(w->services.outbox);
    listener_stop(&listener);
}

static void
a_logout_that_nobody_is_told_of_wakes_nobody(void **state)
{
    struct world *w = *state;

    assert_int_equal(bell_new(&w->services.outbox), OK);
    (void)world_login_tokens(w, "webhall");
    log_out(w);
    assert_false(bell_heard(w->services.outbox));
    bell_free(w->services.outbox);
}

static void
put(struct world *w, const char *kind, int64_t tries)
{
    struct stored_delivery row = { .delivery_id = kind,
                                   .kind = kind,
                                   .partner_id = "webhall",
                                   .person_id = world_person(w, 0),
                                   .sid = "s_1",
                                   .payload = "",
                                   .tries = tries,
                                   .next_at = w->now,
                                   .outcome = "",
                                   .created_at = w->now };

    assert_int_equal(store_delivery_insert(w->store, &row), OK);
}

/* A later version may have written it; its nodes know what to do. */
static void
a_kind_that_this_version_does_not_know_is_left_to_those_that_do(void **state)
{
    struct world *w = *state;
    struct delivery_claim claim = { .kind = "unknown", .now = w->now, .lease_s = 30, .max = 1 };
    struct delivery_list list;

    put(w, "unknown", 0);
    assert_false(deliver(w));
    assert_int_equal(store_delivery_claim(w->store, w->arena, &claim, &list), OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.at[0].tries, 1);
}

/* Each of its rounds was left early, before it could say how it went. */
static void
one_that_ended_its_round_each_time_is_given_up_without_a_call(void **state)
{
    struct world *w = *state;
    struct listener listener;

    assert_int_equal(listener_start(&listener, 200), 0);
    (void)world_login_tokens(w, "webhall");
    partner_listens(w, "webhall", &listener);
    put(w, OUTBOX_LOGOUT, 6);
    world_audit_mark(w);
    assert_true(deliver(w));
    assert_audited(w, AUDIT_LOGOUT_GIVEN_UP, "ended");
    assert_int_equal(atomic_load(&listener.calls), 0);
    listener_stop(&listener);
}

/* --- From the version before --- */

static void
old_put(struct world *w, const char *delivery_id)
{
    static const char sql[] =
        "INSERT INTO logout_delivery (delivery_id, partner_id, person_id, sid, tries, next_at,"
        " done_at, outcome, created_at) VALUES ($1, 'webhall', $2, 's_1', 0, $3, 0, '', $3)";
    const struct arg args[] = { arg_text(delivery_id), arg_text(world_person(w, 0)),
                                arg_time(w->now), ARG_END };

    assert_int_equal(store_run(w->store, &(struct query) { .sql = sql, .args = args }), OK);
}

static void
what_the_version_before_left_to_be_told_is_told(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct listener listener;

    assert_int_equal(listener_start(&listener, 200), 0);
    assert_int_equal(bell_new(&w->services.outbox), OK);
    (void)world_login_tokens(w, "webhall");
    partner_listens(w, "webhall", &listener);
    assert_int_equal(outbox_drain(&ctx), OK);
    assert_false(bell_heard(w->services.outbox));
    for (int i = 0; i < LOGOUT_DRAIN + 1; i++)
        old_put(w, arena_printf(w->arena, "d_%d", i));
    assert_int_equal(outbox_drain(&ctx), OK);
    assert_true(bell_heard(w->services.outbox));
    assert_int_equal(world_rows_of(w, "outbox"), LOGOUT_DRAIN + 1);
    assert_true(deliver(w));
    assert_int_equal(atomic_load(&listener.calls), 1);
    bell_free(w->services.outbox);
    listener_stop(&listener);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_logout_wakes_a_deliverer_and_that_one_the_next),
        world_test(c11_a_logout_by_request_wakes_a_deliverer_once_it_is_durable),
        world_test(a_logout_that_nobody_is_told_of_wakes_nobody),
        world_test(a_kind_that_this_version_does_not_know_is_left_to_those_that_do),
        world_test(one_that_ended_its_round_each_time_is_given_up_without_a_call),
        world_test(what_the_version_before_left_to_be_told_is_told),
    };

    return world_run(tests);
}
