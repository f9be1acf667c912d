/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Acting for a citizen as a staff page begins it, and what the partner's application makes of its handle; and many at once: one
 * code, one handle, and a counter that is locked among them.
 */
#include "idp/session/fresh.h"
#include "idp/staff/acting_handle.h"
#include "idp/staff/proposal.h"
#include "tests/protocols/oauth2/grants/acting_kit.h"

#define THREADS 16

/* What a page of hers says when it begins: the citizen of CARD_OF, known by her card code. */
static struct acting_order
page_order(struct window *window, struct sitting *sitting)
{
    struct world *w = window->w;
    struct ctx ctx = world_ctx(w);

    assert_int_equal(acting_sitting_find(&ctx, window->sid, sitting), OK);
    assert_true(sitting->live);
    return (struct acting_order) {
        .sitting = sitting,
        .partner = registry_find(ctx.services->registry, "window"),
        .business = "pension.query",
        .reason = REASON,
        .person_id = world_person(w, CARD_OF),
        .proof = ACTING_BY_CODE,
        .acr = "urn:hrss:acr:l2",
        .amr = "pwd card",
        .auth_time = w->now,
    };
}

static struct ctx
staff_ctx(struct window *window)
{
    struct ctx ctx = world_ctx(window->w);

    ctx.staff_id = CLERK;
    ctx.counter_id = window->counter_id;
    return ctx;
}

static const char *
begun(struct window *window)
{
    struct ctx ctx = staff_ctx(window);
    struct sitting sitting;
    const struct acting_order order = page_order(window, &sitting);
    const char *handle = NULL;

    world_audit_mark(window->w);
    assert_null(acting_begin(&ctx, &order, &handle));
    return arena_text(window->w->arena, handle);
}

static void
the_application_goes_on_with_what_the_page_has_begun(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    const char *handle = begun(&window);
    const char *payload;

    assert_audited(w, AUDIT_ACTING_BEGUN, "code");
    assert_int_equal(world_rows_of(w, "staff_act"), 1);
    window_exchange(&window, ACTING_TYPE, handle, "");
    assert_int_equal(w->answer.status, 200);
    assert_int_equal(world_audit_count(w, AUDIT_ACTING_BEGUN), 0);
    payload = window_payload(w, world_tokens_of(w).access);
    assert_non_null(strstr(payload, "\"business\":\"pension.query\",\"reason\":\"" REASON "\""));
    assert_non_null(strstr(payload, "\"acr\":\"urn:hrss:acr:l2\""));
    assert_int_equal(world_rows_of(w, "staff_act"), 1);
    window_exchange(&window, ACTING_TYPE, handle, "");
    assert_refused(w, &problem_acting_handle);
    assert_audited(w, AUDIT_ACTING_REJECTED, "replayed");
}

static void
a_handle_is_of_its_partner_sitting_business_and_reason(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    const char *handle = begun(&window);
    const char *hers = window.staff;

    window_exchange(&window, ACTING_TYPE, handle, "&business=audit");
    assert_refused(w, &problem_acting_handle);
    window_exchange(&window, ACTING_TYPE, handle, "&reason=another");
    assert_refused(w, &problem_acting_handle);
    window_exchange(&window, ACTING_TYPE, "ah_nonsense", "");
    assert_refused(w, &problem_acting_handle);
    window_exchange(&window, ACTING_TYPE, "nonsense", "");
    assert_refused(w, &problem_acting_handle);
    window.staff = staff_token(w, "window", "wang", world_sit(w, "wang", "counter", 2));
    window_exchange(&window, ACTING_TYPE, handle, "");
    assert_refused(w, &problem_acting_handle);
    assert_audited(w, AUDIT_ACTING_REJECTED, "handle");
    window.staff = hers;
    window_exchange(&window, ACTING_TYPE, handle, "");
    assert_int_equal(w->answer.status, 200);
}

static void
a_handle_is_good_for_a_quarter_of_an_hour_and_not_behind_a_lock(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    const char *late = begun(&window);
    const char *locked;
    struct ctx ctx;

    world_advance(w, ACTING_S - 1);
    assert_int_equal(store_session_touch(w->store, window.sid, w->now), OK);
    window.staff = staff_token(w, "window", CLERK, window.sid);
    locked = begun(&window);
    world_advance(w, 1);
    window_exchange(&window, ACTING_TYPE, late, "");
    assert_refused(w, &problem_acting_handle);
    ctx = world_ctx(w);
    assert_int_equal(acting_end_all(&ctx, window.sid, "locked"), OK);
    window_exchange(&window, ACTING_TYPE, locked, "");
    assert_refused(w, &problem_acting_handle);
}

