/* SPDX-License-Identifier: Apache-2.0 */
/* Logging in by password (AU-03, AU-04) and by code (AU-08, AU-09, AU-11, AU-12),
 * many threads at once too. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "idp/person/phone_code.h"
#include "idp/session/login.h"
#include "idp/session/login_count.h"
#include "idp/tables/person.h"
#include "keys/handle.h"
#include "tests/asks.h"
#include "tests/world.h"

#define PHONE "+8613800138000"
#define THREADS 20
#define ROUNDS 10

static const struct problem *
log_in(struct world *w, const char *phone, const char *password)
{
    struct ctx ctx = world_ctx(w);
    struct proof proof;

    return login_by_password(&ctx, phone, password, &proof);
}

static void
the_right_password_is_a_proof(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct ctx ctx = world_ctx(w);
    struct proof proof = { 0 };

    assert_null(login_by_password(&ctx, PHONE, WORLD_PASSWORD, &proof));
    assert_string_equal(proof.person_id, person_id);
    assert_string_equal(proof.amr, "pwd");
}

static void
a_disabled_person_is_answered_like_a_wrong_password(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);

    assert_int_equal(store_person_set_state(w->store, person_id, PERSON_DISABLED, w->now), OK);
    assert_ptr_equal(log_in(w, PHONE, WORLD_PASSWORD), &problem_login_failed);
}

static void
au_01_unknown_wrong_and_disabled_cost_one_hash_each_and_who_must_wait_none(void **state)
{
    struct world *w = *state;
    int64_t before;

    world_person(w, 0);
    assert_int_equal(store_person_set_state(w->store, world_person(w, 1), PERSON_DISABLED, w->now),
                     OK);
    before = metric_read(METRIC_HASH_RUNS);
    for (int i = 0; i < 6; i++) {
        const struct problem *problem = i < 5 ? &problem_login_failed : &problem_login_wait_5;

        assert_ptr_equal(log_in(w, "+8613900139000", "wrong"), problem);
        assert_ptr_equal(log_in(w, "+8613800138001", WORLD_PASSWORD), problem);
        assert_ptr_equal(log_in(w, PHONE, "wrong"), problem);
        assert_int_equal(metric_read(METRIC_HASH_RUNS) - before, i < 5 ? 3 * (i + 1) : 15);
    }
}

struct guesser {
    pthread_t thread;
    pthread_barrier_t *start;
    struct world *w;
    struct arena *arena;
    struct store *store;
    const char *flow; /* NULL: guess the password */
    const char *typed;
    const char *wrong; /* prefix of codes that differ each time; NULL: `typed` */
    int taken;         /* guesses that got in */
};

static bool
gets_in(struct guesser *guesser, struct ctx *ctx, int round)
{
    static const struct session nobody;
    const char *typed = guesser->typed;
    struct proof proof;
    struct session session;
    const char *cookie;

    if (guesser->flow == NULL)
        return login_by_password(ctx, PHONE, typed, &proof) == NULL;
    if (guesser->wrong != NULL)
        typed = arena_printf(ctx->arena, "%s%d", guesser->wrong, round);
    if (login_by_code(ctx, guesser->flow, PHONE, typed, &proof) != NULL)
        return false;
    proof.once = "t1 and its cookie";
    return session_begin(ctx, &nobody, &proof, &session, &cookie) == OK;
}

static void *
guess(void *state)
{
    struct guesser *guesser = state;

    pthread_barrier_wait(guesser->start);
    for (int round = 0; round < ROUNDS; round++) {
        struct ctx ctx = ctx_new(&guesser->w->services, guesser->arena, guesser->store);

        ctx.address = guesser->w->address;
        guesser->taken += gets_in(guesser, &ctx, round);
    }
    return NULL;
}

