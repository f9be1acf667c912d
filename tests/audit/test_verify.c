/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is done to the trail behind our back is found, with its place (OP-12). */
#include "tests/audit/chain_kit.h"

#include "idp/tables/sweep.h"

#define DAY_S 86400

/* Two checkpoints of one run, ten records of changes in lane 1 and four of refusals in lane 2. */
static struct world *
written(void **state)
{
    struct world *w = *state;

    changes_write(w, 5);
    refusals_write(w, 4);
    world_advance(w, 60);
    checkpoint_write(w, false);
    changes_write(w, 5);
    world_advance(w, 60);
    checkpoint_write(w, false);
    return w;
}

static void
a_trail_that_nobody_touched_is_whole(void **state)
{
    struct world *w = written(state);

    changes_write(w, 3);
    assert_whole(w);
    assert_int_equal(judged.verify.records, 17);
    assert_int_equal(judged.verify.checkpoints, 2);
    assert_int_equal(judged.verify.runs, 1);
    assert_int_equal(judged.verify.last_checkpoint_at, WORLD_NOW + 120);
}

static void
an_empty_trail_is_whole(void **state)
{
    assert_whole(*state);
}

/* Each column, signed already or not yet. */
static void
one_changed_byte_is_found(void **state)
{
    static const char *const columns[] = {
        "at = at + 1",          "event = 'session.enc'", "refusal = 1",
        "reason = 'pwc'",       "reason = ''",           "person_id = 'p_1'",
        "subject_kind = 1",     "partner_id = 'hall'",   "sid = 's_1'",
        "channel = 'x'",        "request_id = 'r_1'",    "address = '203.0.113.8'",
        "audit_id = 'a_other'", "mac = 'A' || mac",      "mac = ''",
    };
    static const struct {
        const char *where;
        int64_t seq;
    } places[] = { { "lane = 1 AND seq = 4", 4 }, { "lane = 1 AND seq = 12", 12 } };

    for (size_t p = 0; p < 2; p++) {
        for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
            struct world *w;

            assert_int_equal(world_teardown(state), 0);
            assert_int_equal(chain_setup(state), 0);
            w = written(state);
            changes_write(w, 3);
            tamper(w, arena_printf(w->arena, "UPDATE audit SET %s WHERE %s", columns[i],
                                   places[p].where));
            assert_found(w, FAULT_CHANGED, 1, places[p].seq, places[p].seq);
        }
    }
}

static void
a_deleted_record_is_found(void **state)
{
    struct world *w = written(state);

    tamper(w, "DELETE FROM audit WHERE lane = 1 AND seq = 3");
    assert_found(w, FAULT_MISSING, 1, 3, 3);
}

static void
the_first_record_is_missed_too(void **state)
{
    struct world *w = written(state);

    tamper(w, "DELETE FROM audit WHERE lane = 2 AND seq = 1");
    assert_found(w, FAULT_MISSING, 2, 1, 1);
}

static void
a_cut_tail_is_found_by_the_checkpoint_behind_it(void **state)
{
    struct world *w = written(state);

    tamper(w, "DELETE FROM audit WHERE lane = 1 AND seq > 7");
    assert_found(w, FAULT_MISSING, 1, 8, 10);
}

static void
a_hole_behind_the_last_checkpoint_is_found(void **state)
{
    struct world *w = written(state);

    changes_write(w, 4);
    tamper(w, "DELETE FROM audit WHERE lane = 1 AND seq = 11");
    assert_found(w, FAULT_MISSING, 1, 11, 11);
}

/* The process knows how far it has come. */
static void
a_tail_that_is_cut_while_the_process_runs_is_found_when_it_writes_again(void **state)
{
    struct world *w = written(state);

    changes_write(w, 2);
    tamper(w, "DELETE FROM audit WHERE lane = 1 AND seq > 10");
    changes_write(w, 1);
    assert_found(w, FAULT_MISSING, 1, 11, 12);
}

