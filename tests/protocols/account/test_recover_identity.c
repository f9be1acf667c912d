/* SPDX-License-Identifier: Apache-2.0 */
/* Whose account it is: told only to who has proven all of it (AU-02). */
#include "tests/protocols/account/kit.h"

#include "idp/audit/audit.h"
#include "idp/person/vault.h"
#include "idp/tables/bank.h"

static void
au02_without_an_account_it_is_told_after_the_whole_proof_alone(void **state)
{
    struct world *w = *state;
    struct journey j = recovery_to_identity(w, zhang_san.phone);
    struct applying wrong = zhang_san;

    wrong.name = "张四";
    recovery_identify(&j, &wrong);
    assert_refused(w, &problem_bank_mismatch);
    world_audit_mark(w);
    recovery_identify(&j, &zhang_san);
    assert_refused(w, &problem_recovery_no_account);
    assert_audited(w, AUDIT_RECOVERY_REJECTED, "no_account");
    assert_non_null(strstr(w->answer.body, "id=\"register-link\""));
    assert_int_equal(world_rows_of(w, "person"), 0);
}

/* The same questions to the bank, the same tries, the same sentence. */
static void
au02_a_wrong_answer_costs_the_same_with_an_account_and_without(void **state)
{
    struct world *w = *state;

    for (int known = 0; known < 2; known++) {
        struct world_bank_traffic before = world_bank_traffic(w);
        struct applying wrong = zhang_san;
        struct journey j;

        if (known)
            world_person(w, 0);
        j = recovery_to_identity(w, zhang_san.phone);
        wrong.name = known ? "张四" : "张五";
        recovery_identify(&j, &wrong);
        assert_refused(w, &problem_bank_mismatch);
        assert_int_equal(world_bank_traffic(w).checks - before.checks, 1);
        assert_int_equal(ledger_count(w, ATTEMPT_BANK_PERSON_DAY), known + 1);
        assert_non_null(strstr(w->answer.body, "id=\"checks-left\""));
        assert_non_null(strstr(w->answer.body, known ? "还可以核验 1 次" : "还可以核验 2 次"));
        world_advance(w, 61);
    }
}

static void
the_bank_is_asked_no_oftener_than_by_registrations(void **state)
{
    static const char *const names[] = { "张四", "张五", "张六", "张三" };
    struct world *w = *state;
    struct journey j;

    world_person(w, 0);
    j = recovery_to_identity(w, zhang_san.phone);
    for (size_t i = 0; i < 4; i++) {
        struct applying guess = zhang_san;

        guess.name = names[i];
        recovery_identify(&j, &guess);
        assert_refused(w, i < 3 ? &problem_bank_mismatch : &problem_bank_limit);
    }
}

static void
a_bank_that_says_nothing_is_no_mismatch(void **state)
{
    static const struct applying silent = { "冯静仪", "440111199602140025", "6216260000101440098",
                                            "13800138098" };
    struct world *w = *state;
    struct journey j = recovery_to_identity(w, silent.phone);

    recovery_identify(&j, &silent);
    assert_refused(w, &problem_bank_unknown);
    assert_int_equal(ledger_count(w, ATTEMPT_BANK_PERSON_DAY), 0);
    assert_non_null(strstr(w->answer.body, "6216 2600 0010 1440 098"));
    recovery_identify(&j, &silent);
    assert_refused(w, &problem_recovery_no_account);
}

/* A message alone resets nothing, and neither does a card's data without the bank's number. */
static void
the_number_kept_at_the_bank_needs_a_code_of_its_own(void **state)
{
    struct world *w = *state;
    struct world_bank_traffic before;
    struct journey j;

    world_person(w, 0);
    j = recovery_to_identity(w, "13800138002");
    before = world_bank_traffic(w);
    recovery_identify(&j, &zhang_san);
    assert_non_null(strstr(w->answer.body, "id=\"bank_code\""));
    journey_post(
        &j, "/recover/identity",
        arena_printf(w->arena, "%s&bank_code=000000", journey_identity_fields(w, &zhang_san)));
    assert_refused(w, &problem_sms_code_wrong);
    assert_int_equal(world_bank_traffic(w).checks, before.checks);
}

static void
who_is_disabled_is_sent_to_a_window(void **state)
{
    struct world *w = *state;
    const char *person_id = world_person(w, 0);
    struct journey j = recovery_to_identity(w, zhang_san.phone);

    assert_int_equal(store_person_set_state(w->store, person_id, PERSON_DISABLED, WORLD_NOW), OK);
    world_audit_mark(w);
    recovery_identify(&j, &zhang_san);
    assert_refused(w, &problem_account_stopped);
    assert_audited(w, AUDIT_RECOVERY_REJECTED, "state");
}

static void
a_card_that_proved_somebody_else_proves_nobody_here(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct journey j;
    const struct stored_bank_card card = { .digest = card_digest(&ctx, zhang_san.bank_card),
                                           .person_id = "p_another",
                                           .issuer_bin = "621626",
                                           .last_four = "0018",
                                           .created_at = WORLD_NOW };

    world_person(w, 0);
    assert_int_equal(store_bank_card_insert(w->store, &card), OK);
    j = recovery_to_identity(w, zhang_san.phone);
    world_audit_mark(w);
    recovery_identify(&j, &zhang_san);
    assert_refused(w, &problem_bank_card_unusable);
    assert_audited(w, AUDIT_BANK_CARD_REUSED, NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(au02_without_an_account_it_is_told_after_the_whole_proof_alone),
        world_sims_test(au02_a_wrong_answer_costs_the_same_with_an_account_and_without),
        world_sims_test(the_bank_is_asked_no_oftener_than_by_registrations),
        world_sims_test(a_bank_that_says_nothing_is_no_mismatch),
        world_sims_test(the_number_kept_at_the_bank_needs_a_code_of_its_own),
        world_sims_test(who_is_disabled_is_sent_to_a_window),
        world_sims_test(a_card_that_proved_somebody_else_proves_nobody_here),
    };

    return world_sims_run(tests);
}
