/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/keys/kit.h"

#include <dirent.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "idp/base/metrics.h"
#include "idp/base/text.h"
#include "keys/password.h"

static const struct key32 pepper = { { 5, 6, 7 } };
static struct password_gate *gate;

static int
gate_setup(void **state)
{
    (void)state;
    return password_gate_new_cheap(&gate) != OK;
}

static int
gate_teardown(void **state)
{
    (void)state;
    password_gate_free(gate);
    return 0;
}

static const char *
hashed(struct arena *arena, const char *password)
{
    const char *phc;

    assert_int_equal(password_hash(gate, arena, &pepper, password, &phc), OK);
    return phc;
}

static void
the_right_password_fits_and_no_other(void **state)
{
    static const char *const wrong[] = { "", "correct hors", "correct horse ", "Correct horse" };
    const char *phc = hashed(*state, "correct horse");

    assert_int_equal(password_verify(gate, &pepper, phc, "correct horse"), OK);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(password_verify(gate, &pepper, phc, wrong[i]), ERR_FORGED);
}

static void
two_hashes_of_one_password_differ(void **state)
{
    assert_string_not_equal(hashed(*state, "same"), hashed(*state, "same"));
}

static void
without_the_pepper_the_password_does_not_fit(void **state)
{
    static const struct key32 other = { { 5, 6, 8 } };
    const char *phc = hashed(*state, "correct horse");

    assert_int_equal(password_verify(gate, &other, phc, "correct horse"), ERR_FORGED);
    assert_int_not_equal(crypto_pwhash_str_verify(phc, "correct horse", 13), 0);
}

static void
an_unknown_person_costs_a_hash_and_is_refused(void **state)
{
    int64_t runs = metric_read(METRIC_HASH_RUNS);

    (void)state;
    assert_int_equal(password_verify(gate, &pepper, NULL, "anything"), ERR_FORGED);
    assert_int_equal(metric_read(METRIC_HASH_RUNS), runs + 1);
}

static void
a_text_that_is_no_argon2id_hash_costs_a_hash_and_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "plain",
        "$argon2i$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAA",
        "$argon2id$v=19$m=19456,t=2,p=1$"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    };
    int64_t runs = metric_read(METRIC_HASH_RUNS);

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_int_equal(password_verify(gate, &pepper, texts[i], "x"), ERR_FORGED);
    assert_int_equal(metric_read(METRIC_HASH_RUNS), runs + 4);
    assert_int_equal(password_verify(gate, &pepper, "$argon2id$nonsense", "x"), ERR_FORGED);
}

static void
a_hash_of_other_cost_still_verifies_but_wants_a_rehash(void **state)
{
    struct password_gate *costly;
    const char *phc;

    assert_int_equal(password_gate_new(1, 1, &costly), OK);
    assert_int_equal(password_hash(costly, *state, &pepper, "x", &phc), OK);
    assert_true(text_starts(phc, "$argon2id$v=19$m=19456,t=2,p=1$"));
    assert_false(password_needs_rehash(phc));
    assert_int_equal(password_verify(gate, &pepper, phc, "x"), OK);
    assert_int_equal(password_verify(costly, &pepper, hashed(*state, "y"), "y"), OK);
    assert_true(password_needs_rehash(hashed(*state, "y")));
    assert_true(password_needs_rehash("no hash"));
    password_gate_free(costly);
}

/* How many threads of this process have the niceness that hashing has. */
static int
nice_threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *task;
    int count = 0;

    assert_non_null(tasks);
    while ((task = readdir(tasks)) != NULL)
        if (task->d_name[0] != '.')
            count += getpriority(PRIO_PROCESS, (id_t)strtoul(task->d_name, NULL, 10)) == 10;
    closedir(tasks);
    return count;
}

static void
only_the_hashing_thread_steps_back(void **state)
{
    if (getpriority(PRIO_PROCESS, 0) != 0)
        skip(); /* the whole suite runs stepped back */
    hashed(*state, "x");
    assert_int_equal(nice_threads(), 1);
}

/* A caller that keeps hashing until told to stop; busy answers are counted apart. */
struct caller {
    struct password_gate *gate;
    int ok;
    int busy;
    int other;
};

static void *
verify_ten_times(void *state)
{
    struct caller *caller = state;

    for (int i = 0; i < 10; i++) {
        enum err err = password_verify(caller->gate, &pepper, NULL, "x");

        caller->ok += err == ERR_FORGED;
        caller->busy += err == ERR_BUSY;
        caller->other += err != ERR_FORGED && err != ERR_BUSY;
    }
    return NULL;
}

static struct caller
run_callers(struct password_gate *of)
{
    struct caller callers[8] = { 0 };
    struct caller sum = { 0 };
    pthread_t threads[8];

    for (size_t i = 0; i < 8; i++) {
        callers[i].gate = of;
        assert_int_equal(pthread_create(&threads[i], NULL, verify_ten_times, &callers[i]), 0);
    }
    for (size_t i = 0; i < 8; i++) {
        pthread_join(threads[i], NULL);
        sum.ok += callers[i].ok;
        sum.busy += callers[i].busy;
        sum.other += callers[i].other;
    }
    return sum;
}

static void
every_caller_that_the_queue_holds_is_answered(void **state)
{
    struct caller sum = run_callers(gate);

    (void)state;
    assert_int_equal(sum.ok, 80);
}

/* Every call is either hashed or refused and counted. With room for one, eight at a time cannot all
 * fit. */
static void
a_full_gate_refuses_at_once_and_counts(void **state)
{
    int64_t refusals = metric_read(METRIC_HASH_REFUSALS);
    int64_t runs = metric_read(METRIC_HASH_RUNS);
    struct password_gate *narrow;
    struct caller sum;

    (void)state;
    assert_int_equal(password_gate_new(1, 0, &narrow), OK);
    sum = run_callers(narrow);
    password_gate_free(narrow);
    assert_int_equal(sum.other, 0);
    assert_int_equal(sum.ok + sum.busy, 80);
    assert_true(sum.busy > 0);
    assert_int_equal(metric_read(METRIC_HASH_REFUSALS) - refusals, sum.busy);
    assert_int_equal(metric_read(METRIC_HASH_RUNS) - runs, sum.ok);
}

static void
a_gate_of_no_slots_has_one_for_each_core(void **state)
{
    struct password_gate *wide;
    const char *phc;

    assert_int_equal(password_gate_new(0, 0, &wide), OK);
    assert_int_equal(password_hash(wide, *state, &pepper, "x", &phc), OK);
    password_gate_free(wide);
    password_gate_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_right_password_fits_and_no_other),
        TEST(two_hashes_of_one_password_differ),
        TEST(without_the_pepper_the_password_does_not_fit),
        TEST(an_unknown_person_costs_a_hash_and_is_refused),
        TEST(a_text_that_is_no_argon2id_hash_costs_a_hash_and_is_refused),
        TEST(a_hash_of_other_cost_still_verifies_but_wants_a_rehash),
        TEST(only_the_hashing_thread_steps_back),
        TEST(every_caller_that_the_queue_holds_is_answered),
        TEST(a_full_gate_refuses_at_once_and_counts),
        TEST(a_gate_of_no_slots_has_one_for_each_core),
    };

    return cmocka_run_group_tests_name("password", tests, gate_setup, gate_teardown);
}
