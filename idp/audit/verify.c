/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/audit/verify.h"

#include <string.h>

#include "idp/base/text.h"
#include "idp/base/unwind.h"
#include "idp/tables/sweep.h"

#define STEP_BYTES ((size_t)8 << 20)
#define PAGE 500
/* The sweep is ahead of us, clocks differ, and a record is written before it is committed. */
#define SLACK_S 120

struct verifying {
    struct ctx ctx;        /* with an arena of its own, emptied at every page */
    struct arena *lasting; /* the caller's */
    struct checkpoint checkpoint;
    struct audit_verify *state;
    struct audit_keep keep;
    audit_teller *tell;
    void *to;
    int64_t until_us;
    enum err err;
};

static void
found(struct verifying *verifying, struct audit_finding finding)
{
    if (finding.audit_id == NULL)
        finding.audit_id = "";
    verifying->state->faults++;
    verifying->tell(verifying->to, &finding);
}

static bool
is_swept(const struct verifying *verifying, int64_t keep_s, unix_s at)
{
    return keep_s > 0 && at - SLACK_S <= verifying->ctx.now - keep_s;
}

static int64_t
keep_of(const struct verifying *verifying, int64_t lane)
{
    return lane_is_of_refusals(lane) ? verifying->keep.refusals_s : verifying->keep.changes_s;
}

/* --- Records --- */

/* Along the records of a stretch. */
struct audit_walk {
    struct audit_stretch stretch; /* `from` is what is expected next */
    struct digest head;           /* so far */
    unix_s since;                 /* no record of it was written before; 0: unless it was */
    bool sparse;                  /* holes are nothing */
    bool broken;                  /* its head says nothing any more */
};

static void
hole_judge(struct verifying *verifying, struct audit_walk *walk, int64_t to, unix_s at)
{
    const struct audit_stretch *stretch = &walk->stretch;
    unix_s since = walk->since != 0 ? walk->since : at;

    walk->broken = true;
    if (walk->sparse)
        return;
    if (is_swept(verifying, keep_of(verifying, stretch->lane), since))
        verifying->state->swept += to - stretch->from + 1;
    else
        found(verifying, (struct audit_finding) { .fault = FAULT_MISSING,
                                                  .run = stretch->run,
                                                  .lane = stretch->lane,
                                                  .from = stretch->from,
                                                  .to = to,
                                                  .at = at });
}

static void
record_fault(struct verifying *verifying, struct audit_walk *walk,
             const struct stored_audit *record, enum audit_fault fault)
{
    walk->broken = true;
    found(verifying, (struct audit_finding) { .fault = fault,
                                              .run = record->run,
                                              .lane = record->lane,
                                              .from = record->seq,
                                              .to = record->seq,
                                              .at = record->at,
                                              .audit_id = record->audit_id });
}

static void
record_judge(struct verifying *verifying, struct audit_walk *walk,
             const struct stored_audit *record)
{
    verifying->state->records++;
    if (record->seq < walk->stretch.from && !walk->sparse) {
        record_fault(verifying, walk, record, FAULT_TWICE);
        return;
    }
    if (record->seq > walk->stretch.from)
        hole_judge(verifying, walk, record->seq - 1, record->at);
    if (!text_eq(lane_mac(&verifying->ctx, record), record->mac))
        record_fault(verifying, walk, record, FAULT_CHANGED);
    walk->head = lane_head_next(&walk->head, record->mac);
    walk->stretch.from = record->seq + 1;
}

/* The last place of a full page may go on in the next one, unless it fills the page alone. */
static size_t
rows_whole(const struct audit_rows *rows)
{
    size_t count = rows->count;

    if (count < PAGE || rows->at[0].seq == rows->at[count - 1].seq)
        return count;
    while (rows->at[count - 1].seq == rows->at[rows->count - 1].seq)
        count--;
    return count;
}

/* A page; *over: it was the last. */
static enum err
page_walk(struct verifying *verifying, struct audit_walk *walk, bool *over)
{
    struct audit_rows rows;
    enum err err;
    size_t whole;

    arena_reset(verifying->ctx.arena);
    err = store_audit_stretch(verifying->ctx.store, verifying->ctx.arena, &walk->stretch, PAGE,
                              &rows);
    if (err != OK)
        return err;
    whole = rows_whole(&rows);
    for (size_t i = 0; i < whole; i++)
        record_judge(verifying, walk, &rows.at[i]);
    *over = rows.count < PAGE;
    return OK;
}

