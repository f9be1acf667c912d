/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "idp/tables/acting.h"
#include "idp/tables/attempt.h"
#include "idp/tables/audit.h"
#include "idp/tables/bank.h"
#include "idp/tables/checkpoint.h"
#include "idp/tables/grant.h"
#include "idp/tables/one_time_code.h"
#include "idp/tables/outbox.h"
#include "idp/tables/partner.h"
#include "idp/tables/revocation.h"
#include "idp/tables/session.h"
#include "idp/tables/spent.h"
#include "idp/tables/staff_proposal.h"
#include "idp/tables/sweep.h"
#include "tests/store_kit.h"

#define NOW 1000000
#define DAY_S 86400

static int64_t
sweep_keeping(struct kit *k, int64_t refusals_s, int64_t changes_s)
{
    struct audit_keep keep = { refusals_s, changes_s };
    int64_t removed = -1;

    assert_int_equal(store_sweep(k->st, NOW, &keep, &removed), OK);
    return removed;
}

static int64_t
sweep(struct kit *k)
{
    return sweep_keeping(k, 0, 0);
}

static void
an_empty_store_is_swept_of_nothing(void **state)
{
    assert_int_equal(sweep(*state), 0);
}

static void
actings_leave_a_day_after_they_are_over(void **state)
{
    struct kit *k = *state;
    struct stored_acting old = { .acting_id = "a_1", .until = NOW - DAY_S };
    struct stored_acting young = { .acting_id = "a_2", .until = NOW - DAY_S + 1 };
    struct stored_acting found;

    assert_int_equal(store_acting_insert(k->st, &old), OK);
    assert_int_equal(store_acting_insert(k->st, &young), OK);
    assert_int_equal(sweep(k), 1);
    assert_int_equal(store_acting_load(k->st, k->arena, "a_1", &found), ERR_NOT_FOUND);
    assert_int_equal(store_acting_load(k->st, k->arena, "a_2", &found), OK);
}

static void
proposals_leave_a_week_after_they_are_over(void **state)
{
    struct kit *k = *state;
    struct stored_proposal old = { .proposal_id = "sp_1", .until = NOW - 7 * DAY_S };
    struct stored_proposal young = { .proposal_id = "sp_2", .until = NOW - 7 * DAY_S + 1 };
    struct stored_proposal found;

    assert_int_equal(store_proposal_insert(k->st, &old), OK);
    assert_int_equal(store_proposal_insert(k->st, &young), OK);
    assert_int_equal(sweep(k), 1);
    assert_int_equal(store_proposal_load(k->st, k->arena, "sp_1", &found), ERR_NOT_FOUND);
    assert_int_equal(store_proposal_load(k->st, k->arena, "sp_2", &found), OK);
}

static void
spent_ids_leave_when_they_expire(void **state)
{
    struct kit *k = *state;
    struct digest old = kit_digest(1);
    struct digest young = kit_digest(2);
    const char *grant_id;

    assert_int_equal(store_spent_insert(k->st, &old, "g", NOW), OK);
    assert_int_equal(store_spent_insert(k->st, &young, "g", NOW + 1), OK);
    assert_int_equal(sweep(k), 1);
    assert_int_equal(store_spent_find(k->st, k->arena, &old, &grant_id), ERR_NOT_FOUND);
    assert_int_equal(store_spent_find(k->st, k->arena, &young, &grant_id), OK);
}

static void
codes_and_attempts_leave_when_they_expire(void **state)
{
    struct kit *k = *state;
    struct stored_code old = { kit_digest(1), kit_digest(9), 5, NOW };
    struct stored_code young = { kit_digest(2), kit_digest(9), 5, NOW + 1 };
    struct attempt_tally tally;

    assert_int_equal(store_one_time_code_put(k->st, &old), OK);
    assert_int_equal(store_one_time_code_put(k->st, &young), OK);
    for (int i = 0; i < 3; i++) {
        struct attempt attempt = { i, kit_digest(1), 60, "", NULL };

        assert_int_equal(store_attempt_add(k->st, &attempt, NOW - 61 + i, &tally), OK);
    }
    assert_int_equal(sweep(k), 1 + 2);
}