/* A row that was read before the fail-over, or put back from a copy. */
static void
two_records_of_one_number_are_found(void **state)
{
    struct world *w = written(state);

    tamper(w, "INSERT INTO audit (audit_id, at, event, refusal, reason, person_id, subject_kind,"
              " partner_id, sid, channel, request_id, address, run, lane, seq, mac)"
              " SELECT 'a_copy', at, event, refusal, reason, person_id, subject_kind, partner_id,"
              " sid, channel, request_id, address, run, lane, seq, mac FROM audit"
              " WHERE lane = 1 AND seq = 4");
    verify_since(w, 0);
    assert_in_range(judged.count, 1, 2); /* which of the two comes first is the store's choice */
    assert_int_equal(judged.at[judged.count - 1].fault, FAULT_TWICE);
    assert_int_equal(judged.at[judged.count - 1].from, 4);
}

/* The old primary's records were never seen by the new one: the process has gone on from them. */
static void
records_lost_in_a_failover_are_found(void **state)
{
    struct world *w = written(state);

    tamper(w, "DELETE FROM audit WHERE seq > 5");
    tamper(w, "DELETE FROM audit_checkpoint WHERE number = 2");
    changes_write(w, 1);
    world_advance(w, 60);
    checkpoint_write(w, false);
    verify_since(w, 0);
    assert_int_equal(judged.count, 2);
    assert_int_equal(judged.at[0].fault, FAULT_CHECKPOINT_MISSING);
    assert_int_equal(judged.at[0].from, 2);
    assert_int_equal(judged.at[1].fault, FAULT_MISSING);
    assert_int_equal(judged.at[1].from, 6);
    assert_int_equal(judged.at[1].to, 10);
}

/* A machine that was copied while it ran: both say something, each from what it remembers. */
static void
two_processes_that_go_on_from_one_state_are_found(void **state)
{
    struct world *w = *state;

    changes_write(w, 2);
    run_begin(w, 1);
    changes_write(w, 2);
    verify_since(w, 0);
    assert_int_equal(judged.count, 2);
    assert_int_equal(judged.at[0].fault, FAULT_TWICE);
    assert_int_equal(judged.at[1].fault, FAULT_TWICE);
}

static void
records_that_were_exchanged_are_found(void **state)
{
    struct world *w = written(state);

    tamper(w, "UPDATE audit SET seq = 20 WHERE lane = 1 AND seq = 2");
    tamper(w, "UPDATE audit SET seq = 2 WHERE lane = 1 AND seq = 3");
    tamper(w, "UPDATE audit SET seq = 3 WHERE lane = 1 AND seq = 20");
    verify_since(w, 0);
    assert_int_equal(judged.count, 2);
    assert_int_equal(judged.at[0].fault, FAULT_CHANGED);
    assert_int_equal(judged.at[1].fault, FAULT_CHANGED);
}

/* Who takes a record out of its chain leaves a hole. */
static void
a_record_made_to_look_like_one_of_before_is_missed(void **state)
{
    struct world *w = written(state);
    unix_s first;
    unix_s last;

    assert_int_equal(store_audit_unchained(w->store, &first, &last), ERR_NOT_FOUND);
    tamper(w, "UPDATE audit SET run = 0, lane = 0, seq = 0, mac = '' WHERE lane = 1 AND seq = 4");
    assert_found(w, FAULT_MISSING, 1, 4, 4);
    assert_int_equal(store_audit_unchained(w->store, &first, &last), OK);
    assert_int_equal(first, WORLD_NOW);
}

