/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/card/card_password.h"

#include <pthread.h>

#include "idp/tables/credential.h"
#include "tests/card/kit.h"

#define GOOD "830461"
#define OTHER "519204"
#define GUESSES 20

static const struct problem *
set(struct world *w, int n, const char *typed, bool reset)
{
    struct ctx ctx = world_ctx(w);
    struct card_password_setting setting;
    const struct problem *problem =
        card_password_set_begin(&ctx, world_person(w, n), typed, reset, &setting);

    if (problem != NULL)
        return problem;
    ask_card_password_set.run(&ctx, &setting);
    return card_password_set_end(&ctx, &setting);
}

static const struct problem *
tried(struct world *w, int n, const char *typed)
{
    struct ctx ctx = world_ctx(w);
    struct card_password_asking asking;
    const struct problem *problem =
        card_password_ask_begin(&ctx, world_person(w, n), typed, &asking);

    if (problem != NULL)
        return problem;
    ask_card_password.run(&ctx, &asking);
    return card_password_ask_end(&ctx, &asking);
}

static void
who_has_set_none_is_told_so_and_nothing_counts(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < 10; i++)
        assert_ptr_equal(tried(w, 0, GOOD), &problem_card_password_none);
    assert_null(set(w, 0, GOOD, true));
    assert_null(tried(w, 0, GOOD));
}

static void
a_password_is_set_changed_and_reset_each_with_its_record(void **state)
{
    struct world *w = *state;

    world_audit_mark(w);
    assert_null(set(w, 0, GOOD, true));
    assert_audited(w, AUDIT_CARD_PASSWORD_SET, "first");
    assert_null(tried(w, 0, "830 461"));
    world_audit_mark(w);
    assert_null(set(w, 0, OTHER, false));
    assert_audited(w, AUDIT_CARD_PASSWORD_SET, "changed");
    assert_ptr_equal(tried(w, 0, GOOD), &problem_card_password_wrong);
    assert_null(tried(w, 0, OTHER));
    world_audit_mark(w);
    assert_null(set(w, 0, GOOD, true));
    assert_audited(w, AUDIT_CARD_PASSWORD_SET, "reset");
    assert_null(tried(w, 0, GOOD));
}

static void
what_is_easily_guessed_is_refused(void **state)
{
    struct world *w = *state;

    world_card(w, 0); /* of the physical card A10000000 */
    assert_ptr_equal(set(w, 0, "83046", true), &problem_card_password_malformed);
    assert_ptr_equal(set(w, 0, "123456", true), &problem_card_password_simple);
    assert_ptr_equal(set(w, 0, "491231", true), &problem_card_password_personal);
    assert_ptr_equal(set(w, 0, "138001", true), &problem_card_password_personal);
}

static void
it_is_stored_as_a_hash_with_the_pepper_alone(void **state)
{
    struct world *w = *state;
    struct credential_key key = credential_card_password(world_person(w, 0));
    struct stored_credential found;

    assert_null(set(w, 0, GOOD, true));
    assert_int_equal(store_credential_find(w->store, w->arena, &key, &found), OK);
    assert_true(text_starts(found.secret, "$argon2id$"));
}

static void
five_wrong_ones_lock_it_until_it_is_reset(void **state)
{
    struct world *w = *state;

    assert_null(set(w, 0, GOOD, true));
    world_audit_mark(w);
    for (int i = 0; i < 5; i++)
        assert_ptr_equal(tried(w, 0, OTHER), &problem_card_password_wrong);
    assert_audited(w, AUDIT_CARD_PASSWORD_LIMIT, NULL);
    assert_ptr_equal(tried(w, 0, GOOD), &problem_card_password_locked);
    assert_null(set(w, 0, OTHER, true));
    assert_null(tried(w, 0, OTHER));
}

static void
or_until_the_time_is_over(void **state)
{
    struct world *w = *state;

    assert_null(set(w, 0, GOOD, true));
    for (int i = 0; i < 5; i++) {
        assert_ptr_equal(tried(w, 0, OTHER), &problem_card_password_wrong);
        world_advance(w, 60);
    }
    world_advance(w, w->settings.limits.card_password_window_s - 301);
    assert_ptr_equal(tried(w, 0, GOOD), &problem_card_password_locked);
    world_advance(w, 1);
    assert_null(tried(w, 0, GOOD));
}

static void
the_right_one_forgets_the_wrong_ones(void **state)
{
    struct world *w = *state;

    assert_null(set(w, 0, GOOD, true));
    for (int i = 0; i < 4; i++)
        assert_ptr_equal(tried(w, 0, OTHER), &problem_card_password_wrong);
    assert_null(tried(w, 0, GOOD));
    for (int i = 0; i < 4; i++)
        assert_ptr_equal(tried(w, 0, OTHER), &problem_card_password_wrong);
    assert_null(tried(w, 0, GOOD));
}