static enum err
revoke(struct store *st, void *ctx)
{
    return store_revocation_insert(st, "g_1", *(unix_s *)ctx);
}

static void
revocations_leave_when_no_token_of_theirs_is_left(void **state)
{
    struct kit *k = *state;
    unix_s over = NOW;
    unix_s holds = NOW + 1;
    struct stored_revoked old = { 1, 1, "v_old", "g_1", NOW };
    struct stored_revoked young = { 1, 1, "v_young", "g_2", NOW + 1 };

    assert_int_equal(store_change(k->st, revoke, &over), OK);
    assert_int_equal(store_change(k->st, revoke, &holds), OK);
    assert_int_equal(store_revoked_insert(k->st, &old), OK);
    assert_int_equal(store_revoked_insert(k->st, &young), OK);
    assert_int_equal(sweep(k), 2);
}

static void
sessions_leave_a_day_after_their_end(void **state)
{
    struct kit *k = *state;
    struct stored_session live = { .sid = "live",
                                   .handle = kit_digest(1),
                                   .subject = subject_person("p"),
                                   .channel = "web",
                                   .amr = "",
                                   .level = 1,
                                   .auth_time = 1,
                                   .seen_at = 1,
                                   .expires_at = NOW - DAY_S + 1,
                                   .partner_id = "",
                                   .terminal_id = "",
                                   .lent_by = "",
                                   .device = "",
                                   .network = "",
                                   .browser = "" };
    struct stored_session expired = live;
    struct stored_session ended = live;
    struct stored_session read;

    expired.sid = "expired";
    expired.handle = kit_digest(2);
    expired.expires_at = NOW - DAY_S;
    ended.sid = "ended";
    ended.handle = kit_digest(3);
    ended.expires_at = NOW + DAY_S;
    assert_int_equal(store_session_insert(k->st, &live), OK);
    assert_int_equal(store_session_insert(k->st, &expired), OK);
    assert_int_equal(store_session_insert(k->st, &ended), OK);
    assert_int_equal(store_session_end(k->st, "ended", NOW - DAY_S), OK);

    assert_int_equal(sweep(k), 2);
    assert_int_equal(store_session_load(k->st, k->arena, "live", &read), OK);
}

static struct stored_grant
a_grant(const char *grant_id, unix_s expires_at)
{
    return (struct stored_grant) { .grant_id = grant_id,
                                   .approval.subject.id = "p",
                                   .approval.partner_id = "h",
                                   .approval.sid = "s",
                                   .approval.scope = "",
                                   .approval.claims = "",
                                   .approval.acr = "",
                                   .approval.amr = "",
                                   .approval.until = expires_at };
}

static void
grants_leave_a_day_after_their_end(void **state)
{
    struct kit *k = *state;
    struct stored_grant live = a_grant("live", NOW - DAY_S + 1);
    struct stored_grant expired = a_grant("expired", NOW - DAY_S);
    struct stored_grant ended = a_grant("ended", NOW + DAY_S);
    struct stored_grant read;

    assert_int_equal(store_grant_insert(k->st, &live), OK);
    assert_int_equal(store_grant_insert(k->st, &expired), OK);
    assert_int_equal(store_grant_insert(k->st, &ended), OK);
    assert_int_equal(store_grant_end(k->st, "ended", NOW - DAY_S), OK);

    assert_int_equal(sweep(k), 2);
    assert_int_equal(store_grant_load(k->st, k->arena, "live", &read), OK);
}