static enum err
stretch_walk(struct verifying *verifying, struct audit_walk *walk)
{
    bool over = false;
    enum err err = OK;

    while (err == OK && !over && walk->stretch.from <= walk->stretch.to)
        err = page_walk(verifying, walk, &over);
    return err;
}

/* --- What is known of the lanes of the run --- */

static struct known_lane *
known_find(const struct audit_verify *state, int64_t lane)
{
    for (int64_t i = 0; i < state->known_count; i++)
        if (state->known[i].lane == lane)
            return &state->known[i];
    return NULL;
}

static void
known_keep(struct verifying *verifying, const struct lane_growth *growth)
{
    struct audit_verify *state = verifying->state;
    struct known_lane *known = known_find(state, growth->lane);
    struct known_lane *all = state->known;

    if (known != NULL) {
        known->last = growth->to;
        return;
    }
    if (state->known_count % VERIFY_KNOWN_STEP == 0) {
        all = arena_alloc(verifying->lasting,
                          (size_t)(state->known_count + VERIFY_KNOWN_STEP) * sizeof(*all));
        if (state->known_count > 0)
            memcpy(all, state->known, (size_t)state->known_count * sizeof(*all));
        state->known = all;
    }
    all[state->known_count++] = (struct known_lane) { growth->lane, growth->from, growth->to };
}

/* --- Checkpoints --- */

static void
checkpoint_fault(struct verifying *verifying, enum audit_fault fault,
                 const struct checkpoint_seen *which, int64_t by_run)
{
    found(verifying, (struct audit_finding) { .fault = fault,
                                              .run = which->run,
                                              .from = which->number,
                                              .to = which->number,
                                              .at = which->at,
                                              .by_run = by_run });
}

static enum err
seen_judge(struct verifying *verifying, const struct checkpoint_seen *seen, int64_t by_run)
{
    struct ctx *ctx = &verifying->ctx;
    struct stored_checkpoint stored;
    enum err err = store_checkpoint_find(ctx->store, ctx->arena, seen->run, seen->number, &stored);

    if (err == ERR_NOT_FOUND) {
        if (by_run == 0 || !is_swept(verifying, audit_keep_longest(&verifying->keep), seen->at))
            checkpoint_fault(verifying, FAULT_CHECKPOINT_CUT, seen, by_run);
        return OK;
    }
    if (err == OK && !digest_eq(&stored.digest, &seen->digest))
        checkpoint_fault(verifying, FAULT_CHECKPOINT_REPLACED, seen, by_run);
    return err;
}

/* Does it follow the one before? */
static void
order_judge(struct verifying *verifying, const struct checkpoint *checkpoint)
{
    const struct audit_verify *state = verifying->state;
    const struct checkpoint_seen before = { .run = checkpoint->run,
                                            .number = checkpoint->number - 1,
                                            .at = checkpoint->before_at };

    if (state->number == 0 && (state->since > 0 || checkpoint->number == 1))
        return;
    if (state->number == before.number) {
        if (!digest_eq(&state->digest, &checkpoint->before))
            checkpoint_fault(verifying, FAULT_CHECKPOINT_REPLACED, &before, checkpoint->run);
        return;
    }
    if (state->number == 0 && is_swept(verifying, audit_keep_longest(&verifying->keep), before.at))
        return;
    found(verifying, (struct audit_finding) { .fault = FAULT_CHECKPOINT_MISSING,
                                              .run = before.run,
                                              .from = state->number + 1,
                                              .to = before.number,
                                              .at = before.at });
}

/* What lies between two checkpoints that do not meet was signed by one that is gone. */
static enum err
unsigned_judge(struct verifying *verifying, const struct checkpoint *checkpoint,
               const struct lane_growth *growth)
{
    const struct known_lane *known = known_find(verifying->state, growth->lane);
    struct audit_walk walk = { .stretch = { checkpoint->run, growth->lane, 0, growth->from } };
    enum err err;

    if (known == NULL || known->last >= growth->from)
        return OK;
    walk.stretch.from = known->last + 1;
    err = stretch_walk(verifying, &walk);
    if (err == OK && walk.stretch.from <= growth->from)
        hole_judge(verifying, &walk, growth->from, checkpoint->before_at);
    return err;
}

