/* SPDX-License-Identifier: Apache-2.0 */
/* The audit trail, as rows; written by idp/audit only. Nothing here changes a row. */
#ifndef IDP_TABLES_AUDIT_H
#define IDP_TABLES_AUDIT_H

#include "idp/base/buf.h"
#include "idp/store/store.h"
#include "idp/tables/subject.h"

/* Texts are "" where there is nothing to say. */
struct stored_audit {
    const char *audit_id;
    unix_s at;
    const char *event;
    int64_t is_refusal; /* 1: nothing was changed: it leaves sooner (sweep.h) */
    const char *reason;
    struct subject subject;
    const char *partner_id;
    const char *sid;
    const char *channel;
    const char *request_id;
    const char *address;
    const char *actor;      /* a member of staff who acted for the subject */
    const char *counter_id; /* where */

    /* Its place in the chain (idp/audit/lanes.h). Run 0: it has none. */
    int64_t run;
    int64_t lane;
    int64_t seq;
    const char *mac; /* of all else */
};

/* What `mac` is of: every column but itself that is not empty, with its name, so that one that a
 * later version adds changes nothing for the records of today. */
void store_audit_form(const struct stored_audit *record, struct buf *out);

struct audit_rows {
    struct stored_audit *at;
    size_t count;
};

/* ERR_CONFLICT when the id is taken. */
must_check enum err store_audit_insert(struct store *st, const struct stored_audit *record);

/* Which records; texts are "" for any. */
struct audit_filter {
    const char *person_id;
    const char *partner_id;
    const char *request_id;
    const char *event;
    unix_s since; /* not older */
    int64_t limit;
};

/* The newest of them, newest first. */
must_check enum err store_audit_list(struct store *st, struct arena *arena,
                                     const struct audit_filter *filter, struct audit_rows *out);

/* The oldest of them, oldest first: for who goes on from a time. */
must_check enum err store_audit_follow(struct store *st, struct arena *arena,
                                       const struct audit_filter *filter, struct audit_rows *out);

/* Records older than a place, newest first. Of the three at most one is named: what the page is of, with an index by it. */
struct audit_page {
    const char *subject_id; /* NULL: of anybody */
    const char *actor;
    const char *counter_id;
    unix_s since;          /* not older */
    unix_s before;         /* this time … */
    const char *before_id; /* … or of this second, and of a smaller id */
    int64_t limit;
};

must_check enum err store_audit_page(struct store *st, struct arena *arena,
                                     const struct audit_page *page, struct audit_rows *out);

/* --- The chain --- */

/* Records of a lane in their order: from `from` on, and not beyond `to`. */
struct audit_stretch {
    int64_t run;
    int64_t lane;
    int64_t from;
    int64_t to;
};

must_check enum err store_audit_stretch(struct store *st, struct arena *arena,
                                        const struct audit_stretch *stretch, int64_t limit,
                                        struct audit_rows *out);

/* The next that has records: of the runs behind `run`, of the lanes of the run behind `lane`.
 * ERR_NOT_FOUND when there is none. */
must_check enum err store_audit_run_next(struct store *st, int64_t run, int64_t *out);
must_check enum err store_audit_lane_next(struct store *st, int64_t run, int64_t lane,
                                          int64_t *out);

/* Where the lane has its first record that is not older; ERR_NOT_FOUND. */
must_check enum err store_audit_since(struct store *st, int64_t run, int64_t lane, unix_s since,
                                      int64_t *out);

/* The times of the first and the last record that stand in no chain; ERR_NOT_FOUND. */
must_check enum err store_audit_unchained(struct store *st, unix_s *first, unix_s *last);

#endif
