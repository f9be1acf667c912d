/* SPDX-License-Identifier: Apache-2.0 */
/* Races around one family of refresh tokens (RT-02, RT-15), and what a
 * refresh finds no longer true. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "idp/base/text.h"
#include "idp/session/grant.h"
#include "idp/session/grant_end.h"
#include "idp/tables/session.h"
#include "tests/store_kit.h"
#include "tests/world.h"

#define THREADS 64
#define ARENA_BYTES ((size_t)4 << 20)

struct grant_racer {
    pthread_t thread;
    pthread_barrier_t *start;
    struct world *w;
    struct store *store;
    struct arena *arena;
    struct world_call call;
    struct world_answer answer;
};

static void *
race_one(void *state)
{
    struct grant_racer *racer = state;

    pthread_barrier_wait(racer->start);
    world_perform(racer->w, racer->store, racer->arena, &racer->call, &racer->answer);
    return NULL;
}

static void
racers_make(struct world *w, struct grant_racer *racers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        racers[i] = (struct grant_racer) { .w = w,
                                           .store = store_open(w->services.database),
                                           .arena = arena_new(ARENA_BYTES) };
}

static void
racers_run(struct grant_racer *racers, size_t count)
{
    pthread_barrier_t start;

    pthread_barrier_init(&start, NULL, (unsigned)count);
    for (size_t i = 0; i < count; i++) {
        racers[i].start = &start;
        assert_int_equal(pthread_create(&racers[i].thread, NULL, race_one, &racers[i]), 0);
    }
    for (size_t i = 0; i < count; i++)
        pthread_join(racers[i].thread, NULL);
    pthread_barrier_destroy(&start);
}

static void
racers_free(struct grant_racer *racers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        store_close(racers[i].store);
        arena_free(racers[i].arena);
    }
}

static struct world_call
refresh_call(struct world *w, const char *partner_id, const char *token)
{
    bool is_public = text_eq(partner_id, "spa");

    return (struct world_call) {
        .target = "/oauth2/token",
        .form = arena_printf(w->arena, "grant_type=refresh_token&refresh_token=%s%s", token,
                             is_public ? "&client_id=spa" : ""),
        .authorization = is_public ? NULL : world_basic(w, partner_id),
    };
}

/* The same refresh by all; how many got tokens. Nobody may get anything but
 * tokens or invalid_grant. */
static size_t
winners_of_race(struct world *w, const char *partner_id, const char *token)
{
    struct grant_racer racers[THREADS];
    size_t winners = 0;

    racers_make(w, racers, THREADS);
    for (size_t i = 0; i < THREADS; i++)
        racers[i].call = refresh_call(w, partner_id, token);
    racers_run(racers, THREADS);
    for (size_t i = 0; i < THREADS; i++) {
        winners += racers[i].answer.status == 200;
        if (racers[i].answer.status != 200) {
            assert_int_equal(racers[i].answer.status, 400);
            assert_non_null(strstr(racers[i].answer.body, "\"invalid_grant\""));
        }
    }
    racers_free(racers, THREADS);
    return winners;
}

static void
without_public_retry(struct world *w)
{
    w->settings.life.public_refresh_retry = false;
}

static int
setup_without_public_retry(void **state)
{
    return world_setup_adjusted(state, without_public_retry);
}

static void
rt_02_without_retry_of_64_public_refreshes_one_wins_and_the_family_ends(void **state)
{
    struct world *w = *state;

    for (int round = 0; round < 5; round++) {
        struct world_tokens tokens = world_login_tokens(w, "spa");

        assert_int_equal(winners_of_race(w, "spa", tokens.refresh), 1);
        assert_false(world_token_works(w, tokens.access));
    }
}

static void
rt_02_s5_64_refreshes_of_any_client_are_one_and_its_repeats(void **state)
{
    static const char *const partners[] = { "webhall", "spa" };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof(partners) / sizeof(partners[0]); i++) {
        struct world_tokens tokens = world_login_tokens(w, partners[i]);

        assert_int_equal(winners_of_race(w, partners[i], tokens.refresh), THREADS);
        assert_true(world_token_works(w, tokens.access));
    }
}