/* Two hundred guesses by twenty threads; how many got in. */
static int
guess_at_once(struct world *w, const char *flow, const char *typed, const char *wrong)
{
    struct guesser guessers[THREADS];
    pthread_barrier_t start;
    int taken = 0;

    pthread_barrier_init(&start, NULL, THREADS);
    for (size_t i = 0; i < THREADS; i++) {
        guessers[i] = (struct guesser) { .start = &start,
                                         .w = w,
                                         .arena = arena_new((size_t)8 << 20),
                                         .store = store_open(w->services.database),
                                         .flow = flow,
                                         .typed = typed };
        if (flow != NULL && typed == NULL)
            guessers[i].wrong = arena_printf(w->arena, "%c%02zu00", wrong[0], i);
        assert_int_equal(pthread_create(&guessers[i].thread, NULL, guess, &guessers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(guessers[i].thread, NULL);
        taken += guessers[i].taken;
        store_close(guessers[i].store);
        arena_free(guessers[i].arena);
    }
    pthread_barrier_destroy(&start);
    return taken;
}

static void
au_04_of_200_wrong_passwords_at_once_five_are_looked_at(void **state)
{
    struct world *w = *state;
    int64_t locked = metric_series_read(login_series(LOGIN_BY_PASSWORD, 0, LOGIN_LOCKED));
    int64_t hashes;

    world_person(w, 0);
    world_audit_mark(w);
    hashes = metric_read(METRIC_HASH_RUNS);
    assert_int_equal(guess_at_once(w, NULL, "wrong", NULL), 0);
    assert_int_equal(metric_series_read(login_series(LOGIN_BY_PASSWORD, 0, LOGIN_LOCKED)) - locked,
                     THREADS * ROUNDS - 5);
    assert_int_equal(metric_read(METRIC_HASH_RUNS) - hashes, 5);
    assert_audited(w, AUDIT_LOCK_SET, "password");
    assert_int_equal(world_audit_count(w, AUDIT_LOGIN_FAILED), 5);
    assert_ptr_equal(log_in(w, PHONE, WORLD_PASSWORD), &problem_login_wait_5);
}

static void
an_address_may_fail_as_often_as_is_set_but_succeed_as_often_as_it_likes(void **state)
{
    struct world *w = *state;

    world_person(w, 0);
    w->settings.limits.password_tries_address = 100;
    for (int i = 0; i < 120; i++)
        assert_null(log_in(w, PHONE, WORLD_PASSWORD));
    for (int i = 0; i < 100; i++)
        assert_ptr_equal(log_in(w, arena_printf(w->arena, "+8613900139%03d", i), "wrong"),
                         &problem_login_failed);
    assert_ptr_equal(log_in(w, PHONE, WORLD_PASSWORD), &problem_login_network_full);
    w->address = "::ffff:203.0.113.7";
    assert_ptr_equal(log_in(w, PHONE, WORLD_PASSWORD), &problem_login_network_full);
    w->address = "203.0.113.8";
    assert_null(log_in(w, PHONE, WORLD_PASSWORD));
}

/* --- Codes, made and not sent. --- */

static const char *
code_made(struct world *w, const char *flow, const char *phone)
{
    struct ctx ctx = world_ctx(w);
    struct code_sending sending;

    assert_null(phone_code_begin(&ctx, &(struct phone_code) { flow, "login", phone }, &sending));
    return sending.digits;
}

static const struct problem *
log_in_by_code(struct world *w, const char *flow, const char *phone, const char *typed)
{
    struct ctx ctx = world_ctx(w);
    struct proof proof;

    return login_by_code(&ctx, flow, phone, typed, &proof);
}

static const char *
wrong_one(const char *digits)
{
    return digits[0] == '1' ? "200000" : "100000";
}

static void
the_code_is_a_proof_and_good_once(void **state)
{
    struct world *w = *state;
    const char *digits;

    world_person(w, 0);
    digits = code_made(w, "t1", PHONE);
    assert_null(log_in_by_code(w, "t1", PHONE, digits));
    world_advance(w, REPEAT_S);
    assert_ptr_equal(log_in_by_code(w, "t1", PHONE, digits), &problem_sms_code_wrong);
}

/* Who presses twice gets in once, and is told so each time. */
static void
au_09_of_200_logins_with_one_code_one_session_comes(void **state)
{
    struct world *w = *state;
    const char *digits;

    world_person(w, 0);
    digits = code_made(w, "t1", PHONE);
    world_audit_mark(w);
    assert_int_equal(guess_at_once(w, "t1", digits, NULL), THREADS * ROUNDS);
    assert_int_equal(world_rows_of(w, "session"), 1);
    assert_int_equal(world_audit_count(w, AUDIT_LOGIN), 1);
    world_advance(w, REPEAT_S);
    assert_ptr_equal(log_in_by_code(w, "t1", PHONE, digits), &problem_sms_code_wrong);
}

static void
a_code_that_was_used_makes_no_session_when_its_own_is_gone(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    static const struct session nobody;
    struct session session;
    struct proof proof;
    const char *digits;
    const char *cookie;

    world_person(w, 0);
    digits = code_made(w, "t1", PHONE);
    assert_null(login_by_code(&ctx, "t1", PHONE, digits, &proof));
    proof.once = "t1 and its cookie";
    assert_int_equal(session_begin(&ctx, &nobody, &proof, &session, &cookie), OK);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    assert_null(login_by_code(&ctx, "t1", PHONE, digits, &proof));
    proof.once = "t1 and its cookie";
    assert_int_equal(session_begin(&ctx, &nobody, &proof, &session, &cookie), ERR_CONFLICT);
}

static void
au_08_of_200_guesses_at_once_five_are_looked_at_and_the_code_is_dead(void **state)
{
    struct world *w = *state;
    const char *digits;

    world_person(w, 0);
    digits = code_made(w, "t1", PHONE);
    assert_int_equal(guess_at_once(w, "t1", NULL, wrong_one(digits)), 0);
    assert_ptr_equal(log_in_by_code(w, "t1", PHONE, digits), &problem_sms_code_wrong);
}

static void
au_08_the_fifth_wrong_guess_says_that_the_code_is_dead(void **state)
{
    struct world *w = *state;
    const char *digits = code_made(w, "t1", PHONE);

    const char *wrong = wrong_one(digits);

    for (int i = 0; i < 4; i++)
        assert_ptr_equal(log_in_by_code(w, "t1", PHONE, arena_printf(w->arena, "%.5s%d", wrong, i)),
                         &problem_sms_code_wrong);
    assert_ptr_equal(log_in_by_code(w, "t1", PHONE, arena_printf(w->arena, "%.5s9", wrong)),
                     &problem_sms_code_dead);
    assert_ptr_equal(log_in_by_code(w, "t1", PHONE, digits), &problem_sms_code_wrong);
}

static void
au_10_a_code_is_brought_to_one_form_before_it_is_compared(void **state)
{
    struct world *w = *state;
    const char *digits;

    world_person(w, 0);
    digits = code_made(w, "t1", PHONE);
    assert_ptr_equal(log_in_by_code(w, "t1", PHONE, digits + 1), &problem_sms_code_malformed);
    assert_ptr_equal(log_in_by_code(w, "t1", PHONE, "12345x"), &problem_sms_code_malformed);
    assert_ptr_equal(log_in_by_code(w, "t1", PHONE, NULL), &problem_sms_code_malformed);
    assert_null(
        log_in_by_code(w, "t1", PHONE, arena_printf(w->arena, " %.3s-%s ", digits, digits + 3)));
}

static void
au_11_a_code_is_good_for_its_own_flow_number_and_purpose_only(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *digits;

    world_person(w, 0);
    world_person(w, 1);
    digits = code_made(w, "t1", PHONE);
    assert_ptr_equal(log_in_by_code(w, "t2", PHONE, digits), &problem_sms_code_wrong);
    assert_ptr_equal(log_in_by_code(w, "t1", "+8613800138001", digits), &problem_sms_code_wrong);
    assert_ptr_equal(
        phone_code_check(&ctx, &(struct phone_code) { "t1", "register", PHONE }, digits, NULL),
        &problem_sms_code_wrong);
    assert_null(log_in_by_code(w, "t1", PHONE, digits));
}

static void
au_12_a_code_is_good_for_300_seconds(void **state)
{
    struct world *w = *state;
    const char *digits;

    world_person(w, 0);
    digits = code_made(w, "t1", PHONE);
    world_advance(w, 301);
    assert_ptr_equal(log_in_by_code(w, "t1", PHONE, digits), &problem_sms_code_wrong);
    digits = code_made(w, "t1", PHONE);
    world_advance(w, 299);
    assert_null(log_in_by_code(w, "t1", PHONE, digits));
}

/* Its session names it: nothing else has to remember that it was used. */
static void
a_phone_that_was_proven_makes_one_session_and_no_other_when_that_is_gone(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct session none = { .live = false };
    struct session session;
    struct proof proof;
    const char *cookie;
    const char *again;

    world_person(w, 0);
    assert_null(login_by_proven_phone(&ctx, "+8613800138000", &proof));
    assert_string_equal(proof.amr, "sms");
    proof.once = "t1 cookie";
    assert_int_equal(session_begin(&ctx, &none, &proof, &session, &cookie), OK);
    assert_int_equal(session_begin(&ctx, &none, &proof, &session, &again), OK);
    assert_string_equal(cookie, again);
    assert_int_equal(world_rows_of(w, "session"), 1);
    assert_int_equal(session_end(&ctx, &session, "logout"), OK);
    assert_int_equal(session_begin(&ctx, &none, &proof, &session, &again), ERR_CONFLICT);
    assert_ptr_equal(login_by_proven_phone(&ctx, "+8613900000000", &proof), &problem_phone_unknown);
}

static void
who_holds_the_phone_may_learn_that_it_has_no_account(void **state)
{
    struct world *w = *state;
    const char *digits = code_made(w, "t1", "+8613900139000");

    assert_ptr_equal(log_in_by_code(w, "t1", "+8613900139000", digits), &problem_phone_unknown);
    assert_audited(w, AUDIT_LOGIN_FAILED, "sms");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(the_right_password_is_a_proof),
        world_test(a_disabled_person_is_answered_like_a_wrong_password),
        world_test(au_01_unknown_wrong_and_disabled_cost_one_hash_each_and_who_must_wait_none),
        world_test(au_04_of_200_wrong_passwords_at_once_five_are_looked_at),
        world_test(an_address_may_fail_as_often_as_is_set_but_succeed_as_often_as_it_likes),
        world_test(the_code_is_a_proof_and_good_once),
        world_test(au_08_of_200_guesses_at_once_five_are_looked_at_and_the_code_is_dead),
        world_test(au_08_the_fifth_wrong_guess_says_that_the_code_is_dead),
        world_test(au_09_of_200_logins_with_one_code_one_session_comes),
        world_test(a_code_that_was_used_makes_no_session_when_its_own_is_gone),
        world_test(au_10_a_code_is_brought_to_one_form_before_it_is_compared),
        world_test(au_11_a_code_is_good_for_its_own_flow_number_and_purpose_only),
        world_test(au_12_a_code_is_good_for_300_seconds),
        world_test(a_phone_that_was_proven_makes_one_session_and_no_other_when_that_is_gone),
        world_test(who_holds_the_phone_may_learn_that_it_has_no_account),
    };

    return world_run(tests);
}
