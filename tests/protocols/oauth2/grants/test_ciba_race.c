/* SPDX-License-Identifier: Apache-2.0 */
/* Many ask for the tokens of one approval at once: one gets them, and one session comes of it. Many decide one
 * question at once: one word stands. */
#include "tests/protocols/oauth2/backchannel_kit.h"

#include <stdlib.h>

#include "idp/session/backchannel_answer.h"
#include "idp/session/backchannel_id.h"

#include "tests/store_kit.h"

#define THREADS KIT_THREADS_MAX
#define ROUNDS_SQLITE 20
#define ROUNDS_POSTGRES 4

struct ciba_race {
    struct world *w;
    struct arena *arenas[THREADS];
    struct world_call call;
    struct world_answer answers[THREADS];
    struct digest pending_id; /* of the question that is decided */
};

static enum err
redeem(struct store *st, int thread, void *state)
{
    struct ciba_race *race = state;

    world_perform(race->w, st, race->arenas[thread], &race->call, &race->answers[thread]);
    return race->answers[thread].status == 200 ? OK : ERR_CONFLICT;
}

static void
run_round(struct ciba_race *race)
{
    struct world *w = race->w;
    enum err outcomes[KIT_THREADS_MAX];
    const char *auth_req_id = bc_ask_her(w);
    int64_t sessions;
    int won = 0;

    bc_answer(w, 0, "allow");
    sessions = world_rows_of(w, "session");
    race->call = (struct world_call) {
        .target = "/oauth2/token",
        .authorization = world_basic(w, "hotline"),
        .form = arena_printf(w->arena, "grant_type=" CIBA "&auth_req_id=%s", auth_req_id),
    };
    for (int i = 0; i < THREADS; i++)
        arena_reset(race->arenas[i]);
    kit_race(w->services.database, THREADS, redeem, race, outcomes);
    for (int i = 0; i < THREADS; i++) {
        w->answer = race->answers[i];
        if (w->answer.status == 200)
            won++;
        else
            assert_refused(w, &problem_auth_req_id_invalid);
    }
    assert_int_equal(won, 1);
    assert_int_equal(world_rows_of(w, "session"), sessions + 1);
}

static void
run_rounds(struct world *w, void (*round)(struct ciba_race *race))
{
    struct ciba_race *race = calloc(1, sizeof(*race));
    int rounds = kit_is_sqlite() ? ROUNDS_SQLITE : ROUNDS_POSTGRES;

    race->w = w;
    for (int i = 0; i < THREADS; i++)
        race->arenas[i] = arena_new((size_t)4 << 20);
    for (int i = 0; i < rounds; i++)
        round(race);
    for (int i = 0; i < THREADS; i++)
        arena_free(race->arenas[i]);
    free(race);
}

static void
of_64_at_once_one_gets_the_tokens(void **state)
{
    run_rounds(*state, run_round);
}

/* Every other one refuses. */
static enum err
decide(struct store *st, int thread, void *state)
{
    struct ciba_race *race = state;
    struct ctx ctx = ctx_new(&race->w->services, race->arenas[thread], st);
    struct stored_pending row;
    struct backchannel_asked asked;
    enum err err = store_pending_load(st, ctx.arena, &race->pending_id, &row);

    if (err == OK)
        err = backchannel_asked_open(&ctx, &row, &asked);
    if (err == OK) {
        const struct backchannel_word word = { &row, &asked, row.person_id, "" };

        err = thread % 2 == 0 ? backchannel_approve(&ctx, &word) : backchannel_refuse(&ctx, &word);
    }
    return err;
}

static void
decide_round(struct ciba_race *race)
{
    struct world *w = race->w;
    enum err outcomes[KIT_THREADS_MAX];
    struct ctx ctx = world_ctx(w);
    const char *secret;
    int decided = 0;

    w->settings.limits.prompts = 1000;
    assert_int_equal(auth_req_id_open(&ctx, bc_ask_her(w), &race->pending_id, &secret), OK);
    for (int i = 0; i < THREADS; i++)
        arena_reset(race->arenas[i]);
    kit_race(w->services.database, THREADS, decide, race, outcomes);
    for (int i = 0; i < THREADS; i++)
        decided += outcomes[i] == OK;
    assert_int_equal(decided, 1);
}

static void
of_64_words_at_once_one_stands(void **state)
{
    run_rounds(*state, decide_round);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { world_test(of_64_at_once_one_gets_the_tokens),
                                        world_test(of_64_words_at_once_one_stands) };

    return world_run(tests);
}