static void
st_09_the_handle_of_who_has_lost_her_role_is_refused(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    const char *handle = begun(&window);

    world_staff(w, CLERK, "telephone");
    window_exchange(&window, ACTING_TYPE, handle, "");
    assert_refused(w, &problem_acting_role);
}

static void
the_same_form_begins_it_once(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    struct ctx ctx = staff_ctx(&window);
    struct sitting sitting;
    const struct acting_order order = page_order(&window, &sitting);
    const char *first = NULL;
    const char *second = NULL;

    ctx.form = "the form";
    assert_null(acting_begin(&ctx, &order, &first));
    assert_null(acting_begin(&ctx, &order, &second));
    assert_int_equal(world_rows_of(w, "acting"), 1);
    assert_int_equal(world_rows_of(w, "staff_act"), 1);
    first = arena_text(w->arena, first);
    window_exchange(&window, ACTING_TYPE, arena_text(w->arena, second), "");
    assert_int_equal(w->answer.status, 200);
    window_exchange(&window, ACTING_TYPE, first, "");
    assert_refused(w, &problem_acting_handle);
}

/* --- A second person (ST-11) --- */

static void
proposed(struct window *window, bool approved)
{
    struct world *w = window->w;
    struct ctx ctx = staff_ctx(window);
    struct sitting first;
    struct sitting second;
    struct acting_order order = page_order(window, &first);
    const struct proposal_wish wish = { .kind = PROPOSAL_BUSINESS,
                                        .person_id = order.person_id,
                                        .region = WORLD_REGION,
                                        .partner_id = "window",
                                        .business = "pension.change",
                                        .reason = REASON };
    const char *proposal_id;

    assert_null(proposal_make(&ctx, &first, &wish, &proposal_id));
    if (!approved)
        return;
    ctx.staff_id = "wang";
    ctx.counter_id = world_counter(w, 2);
    assert_int_equal(acting_sitting_find(&ctx, world_sit(w, "wang", "counter", 2), &second), OK);
    assert_null(proposal_decide(&ctx, &second, proposal_id, true));
}

static void
st_11_what_a_second_person_has_approved_is_done_once(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");

    proposed(&window, false);
    window_act(&window, "&business=pension.change");
    assert_refused(w, &problem_acting_second);
    proposed(&window, true);
    window_act(&window, "&business=pension.change");
    assert_int_equal(w->answer.status, 200);
    assert_string_equal(world_json(w, "scope"), "openid");
    window_act(&window, "&business=pension.change");
    assert_refused(w, &problem_acting_second);
    assert_audited(w, AUDIT_ACTING_REJECTED, "second");
}

/* --- Many at once --- */

struct acting_race {
    struct window *window;
    struct arena *arenas[THREADS];
    const char *person_id;
    const char *code; /* NULL: the handle is exchanged */
    const char *handle;
    bool locks; /* the first of them locks the counter */
    const struct problem *told[THREADS];
    const char *tokens_of[THREADS]; /* grants */
};

static struct ctx
racer_ctx(struct acting_race *race, struct store *st, int thread)
{
    struct world *w = race->window->w;
    struct ctx ctx = ctx_new(&w->services, race->arenas[thread], st);

    partner_enter(&ctx, registry_find(w->services.registry, "window"));
    ctx.staff_id = CLERK;
    ctx.counter_id = race->window->counter_id;
    return ctx;
}

static enum err
lock_it(struct ctx *ctx, const struct window *window)
{
    enum err err = kit_run(ctx->store, "UPDATE sitting SET locked_at = 1");

    return err == OK ? acting_end_all(ctx, window->sid, "locked") : err;
}

static const struct problem *
scan_told(struct ctx *ctx, void *state, enum err err)
{
    return card_scan_end(ctx, state, err);
}

static const struct problem *
by_code(struct ctx *ctx, const struct acting_race *race, struct acting_order *order,
        const struct acting_wish *wish, struct stored_grant *grant)
{
    const struct card_scan_order scan_order = { .code = race->code,
                                                .partner = order->partner,
                                                .purpose = CARD_PURPOSE_serve };
    struct card_scan scan;
    const struct problem *problem = card_scan_begin(ctx, &scan_order, &scan);

    if (problem == NULL)
        problem = card_scan_look(ctx, &scan);
    if (problem != NULL)
        return problem;
    order->take = card_scan_take;
    order->told = scan_told;
    order->state = &scan;
    return acting_begin_with_grant(ctx, order, wish, grant);
}

