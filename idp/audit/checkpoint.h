/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a run says of its lanes (lanes.h), signed: how far each has come, what it said before, and
 * what it has seen of others, so that no run can be taken away as a whole.
 */
#ifndef IDP_AUDIT_CHECKPOINT_H
#define IDP_AUDIT_CHECKPOINT_H

#include "idp/audit/lanes.h"
#include "idp/tables/checkpoint.h"

/* How often a run says something, if there is something to say. */
#define CHECKPOINT_EVERY_S 60

/* Another run's. */
struct checkpoint_seen {
    int64_t run;
    int64_t number;
    unix_s at;
    struct digest digest;
};

#define CHECKPOINT_SEEN_MAX 16

struct checkpoint {
    int64_t run;
    int64_t number;
    unix_s at;
    unix_s since;         /* what has grown has done so since then */
    unix_s before_at;     /* the one before it, if number is above 1 */
    struct digest before; /* its digest */
    bool ends;            /* the run: nothing comes behind it */
    struct lane_growth lanes[LANES_GROWTH_MAX];
    size_t lanes_count;
    struct checkpoint_seen seen[CHECKPOINT_SEEN_MAX];
    size_t seen_count;
};

/*
 * Says what there is to say, in a transaction of its own; also to the log, where whoever collects it
 * has a copy outside of the store. `ends`: the run will write no more. Nothing without lanes or keys.
 */
must_check enum err checkpoint_say(struct ctx *ctx, bool ends);

/* For the end of a process: on a store of its own. What fails is logged. */
void checkpoint_end(struct services *services);

/* ERR_FORGED when it was not signed by us, or the row says something else. */
must_check enum err checkpoint_read(struct ctx *ctx, const struct stored_checkpoint *stored,
                                    struct checkpoint *out);

/* "0123456789abcdef:17:DIGEST", as the log has it; and back, ERR_INVALID. */
const char *checkpoint_name(struct arena *arena, int64_t run, int64_t number,
                            const struct digest *digest);
must_check enum err checkpoint_name_read(struct arena *arena, const char *name,
                                         struct checkpoint_seen *out);

/* How a run is called where people read it. */
const char *run_name(struct arena *arena, int64_t run);

#endif
