/* SPDX-License-Identifier: Apache-2.0 */
/* The page where she sets the password of her card. */
#include "tests/flows/form_card_kit.h"

#include "idp/person/evidence.h"

static bool
shows(struct world *w, const char *id)
{
    return strstr(w->answer.body, arena_printf(w->arena, "id=\"%s\"", id)) != NULL;
}

static const struct problem *
tried(struct world *w, const char *digits)
{
    struct ctx ctx = world_ctx(w);
    struct card_password_asking asking;
    const struct problem *problem =
        card_password_ask_begin(&ctx, world_person(w, 0), digits, &asking);

    if (problem != NULL)
        return problem;
    ask_card_password.run(&ctx, &asking);
    return card_password_ask_end(&ctx, &asking);
}

#define FIELDS(old, new, again)                                                                    \
    "card_password_old=" old "&card_password=" new "&card_password_again=" again

static void
behind_a_bank_check_she_sets_one_without_another(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_password_first(w);

    assert_false(shows(w, "card_password_old"));
    journey_post(&j, "/card/password", FIELDS("", HER_CARD_PASSWORD, HER_CARD_PASSWORD));
    assert_true(shows(w, "card-password-done"));
    assert_null(tried(w, HER_CARD_PASSWORD));
}

static void
later_she_needs_a_proof_for_the_first(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_password_first(w);

    world_advance(w, 901);
    journey_post(&j, "/card/password", FIELDS("", HER_CARD_PASSWORD, HER_CARD_PASSWORD));
    assert_int_equal(w->answer.status, problem_card_password_proof.status);
    assert_true(shows(w, "needs-proof"));
    assert_ptr_equal(tried(w, HER_CARD_PASSWORD), &problem_card_password_none);
}

static void
she_changes_it_by_the_one_that_she_has(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_password(w);

    assert_true(shows(w, "card_password_old"));
    journey_post(&j, "/card/password",
                 FIELDS(ANOTHER_CARD_PASSWORD, ANOTHER_CARD_PASSWORD, ANOTHER_CARD_PASSWORD));
    assert_true(shows(w, "card_password_old-problem"));
    journey_post(&j, "/card/password",
                 FIELDS(HER_CARD_PASSWORD, ANOTHER_CARD_PASSWORD, ANOTHER_CARD_PASSWORD));
    assert_true(shows(w, "card-password-done"));
    assert_null(tried(w, ANOTHER_CARD_PASSWORD));
}

static void
all_that_is_wrong_is_told_at_once(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_password(w);

    journey_post(&j, "/card/password", FIELDS(HER_CARD_PASSWORD, "123456", "654321"));
    assert_true(shows(w, "card_password-problem"));
    assert_true(shows(w, "card_password_again-problem"));
    assert_null(tried(w, HER_CARD_PASSWORD));
}

static void
a_locked_one_is_changed_by_a_new_proof_only(void **state)
{
    struct world *w = *state;
    struct journey j = at_card_password(w);
    struct ctx ctx;

    for (int i = 0; i < 5; i++)
        assert_ptr_equal(tried(w, ANOTHER_CARD_PASSWORD), &problem_card_password_wrong);
    journey_post(&j, "/card/password",
                 FIELDS(HER_CARD_PASSWORD, ANOTHER_CARD_PASSWORD, ANOTHER_CARD_PASSWORD));
    assert_int_equal(w->answer.status, problem_card_password_locked.status);
    ctx = world_ctx(w);
    assert_int_equal(
        evidence_add(&ctx, world_person(w, 0), EVIDENCE_BANK_CARD, "TX00000000000000000009"), OK);
    j = card_page_of(w, 0, "/card/password");
    journey_post(&j, "/card/password", FIELDS("", ANOTHER_CARD_PASSWORD, ANOTHER_CARD_PASSWORD));
    assert_true(shows(w, "card-password-done"));
    assert_null(tried(w, ANOTHER_CARD_PASSWORD));
}

static void
who_is_not_logged_in_logs_in_first(void **state)
{
    struct world *w = *state;

    world_open(w, "/card/password");
    assert_true(text_starts(world_header(w, "Location"), "/login?tx="));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(behind_a_bank_check_she_sets_one_without_another),
        world_test(later_she_needs_a_proof_for_the_first),
        world_test(she_changes_it_by_the_one_that_she_has),
        world_test(all_that_is_wrong_is_told_at_once),
        world_test(a_locked_one_is_changed_by_a_new_proof_only),
        world_test(who_is_not_logged_in_logs_in_first),
    };

    return world_run(tests);
}
