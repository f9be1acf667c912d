/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/world.h"

#include "idp/session/prompts.h"

#define SHE "P1"

static const struct problem *
is_asked(struct world *w, const char *person_id, bool *first)
{
    struct ctx ctx = world_ctx(w);

    return prompt_take(&ctx, person_id, first);
}

/* attacks XD-20 */
static void
XD_20_a_fourth_question_within_five_minutes_is_not_asked_and_told_once(void **state)
{
    struct world *w = *state;
    bool first;

    world_audit_mark(w);
    for (int i = 0; i < 3; i++) {
        assert_null(is_asked(w, SHE, &first));
        assert_false(first);
    }
    assert_int_equal(world_audit_count(w, AUDIT_PROMPT_BOMB), 0);
    assert_ptr_equal(is_asked(w, SHE, &first), &problem_prompts_too_many);
    assert_true(first);
    assert_audited(w, AUDIT_PROMPT_BOMB, NULL);
    world_advance(w, 60);
    assert_ptr_equal(is_asked(w, SHE, &first), &problem_prompts_too_many);
    assert_false(first);
    assert_int_equal(world_audit_count(w, AUDIT_PROMPT_BOMB), 1);
    assert_null(is_asked(w, "P2", &first));

    world_advance(w, 240);
    assert_null(is_asked(w, SHE, &first));
}

static void
what_she_allows_is_no_question_any_more(void **state)
{
    struct world *w = *state;
    bool first;

    for (int i = 0; i < 10; i++) {
        struct ctx ctx = world_ctx(w);

        assert_null(is_asked(w, SHE, &first));
        prompt_give_back(&ctx, SHE);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(XD_20_a_fourth_question_within_five_minutes_is_not_asked_and_told_once),
        world_test(what_she_allows_is_no_question_any_more),
    };

    return world_run(tests);
}
