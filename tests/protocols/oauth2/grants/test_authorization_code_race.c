/* SPDX-License-Identifier: Apache-2.0 */
/* CD-09: many redeem one code at once, on one node and on two. */
#include "idp/session/fresh.h"
#include "tests/world.h"

#include <stdlib.h>

#include "idp/partner/registry.h"
#include "idp/session/revocation.h"
#include "idp/session/token.h"
#include "tests/store_kit.h"

#define THREADS KIT_THREADS_MAX
#define ROUNDS_SQLITE 100
#define ROUNDS_POSTGRES 8

/* A node is what one process has: its own memory of revocations and fresh
 * tokens, the database shared. */
struct race {
    struct world *nodes[2];
    struct arena *arenas[THREADS];
    struct world_call call;
    struct world_answer answers[THREADS];
};

static struct race *
race_new(struct world *w, struct world *second)
{
    struct race *race = arena_alloc(w->arena, sizeof(*race));

    race->nodes[0] = w;
    race->nodes[1] = second;
    for (int i = 0; i < THREADS; i++)
        race->arenas[i] = arena_new((size_t)4 << 20);
    return race;
}

static void
race_free(struct race *race)
{
    for (int i = 0; i < THREADS; i++)
        arena_free(race->arenas[i]);
}

static enum err
redeem(struct store *st, int thread, void *state)
{
    struct race *race = state;

    world_perform(race->nodes[thread % 2], st, race->arenas[thread], &race->call,
                  &race->answers[thread]);
    return race->answers[thread].status == 200 ? OK : ERR_CONFLICT;
}

/* The one that won, NULL when all lost. */
static const struct world_answer *
judge_answers(struct world *w, const struct race *race)
{
    const struct world_answer *winner = NULL;

    for (int i = 0; i < THREADS; i++) {
        w->answer = race->answers[i];
        if (w->answer.status == 200) {
            assert_null(winner);
            winner = &race->answers[i];
        } else {
            assert_refused(w, &problem_code_invalid);
        }
    }
    return winner;
}

static int64_t
grants_alive(struct world *w)
{
    static const char sql[] = "SELECT count(*) FROM partner_grant WHERE ended_at = 0";
    const struct arg args[] = { ARG_END };
    int64_t count = -1;
    const struct out outs[] = { out_int(&count), OUT_END };

    assert_int_equal(
        store_run(w->store, &(struct query) { .sql = sql, .args = args, .outs = outs }), OK);
    return count;
}

static void
assert_nothing_came_of_it(struct race *race, const struct world_answer *winner)
{
    struct world *w = race->nodes[0];
    struct world_tokens tokens;

    assert_int_equal(grants_alive(w), 0);
    if (winner == NULL)
        return;
    w->answer = *winner;
    tokens = world_tokens_of(w);
    assert_false(world_token_works(race->nodes[0], tokens.access));
    assert_false(world_token_works(race->nodes[1], tokens.access));
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       tokens.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
run_round(struct race *race)
{
    struct world *w = race->nodes[0];
    const char *basic = world_basic(w, "webhall");
    enum err outcomes[KIT_THREADS_MAX];
    const struct world_answer *winner;

    for (int i = 0; i < THREADS; i++)
        arena_reset(race->arenas[i]);
    world_authorize(w, "webhall", "");
    race->call = (struct world_call) {
        .target = "/oauth2/token",
        .authorization = basic,
        .form = arena_printf(w->arena,
                             "grant_type=authorization_code&code=%s"
                             "&redirect_uri=https://app.example/cb&code_verifier=" WORLD_VERIFIER,
                             world_location_param(w, "code")),
    };
    world_audit_mark(w);
    kit_race(w->services.database, THREADS, redeem, race, outcomes);
    winner = judge_answers(w, race);
    assert_int_equal(world_audit_count(w, AUDIT_CODE_REDEEMED), 1);
    assert_int_equal(world_audit_count(w, AUDIT_CODE_REPLAYED), THREADS - (winner != NULL));
    assert_nothing_came_of_it(race, winner);
}

static void
run_rounds(struct world *w, struct world *second)
{
    struct race *race = race_new(w, second);
    int rounds = kit_is_sqlite() ? ROUNDS_SQLITE : ROUNDS_POSTGRES;

    world_log_in(w, 0);
    world_consent(w, 0, "webhall", "openid profile");
    for (int i = 0; i < rounds; i++)
        run_round(race);
    race_free(race);
}

static void
cd_09_of_64_at_once_one_redeems_and_the_losers_end_what_it_got(void **state)
{
    struct world *w = *state;

    run_rounds(w, w);
}

static void
cd_09_the_same_on_two_nodes(void **state)
{
    struct world *w = *state;
    struct world second = *w;
    struct ctx ctx;

    second.services.registry = registry_new();
    second.services.revocations = revocations_new();
    second.services.fresh = fresh_new();
    ctx = world_ctx(&second);
    assert_int_equal(registry_load(&ctx), OK);
    run_rounds(w, &second);
    fresh_free(second.services.fresh);
    revocations_free(second.services.revocations);
    registry_free(second.services.registry);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(cd_09_of_64_at_once_one_redeems_and_the_losers_end_what_it_got),
        world_test(cd_09_the_same_on_two_nodes),
    };

    return world_run(tests);
}
