/* SPDX-License-Identifier: Apache-2.0 */
/* The page where a bank check makes her card pay. */
#include "tests/flows/form_card_kit.h"

static int64_t
own_state(struct world *w)
{
    struct ctx ctx = world_ctx(w);
    struct card card;

    assert_int_equal(card_find(&ctx, world_person(w, 0), &card), OK);
    return card.row.own_state;
}

static bool
shows(struct world *w, const char *id)
{
    return strstr(w->answer.body, arena_printf(w->arena, "id=\"%s\"", id)) != NULL;
}

static void
a_bank_check_activates_the_card_and_is_kept_as_evidence(void **state)
{
    struct world *w = *state;
    struct journey j = at_bank_code_for_card(w);
    int64_t evidence = world_rows_of(w, "evidence");

    assert_true(shows(w, "bank_code"));
    world_audit_mark(w);
    journey_post(&j, "/card/pay", the_pay_code(w));
    assert_int_equal(own_state(w), ECARD_L2);
    assert_true(shows(w, "card-pay-done"));
    assert_true(shows(w, "password-link"));
    assert_audited(w, AUDIT_CARD_ISSUED, "activated");
    assert_int_equal(world_rows_of(w, "evidence"), evidence + 1);
}

/* The check is good for another password; the card is activated once it can be used. */
static void
a_card_that_is_stopped_is_not_activated_but_the_check_stands(void **state)
{
    struct world *w = *state;
    struct journey j = at_bank_code_for_card(w);

    world_physical_card(w, 0, PHYSICAL_LOST);
    journey_post(&j, "/card/pay", the_pay_code(w));
    assert_int_equal(own_state(w), ECARD_L1);
    assert_true(shows(w, "card-pay-checked"));
}

static void
a_card_that_is_another_persons_is_refused(void **state)
{
    struct world *w = *state;
    struct journey j = at_bank_for_card(w);

    journey_post(&j, "/card/pay", "bank_card=6216260000100180018&bank_phone=13800138000");
    journey_post(&j, "/card/pay",
                 arena_printf(w->arena,
                              "bank_card=6216260000100180018&bank_phone=13800138000&bank_code=%s",
                              world_sms_code(w, "13800138000")));
    assert_int_equal(own_state(w), ECARD_L1);
    assert_int_equal(w->answer.status, problem_bank_mismatch.status);
}

static void
a_wrong_code_asks_no_bank(void **state)
{
    struct world *w = *state;
    struct journey j = at_bank_code_for_card(w);
    int64_t checks = world_bank_traffic(w).checks;

    journey_post(&j, "/card/pay", BANK_FIELDS "&bank_code=000000");
    assert_true(shows(w, "bank_code-problem"));
    assert_int_equal(world_bank_traffic(w).checks, checks);
    assert_int_equal(own_state(w), ECARD_L1);
}

static void
who_has_no_card_is_told(void **state)
{
    struct world *w = *state;

    (void)card_page_of(w, 0, "/card/pay");
    assert_refused(w, &problem_ecard_none);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(a_bank_check_activates_the_card_and_is_kept_as_evidence),
        world_sims_test(a_card_that_is_stopped_is_not_activated_but_the_check_stands),
        world_sims_test(a_card_that_is_another_persons_is_refused),
        world_sims_test(a_wrong_code_asks_no_bank),
        world_sims_test(who_has_no_card_is_told),
    };

    return world_sims_run(tests);
}