static enum err
growth_judge(struct verifying *verifying, const struct checkpoint *checkpoint,
             const struct lane_growth *growth)
{
    struct audit_walk walk = { .stretch = { checkpoint->run, growth->lane, growth->from + 1,
                                            growth->to },
                               .head = growth->from_head,
                               .since = checkpoint->since };
    enum err err = unsigned_judge(verifying, checkpoint, growth);

    if (err == OK)
        err = stretch_walk(verifying, &walk);
    if (err != OK)
        return err;
    if (walk.stretch.from <= growth->to)
        hole_judge(verifying, &walk, growth->to, checkpoint->at);
    if (!walk.broken && !digest_eq(&walk.head, &growth->head))
        found(verifying, (struct audit_finding) { .fault = FAULT_REPLACED,
                                                  .run = checkpoint->run,
                                                  .lane = growth->lane,
                                                  .from = growth->from + 1,
                                                  .to = growth->to,
                                                  .at = checkpoint->at });
    return OK;
}

/* The checkpoint is no part of the arena, which is emptied at every page. */
static enum err
checkpoint_judge(struct verifying *verifying, const struct checkpoint *checkpoint)
{
    enum err err = OK;

    order_judge(verifying, checkpoint);
    for (size_t i = 0; err == OK && i < checkpoint->seen_count; i++)
        err = seen_judge(verifying, &checkpoint->seen[i], checkpoint->run);
    for (size_t i = 0; err == OK && i < checkpoint->lanes_count; i++)
        err = growth_judge(verifying, checkpoint, &checkpoint->lanes[i]);
    return err;
}

static void
checkpoint_keep(struct verifying *verifying, const struct checkpoint *checkpoint)
{
    for (size_t i = 0; i < checkpoint->lanes_count; i++)
        known_keep(verifying, &checkpoint->lanes[i]);
    if (checkpoint->at > verifying->state->last_checkpoint_at)
        verifying->state->last_checkpoint_at = checkpoint->at;
}

/* Its signature, what it follows and all that it signs. */
static enum err
checkpoint_step(struct verifying *verifying)
{
    struct audit_verify *state = verifying->state;
    struct checkpoint *checkpoint = &verifying->checkpoint;
    struct stored_checkpoint stored;
    enum err err = store_checkpoint_next(verifying->ctx.store, verifying->ctx.arena, state->run,
                                         state->number, state->since, &stored);

    if (err == ERR_NOT_FOUND) {
        state->phase = VERIFY_RECORDS;
        state->lane = INT64_MIN;
        return OK;
    }
    if (err != OK)
        return err;
    state->checkpoints++;
    err = checkpoint_read(&verifying->ctx, &stored, checkpoint);
    if (err == OK)
        err = checkpoint_judge(verifying, checkpoint);
    else
        checkpoint_fault(
            verifying, FAULT_CHECKPOINT_FORGED,
            &(struct checkpoint_seen) { stored.run, stored.number, stored.at, stored.digest }, 0);
    state->number = stored.number;
    state->digest = stored.digest;
    if (err == OK)
        checkpoint_keep(verifying, checkpoint);
    return err == ERR_FORGED ? OK : err;
}

/* --- Records behind the last checkpoint --- */

/* Before the first place that a checkpoint of today signs there is nothing, or what is about to be
 * swept: genuine, but with holes. */
static enum err
lane_beginning(struct verifying *verifying, int64_t lane, int64_t first)
{
    struct audit_walk walk = { .stretch = { verifying->state->run, lane, INT64_MIN, first },
                               .sparse = true };

    return verifying->state->since > 0 ? OK : stretch_walk(verifying, &walk);
}