static void
deliveries_leave_a_week_after_they_were_done(void **state)
{
    struct kit *k = *state;
    struct stored_delivery pending = { "pending", "k", "h", "p", "s", "", 0, 1, 0, "", 1, "" };
    struct stored_delivery young = { "young", "k", "h", "p", "s", "", 0, 1, 0, "", 1, "" };
    struct stored_delivery old = { "old", "k", "h", "p", "s", "", 0, 1, 0, "", 1, "" };

    assert_int_equal(store_delivery_insert(k->st, &pending), OK);
    assert_int_equal(store_delivery_insert(k->st, &young), OK);
    assert_int_equal(store_delivery_insert(k->st, &old), OK);
    assert_int_equal(store_delivery_done(k->st, "young", NOW - 7 * DAY_S + 1,
                                         &(struct delivery_result) { "200", "200" }),
                     OK);
    assert_int_equal(store_delivery_done(k->st, "old", NOW - 7 * DAY_S,
                                         &(struct delivery_result) { "200", "200" }),
                     OK);

    assert_int_equal(sweep(k), 1);
    assert_int_equal(
        store_delivery_retry(k->st, "pending", 2, &(struct delivery_result) { "", "" }), OK);
    assert_int_equal(
        store_delivery_done(k->st, "old", NOW, &(struct delivery_result) { "200", "200" }),
        ERR_NOT_FOUND);
}

static void
what_the_version_before_delivered_leaves_too(void **state)
{
    struct kit *k = *state;

    assert_int_equal(kit_run(k->st,
                             "INSERT INTO logout_delivery (delivery_id, partner_id, person_id,"
                             " sid, tries, next_at, done_at, outcome, created_at)"
                             " VALUES ('d', 'h', 'p', 's', 1, 7, 6, '', 5)"),
                     OK);
    assert_int_equal(sweep(k), 1);
}

static void
bank_orders_leave_after_two_days(void **state)
{
    struct kit *k = *state;
    struct stored_bank_order old = {
        kit_digest(1), "o1", 1, BANK_ORDER_PENDING, "", NOW - 2 * DAY_S
    };
    struct stored_bank_order young = { kit_digest(2),      "o2", 1,
                                       BANK_ORDER_PENDING, "",   NOW - 2 * DAY_S + 1 };
    struct stored_bank_order read;

    assert_int_equal(store_bank_order_insert(k->st, &old), OK);
    assert_int_equal(store_bank_order_insert(k->st, &young), OK);
    assert_int_equal(sweep(k), 1);
    assert_int_equal(store_bank_order_find(k->st, k->arena, &young.subject, &read), OK);
}

static void
record(struct kit *k, const char *id, bool is_refusal, unix_s at)
{
    struct stored_audit row = { .audit_id = id, .at = at, .event = "e", .is_refusal = is_refusal };

    assert_int_equal(store_audit_insert(k->st, &row), OK);
}

static void
refusals_and_changes_of_the_trail_are_kept_for_times_of_their_own(void **state)
{
    struct kit *k = *state;

    record(k, "r-old", true, NOW - 100);
    record(k, "r-young", true, NOW - 99);
    record(k, "c-old", false, NOW - 200);
    record(k, "c-young", false, NOW - 199);
    assert_int_equal(sweep_keeping(k, 0, 0), 0);
    assert_int_equal(sweep_keeping(k, 100, 0), 1);
    assert_int_equal(sweep_keeping(k, 100, 0), 0);
    assert_int_equal(sweep_keeping(k, 100, 200), 1);
    assert_int_equal(sweep_keeping(k, 1, 1), 2);
}

/* They say what was there: as long as any of it may be. */
static void
checkpoints_stay_as_long_as_any_record(void **state)
{
    struct kit *k = *state;
    struct audit_keep keep = { 100, 200 };
    struct stored_checkpoint found;

    for (int i = 0; i < 2; i++) {
        struct stored_checkpoint checkpoint = { 1, i + 1, NOW - 200 + i, kit_digest(i), "{}", "s" };

        assert_int_equal(store_checkpoint_insert(k->st, &checkpoint), OK);
    }
    assert_int_equal(audit_keep_longest(&keep), 200);
    assert_int_equal(audit_keep_longest(&(struct audit_keep) { 300, 200 }), 300);
    assert_int_equal(audit_keep_longest(&(struct audit_keep) { 100, 0 }), 0);
    assert_int_equal(sweep_keeping(k, 100, 0), 0);
    assert_int_equal(sweep_keeping(k, 100, 200), 1);
    assert_int_equal(store_checkpoint_find(k->st, k->arena, 1, 2, &found), OK);
}

