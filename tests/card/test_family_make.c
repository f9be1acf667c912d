/* SPDX-License-Identifier: Apache-2.0 */
/* How a link of a family is made: who may ask whom, how often, how many, and what a guardian does. */
#include "tests/card/family_kit.h"

#include <pthread.h>
#include <string.h>

#include "idp/session/stop.h"

#define DAY_S 86400
#define THREADS 8

static void
limits_are(struct world *w, const char *limits)
{
    w->settings.card.family_limits = limits;
}

/* --- Asking --- */

/* Who asks learns nothing of who has an account: the row, the list and the answer are the same. */
static void
asking_for_who_has_no_account_or_another_name_looks_the_same(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct identity_number nobody;
    struct family_question question;
    struct family_links links;

    relative(w, 1, 19500101);
    assert_null(asks_for(w, 1, KINSHIP_OTHER)); /* herself */
    question = question_about(w, 1, KINSHIP_OTHER);
    question.name = "李四";
    assert_null(family_ask(&ctx, &question)); /* another name */
    assert_null(identity_number_check("110101199003074477", 20260101, &nobody));
    question.identity = &nobody;
    limits_are(w, "other:3");
    assert_null(family_ask(&ctx, &question));
    links = members_of_her(w);
    assert_int_equal(links.count, 3);
    for (size_t i = 0; i < links.count; i++) {
        assert_int_equal(links.at[i].standing, FAMILY_WAITS);
        assert_string_equal(links.at[i].name_masked, "");
        assert_string_equal(links.at[i].phone_masked, "");
        assert_int_equal(strlen(links.at[i].ref), 22);
        assert_int_equal(family_end(&ctx, world_person(w, HER), links.at[i].ref), OK);
    }
    assert_int_equal(members_of_her(w).count, 0);
}

static void
who_is_stopped_is_asked_like_nobody(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct family_question question;
    struct family_links links;

    relative(w, 1, 19500101);
    question = question_about(w, 1, KINSHIP_OTHER);
    assert_int_equal(person_stop(&ctx, world_person(w, 1), PERSON_DISABLED, "disabled"), OK);
    assert_null(family_ask(&ctx, &question));
    assert_int_equal(members_of_her(w).count, 1);
    assert_int_equal(person_resume(&ctx, world_person(w, 1)), OK);
    assert_int_equal(family_showers(&ctx, world_person(w, 1), &links), OK);
    assert_int_equal(links.count, 0);
}

static void
what_may_not_be_asked_is_refused(void **state)
{
    struct world *w = *state;

    relative(w, 1, 20130101);
    assert_ptr_equal(asks_for(w, 1, KINSHIP_NONE), &problem_card_family_kinship);
    assert_ptr_equal(asks_for(w, HER, KINSHIP_OTHER), &problem_card_family_oneself);
    assert_ptr_equal(asks_for(w, 1, KINSHIP_ELDER), &problem_card_family_unfit);
    assert_ptr_equal(asks_for(w, 1, KINSHIP_CHILD), &problem_card_family_guardian);
    relative(w, 1, 20100101); /* 16 today */
    assert_null(asks_for(w, 1, KINSHIP_CHILD));
    relative(w, HER, 20090101);
    assert_ptr_equal(asks_for(w, 2, KINSHIP_OTHER), &problem_card_family_young);
}

static void
asked_again_she_waits_on_and_nobody_is_told_twice(void **state)
{
    struct world *w = *state;

    relative(w, 1, 19620415);
    assert_null(asks_for(w, 1, KINSHIP_CHILD));
    world_audit_mark(w);
    assert_null(asks_for(w, 1, KINSHIP_CHILD));
    assert_int_equal(world_audit_count(w, AUDIT_CARD_FAMILY), 0);
    assert_null(asks_for(w, 1, KINSHIP_OTHER)); /* the other kinship takes its place */
    assert_int_equal(members_of_her(w).count, 1);
    assert_int_equal(members_of_her(w).at[0].kinship, KINSHIP_OTHER);
}

