/* SPDX-License-Identifier: Apache-2.0 */
/* Second apps that come while the session ends: whatever they get dies with it (Native SSO 1.0, 4.3). */
#include "tests/protocols/app_kit.h"

#include "idp/session/session.h"
#include "tests/session/node_kit.h"
#include "tests/store_kit.h"

#define THREADS 32
#define ROUNDS 4

struct sso_race {
    struct world nodes[2];
    struct arena *arenas[THREADS];
    struct world_call call;
    struct world_answer answers[THREADS];
    struct session session;
};

/* The last one logs her out, the others exchange. */
static enum err
exchange_or_end(struct store *st, int thread, void *state)
{
    struct sso_race *race = state;
    struct world *node = &race->nodes[thread % 2];
    struct ctx ctx;

    if (thread == THREADS - 1) {
        ctx = ctx_new(&node->services, race->arenas[thread], st);
        return session_end(&ctx, &race->session, "logout");
    }
    world_perform(node, st, race->arenas[thread], &race->call, &race->answers[thread]);
    return race->answers[thread].status == 200 ? OK : ERR_CONFLICT;
}

static int64_t
grants_alive(struct world *w)
{
    static const char sql[] = "SELECT count(*) FROM partner_grant WHERE ended_at = 0";
    int64_t count = -1;
    const struct out outs[] = { out_int(&count), OUT_END };

    assert_int_equal(store_run(w->store, &(struct query) { .sql = sql, .outs = outs }), OK);
    return count;
}

static void
round_run(struct sso_race *race)
{
    struct world *w = &race->nodes[0];
    enum err outcomes[KIT_THREADS_MAX];
    struct world_tokens tokens;
    struct ctx ctx = world_ctx(w);

    world_log_in(w, 0);
    tokens = app_tokens(w, NULL, "pilot", "openid device_sso", "");
    assert_int_equal(session_load(&ctx, world_cookie(w, "__Host-session"), &race->session), OK);
    race->call = (struct world_call) {
        .target = "/oauth2/token",
        .form = arena_printf(w->arena,
                             EXCHANGE_FORM "&client_id=second&subject_token=%s"
                                           "&subject_token_type=" TYPE_ID
                                           "&actor_token=%s&actor_token_type=" TYPE_SECRET
                                           "&audience=" WORLD_ISSUER "&scope=openid",
                             tokens.id, world_json(w, "device_secret")),
        .without_cookies = true,
    };
    for (int i = 0; i < THREADS; i++)
        arena_reset(race->arenas[i]);
    kit_race(w->services.database, THREADS, exchange_or_end, race, outcomes);
    assert_int_equal(outcomes[THREADS - 1], OK);
    assert_int_equal(grants_alive(w), 0);
}

static void
what_is_shared_while_the_session_ends_ends_with_it(void **state)
{
    struct world *w = *state;
    struct sso_race *race = arena_alloc(w->arena, sizeof(*race));
    struct memory node = node_begin(w);

    world_consent(w, 0, "second", "openid");
    race->nodes[0] = *w;
    race->nodes[1] = *w;
    memory_swap(&race->nodes[1], &node);
    for (int i = 0; i < THREADS; i++)
        race->arenas[i] = arena_new((size_t)4 << 20);
    for (int i = 0; i < ROUNDS; i++)
        round_run(race);
    for (int i = 0; i < THREADS; i++)
        arena_free(race->arenas[i]);
    memory_swap(&race->nodes[1], &node);
    node_end(&node);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        apps_test(what_is_shared_while_the_session_ends_ends_with_it),
    };

    return cmocka_run_group_tests(tests, world_group_setup, group_teardown);
}