static enum err
record_a_batch_and_one(struct store *st, void *ctx)
{
    struct stored_audit row = { .at = 1, .event = "e", .is_refusal = 1 };
    char id[16];
    enum err err = OK;

    (void)ctx;
    row.audit_id = id;
    for (int i = 0; i < SWEEP_BATCH + 1 && err == OK; i++) {
        snprintf(id, sizeof(id), "a_%d", i);
        err = store_audit_insert(st, &row);
    }
    return err;
}

static void
records_leave_in_batches_too(void **state)
{
    struct kit *k = *state;

    assert_int_equal(store_change(k->st, record_a_batch_and_one, NULL), OK);
    assert_int_equal(sweep_keeping(k, 1, 0), SWEEP_BATCH);
    assert_int_equal(sweep_keeping(k, 1, 0), 1);
}

static enum err
spend_a_batch_and_one(struct store *st, void *ctx)
{
    enum err err = OK;

    (void)ctx;
    for (int i = 0; i < SWEEP_BATCH + 1 && err == OK; i++)
        err = kit_spend(st, i);
    return err;
}

static void
one_call_removes_one_batch(void **state)
{
    struct kit *k = *state;

    assert_int_equal(store_change(k->st, spend_a_batch_and_one, NULL), OK);
    assert_int_equal(sweep(k), SWEEP_BATCH);
    assert_int_equal(sweep(k), 1);
    assert_int_equal(sweep(k), 0);
}

static void
removed_partners_are_forgotten_after_two_years_and_others_never(void **state)
{
    struct kit *k = *state;
    struct stored_partner partners[] = { { .partner_id = "old", .profile = "{}" },
                                         { .partner_id = "young", .profile = "{}" },
                                         { .partner_id = "here", .profile = "{}" } };
    unix_s two_years = (unix_s)2 * 366 * DAY_S;
    int64_t removed;
    unix_s at;

    for (size_t i = 0; i < 3; i++)
        assert_int_equal(store_partner_put(k->st, &partners[i]), OK);
    assert_int_equal(store_partner_remove(k->st, "old", NOW), OK);
    assert_int_equal(store_partner_remove(k->st, "young", NOW + 1), OK);
    assert_int_equal(store_sweep(k->st, NOW + two_years, &(struct audit_keep) { 0 }, &removed), OK);
    assert_int_equal(removed, 1);
    assert_int_equal(store_partner_removed_at(k->st, "old", &at), ERR_NOT_FOUND);
    assert_int_equal(store_partner_removed_at(k->st, "young", &at), OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        kit_test(an_empty_store_is_swept_of_nothing),
        kit_test(actings_leave_a_day_after_they_are_over),
        kit_test(proposals_leave_a_week_after_they_are_over),
        kit_test(spent_ids_leave_when_they_expire),
        kit_test(codes_and_attempts_leave_when_they_expire),
        kit_test(revocations_leave_when_no_token_of_theirs_is_left),
        kit_test(sessions_leave_a_day_after_their_end),
        kit_test(grants_leave_a_day_after_their_end),
        kit_test(deliveries_leave_a_week_after_they_were_done),
        kit_test(what_the_version_before_delivered_leaves_too),
        kit_test(bank_orders_leave_after_two_days),
        kit_test(refusals_and_changes_of_the_trail_are_kept_for_times_of_their_own),
        kit_test(checkpoints_stay_as_long_as_any_record),
        kit_test(records_leave_in_batches_too),
        kit_test(one_call_removes_one_batch),
        kit_test(removed_partners_are_forgotten_after_two_years_and_others_never),
    };

    return cmocka_run_group_tests(tests, kit_group_setup, kit_group_teardown);
}