static void
who_is_linked_is_not_asked_again(void **state)
{
    struct world *w = *state;

    member_of_her(w, 1, KINSHIP_CHILD, 19620415);
    assert_ptr_equal(asks_for(w, 1, KINSHIP_CHILD), &problem_card_family_already);
}

static void
three_questions_a_day_reach_one_and_ten_leave_her(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    relative(w, 1, 19620415);
    for (int i = 0; i < 3; i++) {
        assert_null(asks_for(w, 1, KINSHIP_CHILD));
        assert_int_equal(family_end(&ctx, world_person(w, 1), ref_at(w, 1)), OK);
    }
    assert_ptr_equal(asks_for(w, 1, KINSHIP_CHILD), &problem_card_family_often);
    limits_are(w, "child:1 other:20");
    for (int i = 2; i <= 8; i++)
        assert_null(asks_for(w, i, KINSHIP_OTHER));
    assert_ptr_equal(asks_for(w, 9, KINSHIP_OTHER), &problem_card_family_often);
    world_advance(w, DAY_S);
    assert_null(asks_for(w, 1, KINSHIP_CHILD));
}

/* --- Limits --- */

static void
limits_hold_for_each_kinship_and_count_questions(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);

    limits_are(w, "spouse:1 child:2");
    member_of_her(w, 1, KINSHIP_CHILD, 19620415);
    relative(w, 2, 19620415);
    relative(w, 3, 19620415);
    relative(w, 4, 19620415);
    assert_null(asks_for(w, 2, KINSHIP_CHILD));
    assert_ptr_equal(asks_for(w, 3, KINSHIP_CHILD), &problem_card_family_full);
    assert_null(asks_for(w, 3, KINSHIP_SPOUSE));
    assert_ptr_equal(asks_for(w, 4, KINSHIP_OTHER), &problem_card_family_full); /* none may be */
    assert_int_equal(family_end(&ctx, world_person(w, 2), ref_at(w, 2)), OK);
    assert_null(asks_for(w, 4, KINSHIP_CHILD));
}

struct asker {
    struct world *w;
    struct store *store;
    struct arena *arena;
    struct family_question question;
    const struct problem *problem;
};

static void *
ask(void *state)
{
    struct asker *asker = state;
    struct ctx ctx = ctx_new(&asker->w->services, asker->arena, asker->store);

    asker->problem = family_ask(&ctx, &asker->question);
    return NULL;
}

