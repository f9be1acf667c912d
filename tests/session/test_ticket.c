/* SPDX-License-Identifier: Apache-2.0 */
/* One ticket opened by many at once, on one node and on two: one is logged in. */
#include "tests/protocols/app_kit.h"

#include "tests/session/node_kit.h"
#include "tests/store_kit.h"

#define THREADS 32
#define ROUNDS 4

struct ticket_race {
    struct world nodes[2];
    struct arena *arenas[THREADS];
    struct world_call calls[THREADS];
    struct world_answer answers[THREADS];
};

static enum err
open_ticket(struct store *st, int thread, void *state)
{
    struct ticket_race *race = state;

    world_perform(&race->nodes[thread % 2], st, race->arenas[thread], &race->calls[thread],
                  &race->answers[thread]);
    return race->answers[thread].status == 303 ? OK : ERR_CONFLICT;
}

/* Each web view has a proof of its own: what decides is the ticket. */
static void
round_run(struct ticket_race *race, struct holder *holder, const char *access)
{
    struct world *w = &race->nodes[0];
    enum err outcomes[KIT_THREADS_MAX];
    const char *target;
    int64_t sessions;

    ticket_ask(w, holder, "pilot", access, "hall");
    target = arena_printf(w->arena, "/ticket?ticket=%s", world_json(w, "access_token"));
    for (int i = 0; i < THREADS; i++) {
        arena_reset(race->arenas[i]);
        race->calls[i] = (struct world_call) {
            .target = target,
            .dpop = proof_of(holder,
                             &(struct proving) { .method = "GET", .uri = WORLD_ISSUER "/ticket" }),
            .without_cookies = true,
        };
    }
    sessions = world_rows_of(w, "session");
    kit_race(w->services.database, THREADS, open_ticket, race, outcomes);
    assert_int_equal(kit_count(outcomes, THREADS, OK), 1);
    assert_int_equal(world_rows_of(w, "session"), sessions + 1);
    for (int i = 0; i < THREADS; i++) {
        if (outcomes[i] == OK)
            continue;
        w->answer = race->answers[i];
        assert_refused(w, &problem_ticket_invalid);
    }
}

static void
of_many_at_once_on_two_nodes_one_opens_a_ticket(void **state)
{
    struct world *w = *state;
    struct holder holder = holder_new(w);
    struct ticket_race *race = arena_alloc(w->arena, sizeof(*race));
    struct memory node = node_begin(w);
    struct world_tokens tokens = app_tokens(w, &holder, "pilot", "openid", "");

    race->nodes[0] = *w;
    race->nodes[1] = *w;
    memory_swap(&race->nodes[1], &node);
    for (int i = 0; i < THREADS; i++)
        race->arenas[i] = arena_new((size_t)4 << 20);
    for (int i = 0; i < ROUNDS; i++)
        round_run(race, &holder, tokens.access);
    for (int i = 0; i < THREADS; i++)
        arena_free(race->arenas[i]);
    memory_swap(&race->nodes[1], &node);
    node_end(&node);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        apps_test(of_many_at_once_on_two_nodes_one_opens_a_ticket),
    };

    return cmocka_run_group_tests(tests, world_group_setup, group_teardown);
}
