/* SPDX-License-Identifier: Apache-2.0 */
/* One order for one question. What each answer means to a person:
 * tests/protocols/account/test_register_identity.c. */
#include "tests/asks.h"
#include "tests/world_sims.h"

#include <string.h>

#include "idp/person/bank_proof.h"

static const struct bank_question zhang_san = { "张三", "11010519491231002X", "6216261000000000018",
                                                "+8613800138000" };

static void
a_fresh_match_is_used_again_for_a_day_and_not_longer(void **state)
{
    struct world *w = *state;
    struct world_bank_traffic before = world_bank_traffic(w);
    const char *first = "";
    const char *second = "";
    struct ctx ctx = world_ctx(w);

    assert_null(bank_proof_ask(&ctx, &zhang_san, &first));
    world_advance(w, 86399);
    ctx = world_ctx(w);
    assert_null(bank_proof_ask(&ctx, &zhang_san, &second));
    assert_string_equal(first, second);
    assert_int_equal(world_bank_traffic(w).checks - before.checks, 1);
    world_advance(w, 1);
    ctx = world_ctx(w);
    assert_null(bank_proof_ask(&ctx, &zhang_san, &second));
    assert_string_not_equal(first, second);
    assert_int_equal(world_bank_traffic(w).checks - before.checks, 2);
    assert_int_equal(world_rows_of(w, "bank_order"), 1);
}

static void
a_mismatch_is_told_again_for_a_minute_and_then_asked_anew_under_another_order(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct bank_question question = zhang_san;
    const char *first = "";
    const char *second = "";

    question.name = "张四";
    assert_ptr_equal(bank_proof_ask(&ctx, &question, &first), &problem_bank_mismatch);
    ctx.now += REPEAT_S - 1;
    assert_ptr_equal(bank_proof_ask(&ctx, &question, &second), &problem_bank_mismatch);
    assert_string_equal(first, second);
    ctx.now++;
    assert_ptr_equal(bank_proof_ask(&ctx, &question, &second), &problem_bank_mismatch);
    assert_string_not_equal(first, second);
    assert_int_equal(world_rows_of(w, "bank_order"), 1);
}

static void
a_name_longer_than_the_bank_takes_is_told_and_not_counted(void **state)
{
    struct world *w = *state;
    struct world_bank_traffic before = world_bank_traffic(w);
    struct ctx ctx = world_ctx(w);
    struct bank_question question = zhang_san;
    const char *order_id = "";

    question.name = "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三";
    assert_ptr_equal(bank_proof_ask(&ctx, &question, &order_id), &problem_bank_name_too_long);
    assert_int_equal(world_bank_traffic(w).checks - before.checks, 0);
    assert_int_equal(world_rows_of(w, "bank_order"), 0);
    assert_int_equal(world_rows_of(w, "attempt"), 0);
}

static void
other_words_are_another_question(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    struct bank_question question = zhang_san;
    const char *order_id = "";

    assert_null(bank_proof_ask(&ctx, &question, &order_id));
    question.phone = "+8613800138001";
    assert_ptr_equal(bank_proof_ask(&ctx, &question, &order_id), &problem_bank_mismatch);
    assert_int_equal(world_rows_of(w, "bank_order"), 2);
}

/* Nothing of the question can be read from what is kept. */
static void
an_order_is_kept_under_a_digest(void **state)
{
    static const char sql[] = "SELECT order_id FROM bank_order";
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    const struct arg args[] = { ARG_END };
    const char *order_id = "";
    const char *kept = NULL;
    const struct out outs[] = { out_text(&kept), OUT_END };

    assert_null(bank_proof_ask(&ctx, &zhang_san, &order_id));
    assert_int_equal(
        store_run(w->store,
                  &(struct query) { .sql = sql, .args = args, .outs = outs, .arena = w->arena }),
        OK);
    assert_string_equal(kept, order_id);
    assert_true(strlen(order_id) >= 8 && strlen(order_id) <= 40);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_sims_test(a_fresh_match_is_used_again_for_a_day_and_not_longer),
        world_sims_test(
            a_mismatch_is_told_again_for_a_minute_and_then_asked_anew_under_another_order),
        world_sims_test(a_name_longer_than_the_bank_takes_is_told_and_not_counted),
        world_sims_test(other_words_are_another_question),
        world_sims_test(an_order_is_kept_under_a_digest),
    };

    return world_sims_run(tests);
}