static void
limits_are_exact_however_many_ask_at_once(void **state)
{
    struct world *w = *state;
    struct asker askers[THREADS];
    pthread_t threads[THREADS];
    int done = 0;

    for (int i = 0; i < THREADS; i++) {
        askers[i] = (struct asker) { .w = w,
                                     .store = store_open(w->services.database),
                                     .arena = arena_new(1 << 20) };
        askers[i].question = question_about(w, i + 1, KINSHIP_OTHER);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask, &askers[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        done += askers[i].problem == NULL;
        if (askers[i].problem != NULL)
            assert_true(askers[i].problem == &problem_card_family_full ||
                        problem_is_temporary(askers[i].problem));
        store_close(askers[i].store);
        arena_free(askers[i].arena);
    }
    assert_int_equal(done, 2);
    assert_int_equal(members_of_her(w).count, 2);
}

/* --- Guardians --- */

static enum err
guarded(struct world *w, int n, enum kinship kinship, enum family_way *way)
{
    struct ctx ctx = world_ctx(w);
    const struct family_guarding guarding = { world_person(w, HER), world_person(w, n), kinship,
                                              "ticket 7" };

    return family_guard(&ctx, &guarding, way);
}

/* A guardian shows a child's code after the guardianship ended: refused with the next look. */
static void
qr_18_a_guardians_link_ends_at_once(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const char *child = relative(w, 1, 20150615);
    const char *card_id = world_card(w, 1);
    const struct family_guarding end = { world_person(w, HER), child, KINSHIP_NONE, "ticket 8" };
    const char *holder;
    enum family_way way;

    world_audit_mark(w);
    assert_int_equal(guarded(w, 1, KINSHIP_CHILD, &way), OK);
    assert_audited(w, AUDIT_CARD_FAMILY, "guardian p_world0: ticket 7");
    assert_int_equal(may_show(w, child), OK);
    assert_int_equal(card_shown_by(&ctx, world_person(w, HER), card_id, &holder), OK);
    assert_string_equal(holder, child);
    world_audit_mark(w);
    assert_int_equal(family_guard_end(&ctx, &end), OK);
    assert_audited(w, AUDIT_CARD_FAMILY, "operator p_world0: ticket 8");
    assert_int_equal(may_show(w, child), ERR_REFUSED);
    assert_int_equal(card_shown_by(&ctx, world_person(w, HER), card_id, &holder), ERR_NOT_FOUND);
    assert_int_equal(family_guard_end(&ctx, &end), ERR_NOT_FOUND);
}

static void
qr_18_a_childs_link_is_over_with_her_18th_birthday(void **state)
{
    struct world *w = *state;
    const char *child = relative(w, 1, 20150618);
    enum family_way way;

    assert_int_equal(guarded(w, 1, KINSHIP_CHILD, &way), OK);
    w->now = 2002636800 - 1; /* 2033-06-17 23:59:59 in Beijing */
    assert_int_equal(may_show(w, child), OK);
    w->now = 2002636800;
    assert_int_equal(may_show(w, child), ERR_REFUSED);
    assert_int_equal(members_of_her(w).count, 0);
    assert_null(asks_for(w, 1, KINSHIP_CHILD)); /* she is asked herself now */
    assert_null(agrees(w, 1));
    assert_int_equal(may_show(w, child), OK);
}

static void
who_is_sixteen_has_no_guardian_here(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    enum family_way way = FAMILY_UNFIT;

    relative(w, 1, 20100101);
    assert_int_equal(guarded(w, 1, KINSHIP_CHILD, &way), ERR_REFUSED);
    assert_int_equal(way, FAMILY_BY_HERSELF);
    relative(w, 1, 20150101);
    assert_int_equal(guarded(w, 1, KINSHIP_ELDER, &way), ERR_REFUSED);
    assert_int_equal(way, FAMILY_UNFIT);
    assert_int_equal(guarded(w, HER, KINSHIP_CHILD, &way), ERR_INVALID);
    assert_int_equal(guarded(w, 1, KINSHIP_CHILD, &way), OK);
    assert_int_equal(guarded(w, 1, KINSHIP_CHILD, &way), ERR_CONFLICT);
    limits_are(w, "child:1");
    relative(w, 2, 20150101);
    assert_int_equal(guarded(w, 2, KINSHIP_CHILD, &way), ERR_FULL);
    assert_int_equal(person_stop(&ctx, world_person(w, 2), PERSON_DISABLED, "disabled"), OK);
    assert_int_equal(guarded(w, 2, KINSHIP_OTHER, &way), ERR_EXPIRED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(asking_for_who_has_no_account_or_another_name_looks_the_same),
        world_test(who_is_stopped_is_asked_like_nobody),
        world_test(what_may_not_be_asked_is_refused),
        world_test(asked_again_she_waits_on_and_nobody_is_told_twice),
        world_test(who_is_linked_is_not_asked_again),
        world_test(three_questions_a_day_reach_one_and_ten_leave_her),
        world_test(limits_hold_for_each_kinship_and_count_questions),
        world_test(limits_are_exact_however_many_ask_at_once),
        world_test(qr_18_a_guardians_link_ends_at_once),
        world_test(qr_18_a_childs_link_is_over_with_her_18th_birthday),
        world_test(who_is_sixteen_has_no_guardian_here),
    };

    return world_run(tests);
}