static void
an_invented_record_is_found_wherever_it_stands(void **state)
{
    static const char *const places[] = { "1, 1, -1", "1, 9, 1", "1, 1, 11", "2, 1, 1",
                                          "-3, 1, 1", "0, 1, 1", "0, 0, 7",  "0, 0, -7" };

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        struct world *w;
        size_t changed = 0;

        assert_int_equal(world_teardown(state), 0);
        assert_int_equal(chain_setup(state), 0);
        w = written(state);
        tamper(w,
               arena_printf(w->arena,
                            "INSERT INTO audit (audit_id, at, event, reason, person_id,"
                            " partner_id, sid, channel, request_id, address, run, lane, seq, mac)"
                            " VALUES ('a_x', %lld, 'session.begin', 'pwd', 'p_1', '', '', '', '',"
                            " '', %s, 'x')",
                            (long long)w->now, places[i]));
        verify_since(w, 0);
        for (size_t f = 0; f < judged.count; f++)
            changed +=
                judged.at[f].fault == FAULT_CHANGED && strcmp(judged.at[f].audit_id, "a_x") == 0;
        if (changed != 1)
            fail_msg("%s: not found", places[i]);
    }
}

/* More than two pages in one lane; what is wrong stands where two of them meet. */
static void
a_long_lane_is_read_in_pages(void **state)
{
    static const char copy[] =
        "INSERT INTO audit (audit_id, at, event, refusal, reason, person_id, subject_kind,"
        " partner_id, sid, channel, request_id, address, run, lane, seq, mac)"
        " SELECT 'a_copy', at, event, refusal, reason, person_id, subject_kind, partner_id, sid,"
        " channel, request_id, address, run, lane, seq, mac FROM audit WHERE seq = 500";
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    enum audit_event events[1101];

    for (int i = 0; i < 1100; i++)
        events[i] = AUDIT_LOGIN;
    events[1100] = AUDIT_NONE;
    assert_int_equal(change(&ctx, records_write, events), OK);
    assert_whole(w);
    checkpoint_write(w, false);
    assert_whole(w);
    assert_int_equal(judged.verify.records, 1100);
    tamper(w, copy);
    verify_since(w, 0);
    assert_in_range(judged.count, 1, 2);
    assert_int_equal(judged.at[judged.count - 1].fault, FAULT_TWICE);
    tamper(w, "DELETE FROM audit WHERE seq = 500 OR seq = 501");
    assert_found(w, FAULT_MISSING, 1, 500, 501);
}

/* --- Checkpoints --- */

static void
a_changed_checkpoint_is_found(void **state)
{
    static const char *const columns[] = {
        "statement = replace(statement, '\"to\":5', '\"to\":4')",
        "signature = 'A' || signature",
        "at = at + 1",
    };

    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        struct world *w;

        assert_int_equal(world_teardown(state), 0);
        assert_int_equal(chain_setup(state), 0);
        w = written(state);
        tamper(w, arena_printf(w->arena, "UPDATE audit_checkpoint SET %s WHERE number = 1",
                               columns[i]));
        assert_found(w, FAULT_CHECKPOINT_FORGED, 0, 1, 1);
    }
}

static void
a_missing_checkpoint_is_found_by_the_next(void **state)
{
    struct world *w = written(state);

    tamper(w, "DELETE FROM audit_checkpoint WHERE number = 1");
    assert_found(w, FAULT_CHECKPOINT_MISSING, 0, 1, 1);
}

/* Nobody else would know of it. */
static void
a_run_that_was_taken_away_is_found_by_what_others_have_seen(void **state)
{
    struct world *w = written(state);

    checkpoint_write(w, true);
    run_begin(w, 2);
    changes_write(w, 1);
    world_advance(w, 60);
    checkpoint_write(w, false);
    assert_whole(w);
    tamper(w, "DELETE FROM audit WHERE run = 1");
    tamper(w, "DELETE FROM audit_checkpoint WHERE run = 1");
    verify_since(w, 0);
    assert_int_equal(judged.count, 3);
    for (size_t i = 0; i < judged.count; i++) {
        assert_int_equal(judged.at[i].fault, FAULT_CHECKPOINT_CUT);
        assert_int_equal(judged.at[i].run, 1);
        assert_int_equal(judged.at[i].by_run, 2);
    }
}

