/* SPDX-License-Identifier: Apache-2.0 */
/* BK-16: the same person from many sides at once. What the pages do with it:
 * tests/protocols/account. */
#include "tests/asks.h"
#include "tests/world_sims.h"

#include <pthread.h>

#include "idp/base/text.h"
#include "idp/person/bank_proof.h"
#include "idp/person/registration.h"
#include "idp/person/vault.h"

#define THREADS 16

static const struct digest notice = { { 1 } };

static struct applicant
zhang_san(struct world *w, const char *person_id, const char *phone)
{
    struct ctx ctx = world_ctx(w);
    struct digest form = digest_of_text(person_id);
    struct applicant applicant = {
        .person_id = person_id,
        .phone = phone,
        .name = "张三",
        .card_no = "6216261000000000018",
        .bank_phone = "+8613800138000",
    };

    assert_null(applicant_identity(&ctx, "11010519491231002X", &applicant));
    assert_null(registration_consent(&ctx, person_id, &notice, &form));
    return applicant;
}

struct racer {
    struct world *w;
    struct store *store;
    struct arena *arena;
    struct applicant applicant;
    const struct problem *problem;
};

static void *
race(void *state)
{
    struct racer *racer = state;
    struct ctx ctx = ctx_new(&racer->w->services, racer->arena, racer->store);

    racer->problem = registration_complete(&ctx, &racer->applicant);
    return NULL;
}

/* So many flows, with a phone of each, register the same person; returns how many
 * were told that it worked. */
static int
raced(struct world *w)
{
    struct racer racers[THREADS];
    pthread_t threads[THREADS];
    int done = 0;

    for (int i = 0; i < THREADS; i++)
        racers[i] = (struct racer) {
            .w = w,
            .store = store_open(w->services.database),
            .arena = arena_new(1 << 20),
            .applicant = zhang_san(w, arena_printf(w->arena, "p_racer%d", i),
                                   arena_printf(w->arena, "+861390013%04d", i)),
        };
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        done += racers[i].problem == NULL;
        if (racers[i].problem != NULL)
            assert_true(racers[i].problem == &problem_already_registered ||
                        problem_is_temporary(racers[i].problem));
        store_close(racers[i].store);
        arena_free(racers[i].arena);
    }
    return done;
}

static void
assert_one_person(struct world *w)
{
    assert_int_equal(world_rows_of(w, "person"), 1);
    assert_int_equal(world_rows_of(w, "person_key"), 2);
    assert_int_equal(world_rows_of(w, "bank_card"), 1);
    assert_int_equal(world_rows_of(w, "evidence"), 2);
    assert_int_equal(world_audit_count(w, AUDIT_PERSON_REGISTERED), 1);
}

/* The bank has spoken already, so all of them come to the store at the same moment. */
static void
of_sixteen_at_once_one_becomes_the_person(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct bank_question question = { "张三", "11010519491231002X", "6216261000000000018",
                                            "+8613800138000" };
    const char *order_id;

    assert_null(bank_proof_ask(&ctx, &question, &order_id));
    assert_int_equal(raced(w), 1);
    assert_one_person(w);
}

/* Nobody has asked the bank yet: they ask about one order, whoever does not
 * wait for it tries again. */
static void
sixteen_who_ask_the_bank_at_once_share_one_order_and_become_one_person(void **state)
{
    struct world *w = *state;

    assert_int_equal(raced(w), 1);
    assert_one_person(w);
    assert_int_equal(world_rows_of(w, "bank_order"), 1);
}

static void
the_same_flow_twice_is_one_person_and_both_are_told_so(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct applicant applicant = zhang_san(w, "p_zhang", "+8613800138000");

    assert_null(registration_complete(&ctx, &applicant));
    assert_null(registration_complete(&ctx, &applicant));
    assert_one_person(w);
}

static void
a_phone_of_somebody_else_makes_no_account(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct applicant applicant;

    world_person(w, 1);
    applicant = zhang_san(w, "p_zhang", "+8613800138001");
    assert_ptr_equal(registration_phone_free(&ctx, "+8613800138001"), &problem_phone_taken);
    assert_null(registration_phone_free(&ctx, "+8613800138000"));
    assert_ptr_equal(registration_complete(&ctx, &applicant), &problem_phone_taken);
    assert_int_equal(world_rows_of(w, "person"), 1);
    assert_int_equal(world_audit_count(w, AUDIT_PERSON_DUPLICATE), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(of_sixteen_at_once_one_becomes_the_person),
        world_sims_test(sixteen_who_ask_the_bank_at_once_share_one_order_and_become_one_person),
        world_sims_test(the_same_flow_twice_is_one_person_and_both_are_told_so),
        world_sims_test(a_phone_of_somebody_else_makes_no_account),
    };

    return world_sims_run(tests);
}
