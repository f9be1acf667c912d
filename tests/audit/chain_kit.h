/* SPDX-License-Identifier: Apache-2.0 */
/* A world whose audit trail is empty, and written run by run. */
#ifndef TESTS_AUDIT_CHAIN_KIT_H
#define TESTS_AUDIT_CHAIN_KIT_H

#include <string.h>

#include "idp/audit/verify.h"
#include "idp/context/change.h"
#include "tests/store_kit.h"
#include "tests/world.h"

#define FINDINGS_MAX 64

static struct {
    struct audit_finding at[FINDINGS_MAX];
    size_t count;
    struct audit_verify verify;
} judged;

/* From here on another process writes. */
static inline void
run_begin(struct world *w, int64_t run)
{
    lanes_free(w->services.lanes);
    w->services.lanes = lanes_new(run, w->now);
}

static inline int
chain_setup(void **state)
{
    int failed = world_setup(state);
    struct world *w = *state;

    world_audit_mark(w);
    run_begin(w, 1);
    return failed;
}

#define chain_test(name) cmocka_unit_test_setup_teardown(name, chain_setup, world_teardown)

static inline enum err
records_write(struct ctx *ctx, void *state)
{
    const enum audit_event *event = state;
    enum err err = OK;

    for (; err == OK && *event != AUDIT_NONE; event++)
        err = audit_write(ctx, &(struct audit_record) { .event = *event, .reason = "pwd" });
    return err;
}

/* One transaction each; the events end with AUDIT_NONE. */
static inline void
changes_write(struct world *w, int count)
{
    for (int i = 0; i < count; i++) {
        struct ctx ctx = world_ctx(w);
        enum audit_event events[] = { AUDIT_LOGIN, AUDIT_NONE };

        assert_int_equal(change(&ctx, records_write, events), OK);
    }
}

static inline void
refusals_write(struct world *w, int count)
{
    for (int i = 0; i < count; i++) {
        struct ctx ctx = world_ctx(w);

        audit_note(&ctx, &(struct audit_record) { .event = AUDIT_CODE_FAILED });
    }
}

static inline void
checkpoint_write(struct world *w, bool ends)
{
    struct ctx ctx = world_ctx(w);

    assert_int_equal(checkpoint_say(&ctx, ends), OK);
}

static inline void
finding_keep(void *to, const struct audit_finding *found)
{
    struct world *w = to;

    assert_true(judged.count < FINDINGS_MAX);
    judged.at[judged.count] = *found;
    judged.at[judged.count++].audit_id =
        arena_copy(w->arena, found->audit_id, strlen(found->audit_id));
}

/* In as many rounds as it can have, so that each place to go on from is one. */
static inline void
verify_since(struct world *w, unix_s since)
{
    struct audit_verify verify = audit_verify_new(since);

    judged.count = 0;
    while (verify.phase != VERIFY_DONE) {
        struct ctx ctx = world_ctx(w);

        assert_int_equal(audit_verify_go(&ctx, &verify, 0, finding_keep, w), OK);
        if (verify.phase != VERIFY_DONE)
            assert_int_equal(
                audit_verify_resume(w->arena, audit_verify_place(w->arena, &verify), &verify), OK);
    }
    judged.verify = verify;
    assert_int_equal(verify.faults, judged.count);
}

static inline void
assert_whole(struct world *w)
{
    verify_since(w, 0);
    if (judged.count > 0)
        fail_msg("fault %d: run %lld, lane %lld, %lld to %lld", (int)judged.at[0].fault,
                 (long long)judged.at[0].run, (long long)judged.at[0].lane,
                 (long long)judged.at[0].from, (long long)judged.at[0].to);
}

/* One fault and no other, there. */
static inline void
assert_found(struct world *w, enum audit_fault fault, int64_t lane, int64_t from, int64_t to)
{
    verify_since(w, 0);
    for (size_t i = 0; i < judged.count; i++)
        print_message("    fault %d: run %lld, lane %lld, %lld to %lld\n", (int)judged.at[i].fault,
                      (long long)judged.at[i].run, (long long)judged.at[i].lane,
                      (long long)judged.at[i].from, (long long)judged.at[i].to);
    assert_int_equal(judged.count, 1);
    assert_int_equal(judged.at[0].fault, fault);
    assert_int_equal(judged.at[0].lane, lane);
    assert_int_equal(judged.at[0].from, from);
    assert_int_equal(judged.at[0].to, to);
}

static inline void
tamper(struct world *w, const char *sql)
{
    assert_int_equal(kit_run(w->store, sql), OK);
}

#endif
