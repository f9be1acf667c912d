/* SPDX-License-Identifier: Apache-2.0 */
/* One holder of the application's token, for all nodes. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "idp/base/text.h"
#include "idp/person/wechat_token.h"
#include "idp/server/life/jobs.h"
#include "protocols/routes.h"
#include "tests/sims/kit_wechat.h"
#include "tests/world_sims.h"

#define THREADS 8
#define EACH 125
#define JSSDK "/wechat/jssdk?url=https%3A%2F%2Fid.example%2Flogin"

static enum err
hold(struct world *w)
{
    struct ctx ctx = world_ctx(w);

    return wechat_tokens_hold(&ctx);
}

static void
it_is_fetched_once_and_again_five_minutes_before_its_end(void **state)
{
    struct world *w = *state;
    int64_t tokens = world_wechat_calls(w, "stable_token");
    int64_t tickets = world_wechat_calls(w, "getticket");
    const char *ticket;
    struct ctx ctx = world_ctx(w);

    assert_int_equal(wechat_ticket_find(&ctx, &ticket), ERR_NOT_FOUND);
    for (int i = 0; i < 3; i++)
        assert_int_equal(hold(w), OK);
    world_advance(w, 7200 - WECHAT_RENEW_EARLY_S - 1);
    assert_int_equal(hold(w), OK);
    assert_int_equal(world_wechat_calls(w, "stable_token"), tokens + 1);
    assert_int_equal(world_wechat_calls(w, "getticket"), tickets + 1);
    assert_int_equal(wechat_ticket_find(&ctx, &ticket), OK);
    assert_string_equal(ticket, SIM_TICKET);
    world_advance(w, 1);
    assert_int_equal(hold(w), OK);
    assert_int_equal(world_wechat_calls(w, "stable_token"), tokens + 2);
    assert_int_equal(world_wechat_calls(w, "getticket"), tickets + 2);
}

static void
what_is_stored_is_sealed(void **state)
{
    struct world *w = *state;
    struct bytes sealed;
    const struct out outs[] = { out_bytes(&sealed), OUT_END };

    assert_int_equal(hold(w), OK);
    world_must(store_run(w->store, &(struct query) { .sql = "SELECT value_sealed FROM held_token "
                                                            "WHERE name LIKE 'wechat.ticket.%'",
                                                     .outs = outs,
                                                     .arena = w->arena }),
               "no ticket");
    assert_null(memmem(sealed.at, sealed.size, SIM_TICKET, strlen(SIM_TICKET)));
}

/* A token that WeChat no longer takes is replaced at once, but not again and again. */
static void
no_two_are_forced_within_half_a_minute_and_no_more_than_twenty_a_day(void **state)
{
    struct world *w = *state;
    int64_t forced = world_wechat_calls(w, "forced");

    for (int i = 0; i < 60; i++) {
        world_wechat_control(w, "revoke=on");
        world_must(store_run(w->store, &(struct query) { .sql = "DELETE FROM held_token WHERE name "
                                                                "LIKE 'wechat.ticket.%'" }),
                   "the ticket is not gone");
        assert_true(hold(w) == OK || i > 0);
        if (i < 2) /* the second is 29 s behind the first */
            assert_int_equal(world_wechat_calls(w, "forced"), forced + 1);
        world_advance(w, i == 0 ? WECHAT_FORCED_EVERY_S - 1 : WECHAT_FORCED_EVERY_S);
    }
    assert_int_equal(world_wechat_calls(w, "forced"), forced + WECHAT_FORCED_A_DAY);
    world_wechat_control(w, "revoke=off");
    assert_int_equal(hold(w), OK);
}

static void
what_there_is_serves_on_while_wechat_is_away(void **state)
{
    struct world *w = *state;

    assert_int_equal(hold(w), OK);
    world_wechat_control(w, "down=on");
    world_advance(w, 7000);
    assert_int_equal(hold(w), ERR_UNAVAILABLE);
    world_get(w, JSSDK);
    assert_int_equal(w->answer.status, 200);
    world_advance(w, 200);
    world_get(w, JSSDK);
    assert_refused(w, &problem_wechat_unavailable);
    world_wechat_control(w, "down=off");
    assert_int_equal(hold(w), OK);
    world_get(w, JSSDK);
    assert_int_equal(w->answer.status, 200);
}

/* --- Two nodes, and a thousand who sign --- */

struct page_signer {
    struct world *w;
    pthread_t thread;
    int answered;
};

static void *
sign(void *at)
{
    struct page_signer *signer = at;
    struct store *store = store_open(signer->w->services.database);
    struct arena *arena = arena_new(4 << 20);

    for (int i = 0; i < EACH; i++) {
        struct world_answer answer;

        world_perform(signer->w, store, arena, &(struct world_call) { .target = JSSDK }, &answer);
        signer->answered += answer.status == 200 || answer.status == 503;
        arena_reset(arena);
    }
    store_close(store);
    arena_free(arena);
    return NULL;
}

static void
a_thousand_who_sign_on_two_nodes_fetch_it_once(void **state)
{
    struct world *w = *state;
    struct page_signer signers[THREADS];
    struct rounds nodes[2] = { { .holder = "node-a" }, { .holder = "node-b" } };
    int64_t tokens = world_wechat_calls(w, "stable_token");
    int64_t tickets = world_wechat_calls(w, "getticket");
    struct ctx ctx = world_ctx(w);
    int answered = 0;

    for (size_t i = 0; i < THREADS; i++) {
        signers[i] = (struct page_signer) { .w = w };
        assert_int_equal(pthread_create(&signers[i].thread, NULL, sign, &signers[i]), 0);
    }
    for (int i = 0; i < 4; i++)
        (void)jobs_pass(&ctx, CREW_FETCHER, &nodes[i % 2]);
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(signers[i].thread, NULL);
        answered += signers[i].answered;
    }
    assert_int_equal(answered, THREADS * EACH);
    assert_int_equal(world_wechat_calls(w, "stable_token"), tokens + 1);
    assert_int_equal(world_wechat_calls(w, "getticket"), tickets + 1);
    world_get(w, JSSDK);
    assert_int_equal(w->answer.status, 200);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(it_is_fetched_once_and_again_five_minutes_before_its_end),
        world_sims_test(what_is_stored_is_sealed),
        world_sims_test(no_two_are_forced_within_half_a_minute_and_no_more_than_twenty_a_day),
        world_sims_test(what_there_is_serves_on_while_wechat_is_away),
        world_sims_test(a_thousand_who_sign_on_two_nodes_fetch_it_once),
    };

    return world_sims_run(tests);
}
