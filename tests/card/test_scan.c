/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many scan one code at once, on one node and on two; and a loss among scans. TONGXING_RACE_ROUNDS for a figure, else a
 * few rounds.
 */
#include <stdlib.h>
#include <unistd.h>

#include "idp/card/loss.h"
#include "idp/session/fresh.h"
#include "idp/session/revocation.h"
#include "tests/protocols/card/scan_kit.h"
#include "tests/store_kit.h"

#define THREADS KIT_THREADS_MAX
#define SCANNERS 12
#define SCANS_EACH 3

static int
rounds_of(int usual)
{
    const char *more = getenv("TONGXING_RACE_ROUNDS");
    int64_t rounds = usual;

    if (more != NULL && text_to_int(more, 1, 100000, &rounds) != OK)
        fail_msg("TONGXING_RACE_ROUNDS is no number");
    return (int)rounds;
}

/* --- One code --- */

struct scan_race {
    struct world *nodes[2];
    struct arena *arenas[THREADS];
    const char *code;
    const struct problem *told[THREADS];
};

static struct ctx
scanner_ctx(struct world *w, struct store *st, struct arena *arena)
{
    struct ctx ctx = ctx_new(&w->services, arena, st);

    partner_enter(&ctx, registry_find(w->services.registry, "clinic"));
    return ctx;
}

static const struct problem *
scanned(struct ctx *ctx, const char *code)
{
    const struct card_scan_order order = { .code = code,
                                           .partner =
                                               registry_find(ctx->services->registry, "clinic") };
    struct card_scan scan;

    return card_scan(ctx, &order, &scan);
}

static enum err
scan_it(struct store *st, int thread, void *state)
{
    struct scan_race *race = state;
    struct ctx ctx = scanner_ctx(race->nodes[thread % 2], st, race->arenas[thread]);

    race->told[thread] = scanned(&ctx, race->code);
    return race->told[thread] == NULL ? OK : ERR_CONFLICT;
}

static void
race_round(struct scan_race *race, struct scene *scene)
{
    struct world *w = scene->w;
    enum err outcomes[KIT_THREADS_MAX];
    int accepted = 0;

    for (int i = 0; i < THREADS; i++)
        arena_reset(race->arenas[i]);
    race->code = scene_code(scene, CARD_PURPOSE_show);
    kit_race(w->services.database, THREADS, scan_it, race, outcomes);
    for (int i = 0; i < THREADS; i++) {
        accepted += race->told[i] == NULL;
        if (race->told[i] != NULL)
            assert_string_equal(race->told[i]->symbol, "card_code_not_good");
    }
    assert_int_equal(accepted, 1);
}

static void
race_run(struct world *w, struct world *second)
{
    struct scene scene = scene_new(w);
    struct scan_race *race = arena_alloc(w->arena, sizeof(*race));
    struct ctx ctx = world_ctx(second);
    int rounds = rounds_of(2);

    race->nodes[0] = w;
    race->nodes[1] = second;
    assert_int_equal(registry_load(&ctx), OK);
    for (int i = 0; i < THREADS; i++)
        race->arenas[i] = arena_new((size_t)4 << 20);
    for (int i = 0; i < rounds; i++)
        race_round(race, &scene);
    assert_int_equal(world_rows_of(w, "card_use"), rounds);
    for (int i = 0; i < THREADS; i++)
        arena_free(race->arenas[i]);
    print_message("%d rounds of %d scanners: one accepted in each\n", rounds, THREADS);
}

static void
qr_01_of_64_who_scan_one_code_one_is_told_that_it_is_good(void **state)
{
    race_run(*state, *state);
}

static void
qr_01_the_same_on_two_nodes(void **state)
{
    struct world *w = *state;
    struct world second = *w;

    second.services.registry = registry_new();
    second.services.revocations = revocations_new();
    second.services.fresh = fresh_new();
    race_run(w, &second);
    fresh_free(second.services.fresh);
    revocations_free(second.services.revocations);
    registry_free(second.services.registry);
}

/* --- A loss among scans (QR-09) --- */

/* Up to 8 ms, each time another and in each run the same: the threads do the rest. */
static unsigned
pause_next(void)
{
    static uint32_t last = 1;

    last = last * 1664525U + 1013904223U;
    return (last >> 8) % 8000;
}