static enum err
act_at_once(struct store *st, int thread, void *state)
{
    struct acting_race *race = state;
    struct ctx ctx = racer_ctx(race, st, thread);
    const struct acting_wish wish = { .bound_key = "", .sub = "sub" };
    struct acting_order order = { .partner = registry_find(ctx.services->registry, "window"),
                                  .business = "pension.query",
                                  .reason = REASON,
                                  .person_id = race->person_id,
                                  .proof = ACTING_BY_CODE,
                                  .acr = "urn:hrss:acr:l2",
                                  .amr = "pwd card" };
    struct sitting sitting;
    struct stored_grant grant;
    enum err err;

    if (race->locks && thread == 0)
        return lock_it(&ctx, race->window);
    err = acting_sitting_find(&ctx, race->window->sid, &sitting);
    order.sitting = &sitting;
    if (err != OK || !sitting.live)
        return ERR_NOT_FOUND;
    race->told[thread] = race->code != NULL
                             ? by_code(&ctx, race, &order, &wish, &grant)
                             : acting_exchange(&ctx, &order, race->handle, &wish, &grant);
    if (race->told[thread] == NULL)
        race->tokens_of[thread] = grant.grant_id;
    return race->told[thread] == NULL ? OK : ERR_CONFLICT;
}

static int
race_run(struct acting_race *race, const struct problem *loser)
{
    enum err outcomes[KIT_THREADS_MAX];

    for (int i = 0; i < THREADS; i++)
        race->arenas[i] = arena_new((size_t)4 << 20);
    race->person_id = world_person(race->window->w, CARD_OF);
    kit_race(race->window->w->services.database, THREADS, act_at_once, race, outcomes);
    for (int i = 0; i < THREADS; i++)
        if (loser != NULL && race->told[i] != NULL)
            assert_string_equal(race->told[i]->symbol, loser->symbol);
    return kit_count(outcomes, THREADS, OK);
}

static void
race_end(struct acting_race *race)
{
    for (int i = 0; i < THREADS; i++)
        arena_free(race->arenas[i]);
}

static void
of_sixteen_who_exchange_one_code_one_acts(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    struct acting_race *race = arena_alloc(w->arena, sizeof(*race));

    *race = (struct acting_race) { .window = &window, .code = window_code(&window) };
    assert_int_equal(race_run(race, &problem_card_code_not_good), 1);
    assert_int_equal(world_rows_of(w, "acting"), 1);
    assert_int_equal(world_rows_of(w, "partner_grant"), 2); /* hers, and the staff member's */
    race_end(race);
}

static void
of_sixteen_who_exchange_one_handle_one_acts(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    struct acting_race *race = arena_alloc(w->arena, sizeof(*race));

    *race = (struct acting_race) { .window = &window, .handle = begun(&window) };
    assert_int_equal(race_run(race, &problem_acting_handle), 1);
    assert_int_equal(world_rows_of(w, "partner_grant"), 2);
    race_end(race);
}

/* Whatever each was told: behind the lock nothing is left that goes on. */
static void
nothing_that_begins_outlives_a_lock(void **state)
{
    struct world *w = *state;
    struct window window = window_new(w, "counter");
    struct acting_race *race = arena_alloc(w->arena, sizeof(*race));
    struct stored_grant grant;
    struct acting_list list;

    *race = (struct acting_race) { .window = &window, .handle = begun(&window), .locks = true };
    race_run(race, NULL);
    assert_int_equal(store_acting_list(w->store, w->arena, window.sid, w->now, &list), OK);
    assert_int_equal(list.count, 0);
    for (int i = 1; i < THREADS; i++)
        if (race->tokens_of[i] != NULL) {
            assert_int_equal(store_grant_load(w->store, w->arena, race->tokens_of[i], &grant), OK);
            assert_int_not_equal(grant.ended_at, 0);
        }
    race_end(race);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        scene_test(the_application_goes_on_with_what_the_page_has_begun),
        scene_test(a_handle_is_of_its_partner_sitting_business_and_reason),
        scene_test(a_handle_is_good_for_a_quarter_of_an_hour_and_not_behind_a_lock),
        scene_test(st_09_the_handle_of_who_has_lost_her_role_is_refused),
        scene_test(the_same_form_begins_it_once),
        scene_test(st_11_what_a_second_person_has_approved_is_done_once),
        scene_test(of_sixteen_who_exchange_one_code_one_acts),
        scene_test(of_sixteen_who_exchange_one_handle_one_acts),
        scene_test(nothing_that_begins_outlives_a_lock),
    };

    return world_run(tests);
}
