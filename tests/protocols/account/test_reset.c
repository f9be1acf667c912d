/* SPDX-License-Identifier: Apache-2.0 */
/* Where the link leads that a counter has had sent. */
#include "idp/staff/reset_link.h"
#include "tests/protocols/staff/reset_kit.h"

static void
a_link_sets_the_password_once_and_ends_her_logins(void **state)
{
    struct world *w = *state;
    struct journey j;
    int64_t sessions;

    world_log_in(w, 0);
    j = reset_choosing(w);
    assert_true(present_shows(w, "account-reset-form"));
    assert_non_null(strstr(w->answer.body, "138****8000"));
    sessions = world_rows_of(w, "session");
    assert_true(sessions > 0);
    world_audit_mark(w);
    journey_post(&j, "/account/reset", NEW_PASSWORDS);
    assert_true(present_shows(w, "reset-done"));
    assert_audited(w, AUDIT_PASSWORD_SET, "counter");
    world_get(w, "/");
    assert_null(strstr(w->answer.body, "id=\"greeting\""));
    reset_open(w); /* a link that was used says so */
    assert_true(present_shows(w, "reset-done"));
    assert_true(reset_works(w, NEW_PASSWORD));
}

static void
pressed_twice_it_is_set_once(void **state)
{
    struct world *w = *state;
    struct journey j = reset_choosing(w);
    struct journey before = j;

    journey_post(&j, "/account/reset", NEW_PASSWORDS);
    journey_post(&before, "/account/reset",
                 "password=a+third+one+of+somebody&password_again=a+third+one+of+somebody");
    assert_true(present_shows(w, "reset-done"));
    assert_true(reset_works(w, NEW_PASSWORD));
}

static void
a_link_is_over_after_half_an_hour_and_an_unknown_one_at_once(void **state)
{
    struct world *w = *state;
    struct journey j = reset_choosing(w);

    world_get(w, "/account/reset?l=AAAAAAAAAAAAAAAAAAAAAA");
    assert_refused(w, &problem_reset_link_over);
    world_advance(w, RESET_LINK_LIFE_S + 1);
    reset_open(w);
    assert_refused(w, &problem_reset_link_over);
    journey_post(&j, "/account/reset", NEW_PASSWORDS);
    assert_false(reset_works(w, NEW_PASSWORD));
}

static enum err
secure(struct ctx *ctx, void *state)
{
    return store_person_secure(ctx->store, state, TIME_NEVER, ctx->now);
}

static void
a_password_changed_in_another_way_ends_the_link(void **state)
{
    struct world *w = *state;
    struct journey j = reset_choosing(w);
    struct ctx ctx;
    char person_id[] = "p_world0";

    world_advance(w, 5);
    ctx = world_ctx(w);
    assert_int_equal(change(&ctx, secure, person_id), OK);
    journey_post(&j, "/account/reset", NEW_PASSWORDS);
    assert_refused(w, &problem_reset_link_over);
    assert_false(reset_works(w, NEW_PASSWORD));
}

static void
what_is_no_password_is_told(void **state)
{
    struct world *w = *state;
    struct journey j = reset_choosing(w);

    journey_post(&j, "/account/reset", "password=short&password_again=short");
    assert_true(present_shows(w, "password-problem"));
    journey_arrive(&j);
    journey_post(&j, "/account/reset", "password=a+good+long+one&password_again=another+long+one");
    assert_true(present_shows(w, "password_again-problem"));
    assert_true(reset_works(w, WORLD_PASSWORD));
}

static void
the_page_is_reached_by_its_link_alone(void **state)
{
    struct world *w = *state;
    struct journey j = { .w = w };

    world_open(w, "/recover");
    journey_arrive(&j);
    world_get(w, arena_printf(w->arena, "/account/reset?tx=%s", j.tx));
    assert_refused(w, &problem_transaction_order);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(a_link_sets_the_password_once_and_ends_her_logins),
        world_sims_test(pressed_twice_it_is_set_once),
        world_sims_test(a_link_is_over_after_half_an_hour_and_an_unknown_one_at_once),
        world_sims_test(a_password_changed_in_another_way_ends_the_link),
        world_sims_test(what_is_no_password_is_told),
        world_sims_test(the_page_is_reached_by_its_link_alone),
    };

    return world_sims_run(tests);
}
