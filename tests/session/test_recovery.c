/* SPDX-License-Identifier: Apache-2.0 */
/* What each answer comes to on the pages: tests/protocols/account/test_recover_identity.c. */
#include "tests/world.h"

#include "idp/session/recovery.h"
#include "idp/tables/evidence.h"

static struct applicant
zhang(void)
{
    struct applicant applicant = { .name = "张三",
                                   .card_no = "6216261000000000018",
                                   .phone = "+8613800138000",
                                   .bank_phone = "+8613800138000" };

    assert_null(identity_number_check("11010519491231002X", 20260101, &applicant.identity));
    return applicant;
}

static void
a_proof_is_evidence_once_however_often_it_is_presented(void **state)
{
    struct world *w = *state;
    const char *expected = world_person(w, 0);
    const struct applicant applicant = zhang();
    struct ctx ctx = world_ctx(w);
    int64_t rows = world_rows_of(w, "evidence");

    for (int i = 0; i < 3; i++) {
        const char *person_id;

        assert_null(recovery_find(&ctx, &applicant, "TX1", &person_id));
        assert_string_equal(person_id, expected);
    }
    assert_int_equal(world_rows_of(w, "evidence"), rows + 1);
    assert_int_equal(world_rows_of(w, "bank_card"), 1);
}

static void
who_has_no_account_leaves_nothing(void **state)
{
    struct world *w = *state;
    const struct applicant applicant = zhang();
    struct ctx ctx = world_ctx(w);
    const char *person_id;

    assert_ptr_equal(recovery_find(&ctx, &applicant, "TX1", &person_id),
                     &problem_recovery_no_account);
    assert_int_equal(world_rows_of(w, "evidence"), 0);
    assert_int_equal(world_rows_of(w, "bank_card"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        world_test(a_proof_is_evidence_once_however_often_it_is_presented),
        world_test(who_has_no_account_leaves_nothing),
    };

    return world_run(tests);
}
