/* SPDX-License-Identifier: Apache-2.0 */
/* AU-08, AU-09: many at once. The rules one by one:
 * tests/protocols/account/test_register_phone.c. */
#include "tests/asks.h"
#include "tests/world_sims.h"

#include <pthread.h>

#include "idp/base/text.h"
#include "idp/person/phone_code.h"

#define THREADS 16
#define GUESSES 64 /* of each thread: 1,024 in all */

static const struct phone_code code = { "flow", "login", "+8613800138000" };

struct code_guesser {
    struct world *w;
    struct store *store;
    struct arena *arena;
    const char *typed; /* NULL: wrong ones, of each guesser others */
    const char *right;
    int first;
    int accepted;
    int dead;
};

static const char *
guess(const struct code_guesser *guesser, int i)
{
    int number = ((guesser->first + i) * 7919 + 13) % 1000000;
    const char *typed = arena_printf(guesser->arena, "%06d", number);

    if (guesser->typed != NULL)
        return guesser->typed;
    return text_eq(typed, guesser->right) ? "abcdef" : typed;
}

static void *
guess_often(void *state)
{
    struct code_guesser *guesser = state;
    struct ctx ctx = ctx_new(&guesser->w->services, guesser->arena, guesser->store);

    for (int i = 0; i < (guesser->typed != NULL ? 1 : GUESSES); i++) {
        const struct problem *problem = phone_code_check(&ctx, &code, guess(guesser, i), NULL);

        guesser->accepted += problem == NULL;
        guesser->dead += problem == &problem_sms_code_dead;
    }
    return NULL;
}

/* Many threads at once; adds up what they were told. */
static struct code_guesser
guessed(struct world *w, const char *typed, const char *right)
{
    struct code_guesser guessers[THREADS];
    struct code_guesser sum = { 0 };
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        guessers[i] = (struct code_guesser) { .w = w,
                                              .store = store_open(w->services.database),
                                              .arena = arena_new(4 << 20),
                                              .typed = typed,
                                              .first = i * GUESSES,
                                              .right = right };
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, guess_often, &guessers[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        sum.accepted += guessers[i].accepted;
        sum.dead += guessers[i].dead;
        store_close(guessers[i].store);
        arena_free(guessers[i].arena);
    }
    return sum;
}

/* Only the fifth evaluated guess is told that the code is dead: one such answer means
 * that five were evaluated. */
static void
of_a_thousand_guesses_at_once_five_are_evaluated(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *right;
    struct code_guesser sum;

    assert_null(phone_code_send(&ctx, &code));
    right = world_sms_code(w, "13800138000");
    sum = guessed(w, NULL, right);
    assert_int_equal(sum.accepted, 0);
    assert_int_equal(sum.dead, 1);
    assert_ptr_equal(phone_code_check(&ctx, &code, right, NULL), &problem_sms_code_wrong);
}

/* Whatever its flow does with it is done once by other means: the session has one name. */
static void
the_right_code_from_sixteen_sides_at_once_is_right_for_its_flow(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    assert_null(phone_code_send(&ctx, &code));
    assert_int_equal(guessed(w, world_sms_code(w, "13800138000"), "").accepted, THREADS);
}

static void
a_code_that_was_right_is_right_once_more_for_a_minute(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *digits;
    bool repeated = true;

    assert_null(phone_code_send(&ctx, &code));
    digits = world_sms_code(w, "13800138000");
    assert_null(phone_code_check(&ctx, &code, digits, &repeated));
    assert_false(repeated);
    ctx.now += REPEAT_S - 1;
    assert_null(phone_code_check(&ctx, &code, digits, &repeated));
    assert_true(repeated);
    assert_ptr_equal(phone_code_check(&ctx, &code, "000000", NULL), &problem_sms_code_wrong);
    ctx.now++;
    assert_ptr_equal(phone_code_check(&ctx, &code, digits, NULL), &problem_sms_code_wrong);
}

static void
the_same_wrong_code_again_is_one_try(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *digits;

    assert_null(phone_code_send(&ctx, &code));
    digits = world_sms_code(w, "13800138000");
    for (int i = 0; i < 20; i++)
        assert_ptr_equal(phone_code_check(&ctx, &code, "000000", NULL), &problem_sms_code_wrong);
    assert_null(phone_code_check(&ctx, &code, digits, NULL));
}

static void
a_code_belongs_to_its_flow_purpose_and_number(void **state)
{
    static const struct phone_code others[] = {
        { "another", "login", "+8613800138000" },
        { "flow", "register", "+8613800138000" },
        { "flow", "login", "+8613800138001" },
    };
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *digits;

    assert_null(phone_code_send(&ctx, &code));
    digits = world_sms_code(w, "13800138000");
    for (size_t i = 0; i < 3; i++)
        assert_ptr_equal(phone_code_check(&ctx, &others[i], digits, NULL), &problem_sms_code_wrong);
    assert_null(phone_code_check(&ctx, &code, digits, NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(of_a_thousand_guesses_at_once_five_are_evaluated),
        world_sims_test(the_right_code_from_sixteen_sides_at_once_is_right_for_its_flow),
        world_sims_test(a_code_that_was_right_is_right_once_more_for_a_minute),
        world_sims_test(the_same_wrong_code_again_is_one_try),
        world_sims_test(a_code_belongs_to_its_flow_purpose_and_number),
    };

    return world_sims_run(tests);
}
