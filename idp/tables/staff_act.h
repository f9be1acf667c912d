/* SPDX-License-Identifier: Apache-2.0 */
/* What members of staff did or saw of a person: one row each, for her to read. */
#ifndef IDP_TABLES_STAFF_ACT_H
#define IDP_TABLES_STAFF_ACT_H

#include "idp/store/store.h"

struct stored_staff_act {
    const char *person_id;
    const char *act_id; /* "sa_…" */
    unix_s at;
    int64_t what; /* enum staff_act_kind */
    const char *staff_id;
    const char *agency; /* of that member of staff, then */
    const char *counter_id;
    const char *partner_id; /* whose business it was; "": ours */
    const char *business;   /* its code there; "": none */
    const char *reason;     /* as the member of staff wrote; "": none was asked for */
};

struct stored_staff_act_list {
    struct stored_staff_act *at;
    size_t count;
};

/* So many are listed at a time. */
#define STAFF_ACT_PAGE 50

/* Where a page of the list ends: the next one begins behind it. */
struct staff_act_place {
    unix_s at;
    const char *act_id;
};

/* ERR_CONFLICT when the id is taken. */
must_check enum err store_staff_act_insert(struct store *st, const struct stored_staff_act *act);

must_check enum err store_staff_act_load(struct store *st, struct arena *arena,
                                         const char *person_id, const char *act_id,
                                         struct stored_staff_act *out);

/* A person's, the newest first, behind that place ({ TIME_NEVER, "" }: all). */
must_check enum err store_staff_act_list(struct store *st, struct arena *arena,
                                         const char *person_id, const struct staff_act_place *after,
                                         struct stored_staff_act_list *out);

#endif