/* All that the store has is cut; the log of it lies elsewhere. */
static void
a_cut_end_is_found_by_what_the_log_names(void **state)
{
    struct world *w = written(state);
    struct ctx ctx = world_ctx(w);
    const struct lanes_said *said = lanes_said(w->services.lanes);
    const char *name = checkpoint_name(w->arena, said->run, said->number, &said->digest);
    struct checkpoint_seen seen;
    struct audit_verify verify = audit_verify_new(0);

    judged.count = 0;
    assert_int_equal(checkpoint_name_read(w->arena, name, &seen), OK);
    assert_int_equal(audit_verify_seen(&ctx, &verify, &seen, finding_keep, w), OK);
    assert_int_equal(judged.count, 0);
    tamper(w, "DELETE FROM audit WHERE seq > 5");
    tamper(w, "DELETE FROM audit_checkpoint WHERE number = 2");
    assert_whole(w); /* by itself it is */
    assert_int_equal(audit_verify_seen(&ctx, &verify, &seen, finding_keep, w), OK);
    assert_int_equal(judged.count, 1);
    assert_int_equal(judged.at[0].fault, FAULT_CHECKPOINT_CUT);
    seen.number = 1;
    assert_int_equal(audit_verify_seen(&ctx, &verify, &seen, finding_keep, w), OK);
    assert_int_equal(judged.at[1].fault, FAULT_CHECKPOINT_REPLACED);
}

/* --- What leaves by age --- */

static void
sweep(struct world *w)
{
    struct audit_keep keep = { w->settings.audit.keep_refusals_s,
                               w->settings.audit.keep_changes_s };
    int64_t removed = 1;

    while (removed > 0)
        assert_int_equal(store_sweep(w->store, w->now, &keep, &removed), OK);
}

static void
swept_refusals_leave_a_whole_trail(void **state)
{
    struct world *w = written(state);

    world_advance(w, 90 * DAY_S);
    checkpoint_write(w, false); /* nothing was written for so long */
    refusals_write(w, 2);
    changes_write(w, 1);
    world_advance(w, 60);
    checkpoint_write(w, false);
    world_advance(w, 100 * DAY_S);
    sweep(w);
    assert_whole(w);
    assert_int_equal(judged.verify.swept, 4);
    assert_int_equal(judged.verify.records, 13);
    tamper(w, "DELETE FROM audit WHERE lane = 2 AND seq = 5");
    assert_found(w, FAULT_MISSING, 2, 5, 5); /* too young */
}

static void
a_swept_beginning_leaves_a_whole_trail(void **state)
{
    struct world *w = written(state);

    w->settings.audit.keep_changes_s = 200 * DAY_S;
    world_advance(w, 190 * DAY_S);
    changes_write(w, 4);
    world_advance(w, 60);
    checkpoint_write(w, false);
    world_advance(w, 20 * DAY_S);
    sweep(w);
    assert_int_equal(world_rows_of(w, "audit"), 4);
    assert_int_equal(world_rows_of(w, "audit_checkpoint"), 1);
    changes_write(w, 1);
    assert_whole(w);
    assert_int_equal(judged.verify.records, 5);
    tamper(w, "UPDATE audit SET reason = 'x' WHERE seq = 11");
    assert_found(w, FAULT_CHANGED, 1, 11, 11);
}

static void
what_is_swept_in_part_is_no_fault(void **state)
{
    struct world *w = written(state);

    w->settings.audit.keep_changes_s = 200 * DAY_S;
    world_advance(w, 201 * DAY_S);
    tamper(w, "DELETE FROM audit WHERE seq = 2");
    tamper(w, "DELETE FROM audit_checkpoint WHERE number = 1");
    assert_whole(w);
}

/* --- Ends and beginnings --- */

