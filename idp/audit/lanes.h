/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a record stands in the chain (docs/adr/0034). A process is a run, its records stand in lanes.
 * A transaction has a lane for itself as long as it is under way, so nobody waits for another; what
 * is rolled back gives its places back, and so each lane has its numbers from 1 on without a hole.
 * Its head is a digest over all records so far. What is not known to be in the store ends its lane.
 *
 * Changes and refusals have lanes of their own, for they leave at different times (sweep.h) and a
 * chain may lose its beginning only.
 */
#ifndef IDP_AUDIT_LANES_H
#define IDP_AUDIT_LANES_H

#include "idp/context/ctx.h"
#include "idp/tables/audit.h"

struct audit_lanes;

/* Of a run that begins now; `run` is random and above 0. */
struct audit_lanes *lanes_new(int64_t run, unix_s now) __attribute__((returns_nonnull));
void lanes_free(struct audit_lanes *lanes); /* NULL is fine */

/* A number for a run. */
must_check enum err lanes_run_new(struct env *env, int64_t *out);

static inline bool
lane_is_of_refusals(int64_t lane)
{
    return lane % 2 == 0;
}

/*
 * Gives the record its place and inserts it, in the transaction that is under way or else by itself.
 * Without lanes or keys it gets no place. Errors: store_audit_insert().
 */
must_check enum err lanes_insert(struct ctx *ctx, struct stored_audit *record);

/* The digest that stands in `mac`, in the arena. */
const char *lane_mac(struct ctx *ctx, const struct stored_audit *record);

/* The head of a lane behind a record more. */
struct digest lane_head_next(const struct digest *head, const char *mac);

/* --- For checkpoints, of which one at a time is made --- */

/* What has come to a lane: its records `from` + 1 to `to`. */
struct lane_growth {
    int64_t lane;
    int64_t from;
    int64_t to;
    struct digest from_head;
    struct digest head;
};

#define LANES_GROWTH_MAX 128

/* Of at most LANES_GROWTH_MAX lanes that have grown since lanes_settle(). Returns how many. */
size_t lanes_grown(struct audit_lanes *lanes, struct lane_growth out[static LANES_GROWTH_MAX]);

/* All of it is in a checkpoint. */
void lanes_settle(struct audit_lanes *lanes, const struct lane_growth *growth, size_t count);

/* What the run has said last; kept here for the next one. */
struct lanes_said {
    int64_t run;
    int64_t number; /* 0: nothing yet */
    unix_s at;
    struct digest digest;
    unix_s looked_at; /* when the lanes were last asked, be it for nothing */
};
struct lanes_said *lanes_said(struct audit_lanes *lanes);

#endif