static enum err
lane_begin(struct verifying *verifying, int64_t lane)
{
    struct audit_verify *state = verifying->state;
    const struct known_lane *known = known_find(state, lane);
    bool unchained = state->run == 0 && lane == 0; /* all such records stand at 0 */
    int64_t first = known != NULL ? known->first : 0 - unchained;
    enum err err = lane_beginning(verifying, lane, first);

    state->lane = lane;
    state->in_lane = true;
    state->seq = known != NULL ? known->last + 1 : 1;
    if (err != OK || known != NULL || unchained || state->since == 0)
        return err;
    err = store_audit_since(verifying->ctx.store, state->run, lane, state->since, &state->seq);
    state->in_lane = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
lane_go(struct verifying *verifying)
{
    struct audit_verify *state = verifying->state;
    struct audit_walk walk = { .stretch = { state->run, state->lane, state->seq, INT64_MAX } };
    bool over;
    enum err err = page_walk(verifying, &walk, &over);

    if (err != OK)
        return err;
    state->seq = walk.stretch.from;
    state->in_lane = !over;
    return OK;
}

static enum err
records_step(struct verifying *verifying)
{
    struct audit_verify *state = verifying->state;
    int64_t lane;
    enum err err;

    if (state->in_lane)
        return lane_go(verifying);
    err = store_audit_lane_next(verifying->ctx.store, state->run, state->lane, &lane);
    if (err == OK)
        return lane_begin(verifying, lane);
    if (err == ERR_NOT_FOUND)
        state->phase = VERIFY_RUNS;
    return err == ERR_NOT_FOUND ? OK : err;
}

/* --- Runs --- */

static enum err
runs_step(struct verifying *verifying)
{
    struct audit_verify *state = verifying->state;
    struct store *st = verifying->ctx.store;
    int64_t of_records = INT64_MAX;
    int64_t of_checkpoints = INT64_MAX;
    enum err err = store_audit_run_next(st, state->run, &of_records);
    bool some = err == OK;

    if (err == OK || err == ERR_NOT_FOUND)
        err = store_checkpoint_run_next(st, state->run, &of_checkpoints);
    some |= err == OK;
    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    state->phase = some ? VERIFY_CHECKPOINTS : VERIFY_DONE;
    state->run = of_records < of_checkpoints ? of_records : of_checkpoints;
    state->runs += some && state->run > 0;
    state->number = 0;
    state->known_count = 0;
    return OK;
}

/* --- All --- */

static void
go(void *at)
{
    static enum err (*const steps[])(struct verifying * verifying) = {
        [VERIFY_RUNS] = runs_step,
        [VERIFY_CHECKPOINTS] = checkpoint_step,
        [VERIFY_RECORDS] = records_step,
    };
    struct verifying *verifying = at;
    struct audit_verify *state = verifying->state;

    do {
        arena_reset(verifying->ctx.arena);
        verifying->err = steps[state->phase](verifying);
    } while (verifying->err == OK && state->phase != VERIFY_DONE &&
             mono_us() < verifying->until_us);
}

struct audit_verify
audit_verify_new(unix_s since)
{
    return (struct audit_verify) { .since = since, .run = INT64_MIN };
}

static struct verifying
verifying_new(struct ctx *ctx, struct audit_verify *state, audit_teller *tell, void *to)
{
    return (struct verifying) { .ctx = *ctx,
                                .lasting = ctx->arena,
                                .state = state,
                                .keep = { ctx->settings->audit.keep_refusals_s,
                                          ctx->settings->audit.keep_changes_s },
                                .tell = tell,
                                .to = to };
}

enum err
audit_verify_go(struct ctx *ctx, struct audit_verify *verify, int64_t until_us, audit_teller *tell,
                void *to)
{
    struct verifying verifying = verifying_new(ctx, verify, tell, to);
    struct held held;

    verifying.ctx.arena = arena_new(STEP_BYTES);
    verifying.until_us = until_us;
    hold_begin(&held, arena_release, verifying.ctx.arena);
    go(&verifying);
    hold_release(&held);
    return verifying.err;
}

enum err
audit_verify_seen(struct ctx *ctx, struct audit_verify *verify, const struct checkpoint_seen *seen,
                  audit_teller *tell, void *to)
{
    struct verifying verifying = verifying_new(ctx, verify, tell, to);

    return seen_judge(&verifying, seen, 0);
}