struct interleaving {
    struct scene *scene;
    struct arena *arenas[SCANNERS + 1];
    const char *codes[SCANNERS][SCANS_EACH];
    unsigned pause_us[SCANNERS + 1];
    int64_t begun_us[SCANNERS][SCANS_EACH];
    bool accepted[SCANNERS][SCANS_EACH];
    const char *person_id;
    int64_t lost_us;   /* when whoever reported it heard that it is lost */
    int64_t uses_then; /* in the history, as she saw it then */
};

static int64_t
uses_now(struct store *st)
{
    static const char sql[] = "SELECT count(*) FROM card_use";
    const struct arg args[] = { ARG_END };
    int64_t count = -1;
    const struct out outs[] = { out_int(&count), OUT_END };

    assert_int_equal(store_run(st, &(struct query) { .sql = sql, .args = args, .outs = outs }), OK);
    return count;
}

static enum err
lose_it(struct interleaving *it, struct store *st)
{
    struct ctx ctx = scanner_ctx(it->scene->w, st, it->arenas[SCANNERS]);
    const struct loss_report report = { it->person_id, CARD_LOSS_PROVISIONAL, LOSS_ON_PAGE };
    struct card card;

    usleep(it->pause_us[SCANNERS]);
    assert_null(card_lose(&ctx, &report, &card));
    it->lost_us = mono_us();
    it->uses_then = uses_now(st);
    return OK;
}

static enum err
scan_or_lose(struct store *st, int thread, void *state)
{
    struct interleaving *it = state;
    struct ctx ctx;

    if (thread == SCANNERS)
        return lose_it(it, st);
    ctx = scanner_ctx(it->scene->w, st, it->arenas[thread]);
    usleep(it->pause_us[thread]);
    for (int i = 0; i < SCANS_EACH; i++) {
        it->begun_us[thread][i] = mono_us();
        it->accepted[thread][i] = scanned(&ctx, it->codes[thread][i]) == NULL;
    }
    return OK;
}

/* Not one that began after the loss was acknowledged, and none whose check was before it and whose use was
 * written behind it. */
static int
judge_round(struct interleaving *it, int64_t uses_before)
{
    int accepted = 0;

    for (int i = 0; i < SCANNERS; i++)
        for (int j = 0; j < SCANS_EACH; j++) {
            accepted += it->accepted[i][j];
            assert_false(it->accepted[i][j] && it->begun_us[i][j] > it->lost_us);
        }
    assert_int_equal(it->uses_then, uses_before + accepted);
    return accepted;
}

static void
found_again(struct interleaving *it)
{
    struct ctx ctx = world_ctx(it->scene->w);
    struct card card;

    assert_null(card_release(&ctx, it->person_id, LOSS_ON_PAGE, &card));
}

static int
interleave(struct interleaving *it)
{
    struct scene *scene = it->scene;
    int64_t uses_before = uses_now(scene->w->store);
    enum err outcomes[KIT_THREADS_MAX];

    for (int i = 0; i <= SCANNERS; i++) {
        arena_reset(it->arenas[i]);
        it->pause_us[i] = pause_next();
    }
    for (int i = 0; i < SCANNERS; i++)
        for (int j = 0; j < SCANS_EACH; j++)
            it->codes[i][j] = scene_code(scene, CARD_PURPOSE_show);
    kit_race(scene->w->services.database, SCANNERS + 1, scan_or_lose, it, outcomes);
    found_again(it);
    return judge_round(it, uses_before);
}

static void
qr_09_no_scan_is_accepted_once_a_loss_was_acknowledged(void **state)
{
    struct world *w = *state;
    struct scene scene = scene_new(w);
    struct interleaving *it = arena_alloc(w->arena, sizeof(*it));
    int rounds = rounds_of(6);
    int accepted = 0;

    it->scene = &scene;
    it->person_id = world_person(w, CARD_OF);
    for (int i = 0; i <= SCANNERS; i++)
        it->arenas[i] = arena_new((size_t)4 << 20);
    for (int i = 0; i < rounds; i++)
        accepted += interleave(it);
    assert_int_equal(world_rows_of(w, "card_use"), accepted);
    for (int i = 0; i <= SCANNERS; i++)
        arena_free(it->arenas[i]);
    print_message("%d rounds: %d of %d scans were accepted, none behind the loss\n", rounds,
                  accepted, rounds * SCANNERS * SCANS_EACH);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        scene_test(qr_01_of_64_who_scan_one_code_one_is_told_that_it_is_good),
        scene_test(qr_01_the_same_on_two_nodes),
        scene_test(qr_09_no_scan_is_accepted_once_a_loss_was_acknowledged),
    };

    return world_run(tests);
}
