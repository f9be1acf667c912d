/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is the audit trail as it was written? Run by run: first its checkpoints, each with the records
 * that it signs, then what has come behind the last of them. It reads in pages and in rounds, while
 * records are written and swept.
 */
#ifndef IDP_AUDIT_VERIFY_H
#define IDP_AUDIT_VERIFY_H

#include "idp/audit/checkpoint.h"

enum audit_fault {
    FAULT_CHANGED,            /* a record is not as it was written */
    FAULT_MISSING,            /* records are gone that nothing has swept */
    FAULT_TWICE,              /* two records have one place: two processes went on from one state */
    FAULT_REPLACED,           /* records are not those that a checkpoint signs */
    FAULT_CHECKPOINT_FORGED,  /* not signed by us, or changed */
    FAULT_CHECKPOINT_MISSING, /* gone without being swept */
    FAULT_CHECKPOINT_CUT,     /* another run or the log has seen it, and it is gone */
    FAULT_CHECKPOINT_REPLACED, /* another run, the log or the next one has seen another */
};

struct audit_finding {
    enum audit_fault fault;
    int64_t run;
    int64_t lane;         /* of records */
    int64_t from;         /* numbers of records or checkpoints */
    int64_t to;           /* the last of them */
    unix_s at;            /* when about; 0: not known */
    const char *audit_id; /* "" unless it is one record */
    int64_t by_run;       /* who has seen it; 0: the log */
};

typedef void audit_teller(void *to, const struct audit_finding *finding);

/* What is known of a lane of the run. */
struct known_lane {
    int64_t lane;
    int64_t first; /* records up to here were there before anything that is checked */
    int64_t last;  /* signed up to here */
};

#define VERIFY_KNOWN_STEP 32

enum verify_phase {
    VERIFY_RUNS,
    VERIFY_CHECKPOINTS,
    VERIFY_RECORDS,
    VERIFY_DONE
};

struct audit_verify {
    unix_s since; /* only from then on; 0: all */
    enum verify_phase phase;
    int64_t run;
    int64_t number; /* of the last checkpoint of the run that was read; 0: none */
    struct digest digest;
    int64_t lane; /* of the last one whose records were read to the end */
    int64_t seq;  /* of the last record of the next lane */
    bool in_lane;

    int64_t runs;
    int64_t checkpoints;
    int64_t records;
    int64_t swept; /* gone, as they may be by their age */
    int64_t faults;
    unix_s last_checkpoint_at;

    int64_t known_count;
    struct known_lane *known; /* with room up to the next multiple of VERIFY_KNOWN_STEP */
};

/* All since then. */
struct audit_verify audit_verify_new(unix_s since);

/* Goes on until the time (mono_us()) or the end, whichever is first; each fault is told. ctx->keys
 * must be there. */
must_check enum err audit_verify_go(struct ctx *ctx, struct audit_verify *verify, int64_t until_us,
                                    audit_teller *tell, void *to);

/* Is the checkpoint, whose name stands in a log outside of the store, in it? */
must_check enum err audit_verify_seen(struct ctx *ctx, struct audit_verify *verify,
                                      const struct checkpoint_seen *seen, audit_teller *tell,
                                      void *to);

/* The state as text, in the arena, and back; only for the same program. ERR_INVALID. */
const char *audit_verify_place(struct arena *arena, const struct audit_verify *verify);
must_check enum err audit_verify_resume(struct arena *arena, const char *place,
                                        struct audit_verify *out);

#endif