static void
a_change_that_is_undone_leaves_no_hole(void **state)
{
    struct world *w = *state;
    struct ctx ctx = world_ctx(w);
    enum audit_event events[] = { AUDIT_LOGIN, AUDIT_CODE_FAILED, AUDIT_LOGIN, AUDIT_NONE };

    assert_int_equal(store_begin(w->store), OK);
    assert_int_equal(records_write(&ctx, events), OK);
    store_rollback(w->store);
    changes_write(w, 1);
    assert_int_equal(change(&ctx, records_write, events), OK);
    checkpoint_write(w, true);
    assert_whole(w);
    assert_int_equal(judged.verify.records, 4);
}

static void
verifying_may_begin_at_a_time(void **state)
{
    struct world *w = written(state);

    changes_write(w, 2);
    tamper(w, "DELETE FROM audit WHERE lane = 1 AND seq = 2");
    tamper(w, "UPDATE audit SET reason = 'x' WHERE lane = 1 AND seq = 12");
    tamper(w, "UPDATE audit SET run = 0, lane = 0, seq = 0, mac = '' WHERE lane = 2"); /* older */
    verify_since(w, WORLD_NOW + 61);
    assert_int_equal(judged.verify.checkpoints, 1);
    assert_int_equal(judged.verify.records, 7);
    assert_int_equal(judged.count, 1);
    assert_int_equal(judged.at[0].fault, FAULT_CHANGED);
}

static void
a_place_that_is_none_is_refused(void **state)
{
    struct world *w = *state;
    struct audit_verify verify = audit_verify_new(0);
    const char *place = audit_verify_place(w->arena, &verify);

    assert_int_equal(audit_verify_resume(w->arena, place, &verify), OK);
    assert_int_equal(audit_verify_resume(w->arena, place + 4, &verify), ERR_INVALID);
    assert_int_equal(audit_verify_resume(w->arena, "!", &verify), ERR_INVALID);
    verify.known_count = 1;
    verify.known = &(struct known_lane) { 1, 2, 3 };
    place = audit_verify_place(w->arena, &verify);
    assert_int_equal(audit_verify_resume(w->arena, place, &verify), OK);
    assert_int_equal(verify.known[0].last, 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        chain_test(a_trail_that_nobody_touched_is_whole),
        chain_test(an_empty_trail_is_whole),
        chain_test(one_changed_byte_is_found),
        chain_test(a_deleted_record_is_found),
        chain_test(the_first_record_is_missed_too),
        chain_test(a_cut_tail_is_found_by_the_checkpoint_behind_it),
        chain_test(a_hole_behind_the_last_checkpoint_is_found),
        chain_test(a_tail_that_is_cut_while_the_process_runs_is_found_when_it_writes_again),
        chain_test(two_records_of_one_number_are_found),
        chain_test(records_lost_in_a_failover_are_found),
        chain_test(two_processes_that_go_on_from_one_state_are_found),
        chain_test(records_that_were_exchanged_are_found),
        chain_test(a_record_made_to_look_like_one_of_before_is_missed),
        chain_test(an_invented_record_is_found_wherever_it_stands),
        chain_test(a_long_lane_is_read_in_pages),
        chain_test(a_changed_checkpoint_is_found),
        chain_test(a_missing_checkpoint_is_found_by_the_next),
        chain_test(a_run_that_was_taken_away_is_found_by_what_others_have_seen),
        chain_test(a_cut_end_is_found_by_what_the_log_names),
        chain_test(swept_refusals_leave_a_whole_trail),
        chain_test(a_swept_beginning_leaves_a_whole_trail),
        chain_test(what_is_swept_in_part_is_no_fault),
        chain_test(a_change_that_is_undone_leaves_no_hole),
        chain_test(verifying_may_begin_at_a_time),
        chain_test(a_place_that_is_none_is_refused),
    };

    return world_run(tests);
}