/* One round: refresh and revoke at once. Whatever came of it, nothing is good behind
 * the revocation's answer. */
static void
refresh_against_revoke(struct world *w, struct grant_racer *racers)
{
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    struct world_tokens late;

    racers[0].call = refresh_call(w, "webhall", tokens.refresh);
    racers[1].call =
        (struct world_call) { .target = "/oauth2/revoke",
                              .form = arena_printf(w->arena, "token=%s", tokens.refresh),
                              .authorization = world_basic(w, "webhall") };
    racers_run(racers, 2);
    assert_int_equal(racers[1].answer.status, 200);
    assert_false(world_token_works(w, tokens.access));
    if (racers[0].answer.status != 200)
        return;
    w->answer = racers[0].answer;
    late = world_tokens_of(w);
    assert_false(world_token_works(w, late.access));
    world_partner_post(w, "webhall", "/oauth2/token", "grant_type=refresh_token&refresh_token=%s",
                       late.refresh);
    assert_refused(w, &problem_refresh_token_invalid);
}

static void
rt_15_nothing_of_a_family_is_good_once_its_revocation_is_answered(void **state)
{
    struct world *w = *state;
    int rounds = kit_is_sqlite() ? 1000 : 100;
    struct arena *arena = w->arena;
    struct grant_racer racers[2];

    racers_make(w, racers, 2);
    world_log_in(w, 0);
    refresh_against_revoke(w, racers); /* the browser has its cookies, in the test's own arena */
    w->arena = arena_new(ARENA_BYTES); /* so many rounds would fill the test's own */
    for (int round = 0; round < rounds; round++) {
        refresh_against_revoke(w, racers);
        arena_reset(w->arena);
        arena_reset(racers[0].arena);
        arena_reset(racers[1].arena);
    }
    arena_free(w->arena);
    w->arena = arena;
    racers_free(racers, 2);
}

static const struct problem *
refresh_directly(struct world *w, const char *partner_id, const char *token)
{
    struct ctx ctx = world_ctx(w);
    struct stored_grant grant;

    return grant_refresh(
        &ctx, &(struct refreshing) { registry_find(w->services.registry, partner_id), token, NULL },
        &grant);
}

/* As when a code is redeemed while its session ends: the grant is there, and nobody told it. */
static void
a_grant_left_behind_by_an_ended_session_is_not_refreshed(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");
    const char *sid = arena_copy(w->arena, world_cookie(w, "__Host-session"), 24);

    assert_int_equal(store_session_end(w->store, sid, w->now), OK);
    world_audit_mark(w);
    assert_ptr_equal(refresh_directly(w, "webhall", tokens.refresh),
                     &problem_refresh_token_invalid);
    assert_audited(w, AUDIT_REFRESH_REJECTED, "session");
    assert_false(world_token_works(w, tokens.access));
}

static void
ending_a_grant_twice_is_as_good_as_once(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    assert_int_equal(grant_end(&ctx, "g_nobody", "partner"), OK);
    assert_int_equal(world_audit_count(w, AUDIT_GRANT_ENDED), 0);
}

/* Swept long ago, or of a store that was restored from before. */
static void
a_refresh_token_whose_grant_is_gone_is_refused(void **state)
{
    struct world *w = *state;
    struct world_tokens tokens = world_login_tokens(w, "webhall");

    assert_int_equal(kit_run(w->store, "DELETE FROM partner_grant"), OK);
    world_audit_mark(w);
    assert_ptr_equal(refresh_directly(w, "webhall", tokens.refresh),
                     &problem_refresh_token_invalid);
    assert_audited(w, AUDIT_REFRESH_REJECTED, "gone");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            rt_02_without_retry_of_64_public_refreshes_one_wins_and_the_family_ends,
            setup_without_public_retry, world_teardown),
        world_test(rt_02_s5_64_refreshes_of_any_client_are_one_and_its_repeats),
        world_test(rt_15_nothing_of_a_family_is_good_once_its_revocation_is_answered),
        world_test(a_grant_left_behind_by_an_ended_session_is_not_refreshed),
        world_test(ending_a_grant_twice_is_as_good_as_once),
        world_test(a_refresh_token_whose_grant_is_gone_is_refused),
    };

    return world_run(tests);
}