/* All are begun before one of them is evaluated: the worst order there is. */
static void
qr_14_of_twenty_wrong_tries_at_once_five_are_evaluated(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct card_password_asking asking[GUESSES];
    const struct problem *problems[GUESSES];
    int evaluated = 0;

    assert_null(set(w, 0, GOOD, true));
    for (int i = 0; i < GUESSES; i++)
        problems[i] = card_password_ask_begin(&ctx, world_person(w, 0), OTHER, &asking[i]);
    for (int i = 0; i < GUESSES; i++) {
        if (problems[i] != NULL) {
            assert_ptr_equal(problems[i], &problem_card_password_locked);
            continue;
        }
        evaluated++;
        ask_card_password.run(&ctx, &asking[i]);
        assert_ptr_equal(card_password_ask_end(&ctx, &asking[i]), &problem_card_password_wrong);
    }
    assert_int_equal(evaluated, 5);
    assert_ptr_equal(tried(w, 0, GOOD), &problem_card_password_locked);
}

struct pin_guesser {
    struct world *w;
    const char *person_id;
    bool evaluated;
    pthread_t thread;
};

static void *
guess(void *state)
{
    struct pin_guesser *guesser = state;
    struct arena *arena = arena_new(1 << 20);
    struct store *store = store_open(guesser->w->services.database);
    struct card_password_asking asking;
    struct ctx ctx;

    ctx = ctx_new(&guesser->w->services, arena, store);
    guesser->evaluated = card_password_ask_begin(&ctx, guesser->person_id, OTHER, &asking) == NULL;
    store_close(store);
    arena_free(arena);
    return NULL;
}

static void
qr_14_twenty_threads_get_five_tries(void **state)
{
    struct world *w = *state;
    struct pin_guesser guessers[GUESSES];
    int evaluated = 0;

    assert_null(set(w, 0, GOOD, true));
    for (int i = 0; i < GUESSES; i++) {
        guessers[i] = (struct pin_guesser) { .w = w, .person_id = world_person(w, 0) };
        assert_int_equal(pthread_create(&guessers[i].thread, NULL, guess, &guessers[i]), 0);
    }
    for (int i = 0; i < GUESSES; i++) {
        pthread_join(guessers[i].thread, NULL);
        evaluated += guessers[i].evaluated;
    }
    assert_int_equal(evaluated, 5);
    assert_ptr_equal(tried(w, 0, GOOD), &problem_card_password_locked);
}

static void
what_was_not_evaluated_does_not_count(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct card_password_asking asking;

    assert_null(set(w, 0, GOOD, true));
    for (int i = 0; i < 10; i++) {
        assert_null(card_password_ask_begin(&ctx, world_person(w, 0), GOOD, &asking));
        assert_ptr_equal(card_password_ask_end(&ctx, &asking), &problem_try_again);
    }
    assert_null(tried(w, 0, GOOD));
}

static void
a_login_by_card_or_a_bank_check_of_a_moment_ago_is_good_for_another_one(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    bool may;

    assert_int_equal(card_password_may_reset(&ctx, world_person(w, 0), 2, &may), OK);
    assert_true(may); /* she has registered just now, by a bank check */
    world_advance(w, 900);
    ctx = world_ctx(w);
    assert_int_equal(card_password_may_reset(&ctx, world_person(w, 0), 2, &may), OK);
    assert_false(may);
    assert_int_equal(card_password_may_reset(&ctx, world_person(w, 0), 3, &may), OK);
    assert_true(may);
    assert_int_equal(
        evidence_add(&ctx, world_person(w, 0), EVIDENCE_BANK_CARD, "TX00000000000000000001"), OK);
    assert_int_equal(card_password_may_reset(&ctx, world_person(w, 0), 1, &may), OK);
    assert_true(may);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(who_has_set_none_is_told_so_and_nothing_counts),
        world_test(a_password_is_set_changed_and_reset_each_with_its_record),
        world_test(what_is_easily_guessed_is_refused),
        world_test(it_is_stored_as_a_hash_with_the_pepper_alone),
        world_test(five_wrong_ones_lock_it_until_it_is_reset),
        world_test(or_until_the_time_is_over),
        world_test(the_right_one_forgets_the_wrong_ones),
        world_test(qr_14_of_twenty_wrong_tries_at_once_five_are_evaluated),
        world_test(qr_14_twenty_threads_get_five_tries),
        world_test(what_was_not_evaluated_does_not_count),
        world_test(a_login_by_card_or_a_bank_check_of_a_moment_ago_is_good_for_another_one),
    };

    return world_run(tests);
}
